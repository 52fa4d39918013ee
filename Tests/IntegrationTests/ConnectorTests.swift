@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// QBusinessConnector's own program, on incidents in both homes, and an index that is answered from AWS's model.
    @Suite struct ConnectorTests {
        private static let application = "a1b2c3d4-0000-4000-8000-000000000001"
        private static let index = "a1b2c3d4-0000-4000-8000-000000000002"
        /// Settings that lead to the domain alone, or to the table alone.
        private static let homes = [[:], ["OPENSEARCH_ENDPOINT": "", "STATE_TABLE": Stack.table]]

        private func environment(_ stack: Stack, _ home: [String: String]) -> [String: String] {
            stack.environment([
                "Q_APPLICATION_ID": Self.application, "Q_INDEX_ID": Self.index, "RETENTION_DAYS": "3650",
            ]).merging(home) { $1 }
        }

        /// Keeps what a backtest of the by-hand records finds, and copies of it under other ids.
        private func keep(_ copies: Int, in stack: Stack, _ home: [String: String]) async throws -> [StoredIncident] {
            if home["STATE_TABLE"] != nil {
                let bench = try await ProcessorBench(stack)
                try await bench.makeTable()
            }
            let run = try ProgramRun("backtest \(OpenSearchStoreTests.byHand)/trail --format json")
            let found = run.output.split(separator: "\n").compactMap { StoredIncident(document: Array($0.utf8)) }
            try #require(found.count == 2)
            let settings = try Settings(environment: environment(stack, home))
            let session = try stack.session()
            let store = try StoreHome(settings, session: session) { session.clock.now().milliseconds / 1000 }
                .store(until: .now + .seconds(60))
            // The way that a new index gets its mapping.
            _ = try await store.incidents(endingSince: 0)
            var all: [StoredIncident] = []
            for copy in 0..<copies {
                for var incident in found {
                    let id = copy == 0 ? incident.incidentID : "\(incident.incidentID)-\(copy)"
                    incident.document = incident.document.split(
                        separator: incident.incidentID,
                        omittingEmptySubsequences: false
                    )
                    .joined(separator: id)
                    incident.incidentID = id
                    try #require(try await store.keep(incident, replacing: nil) != nil)
                    all.append(incident)
                }
            }
            return all
        }

        private func run(
            _ stack: Stack,
            _ home: [String: String],
            _ events: [String] = ["{}"]
        ) throws -> FunctionRun {
            try stack.run("QBusinessConnector", events, environment: environment(stack, home))
        }

        private func counts(_ run: FunctionRun) -> [[String: Int]] {
            run.replies.map { reply in
                ["put", "unchanged", "refused", "deferred", "removed"].reduce(into: [:]) { all, name in
                    if let count = reply[name]?.int, count != 0 { all[name] = count }
                }
            }
        }

        /// What was put, by id, the last time counting.
        private func documents(_ stack: Stack) async throws -> [String: AWSAccess.JSONValue] {
            try await stack.log().filter { $0["operation"]?.string == "BatchPutDocument" }
                .flatMap { $0["params"]?["documents"]?.array ?? [] }
                .reduce(into: [:]) { all, document in
                    if let id = document["id"]?.string { all[id] = document }
                }
        }

        @Test(arguments: homes)
        func `each incident is put once, with its text and attributes`(home: [String: String]) async throws {
            let stack = try await Stack.fresh()
            let incidents = try await keep(6, in: stack, home)
            let schedule = String(
                decoding: try Folder.bytes(SharedData.packageRoot + "/Events/schedule.json"),
                as: UTF8.self
            )
            let run = try run(stack, home, ["", schedule, "{}"])
            #expect(run.code == 0, "\(run.messages)")
            // What changed a quarter of an hour ago and before is not looked at again.
            #expect(counts(run) == [["put": 12], [:], [:]])
            #expect(try await stack.counts()["qbusiness.BatchPutDocument"] == 2)
            let documents = try await documents(stack)
            #expect(Set(documents.keys) == Set(incidents.map { "usage-incident/\($0.incidentID)" }))
            for incident in incidents {
                let document = documents["usage-incident/\(incident.incidentID)"]
                let attributes = (document?["attributes"]?.array ?? []).reduce(into: [String: AWSAccess.JSONValue]()) {
                    all,
                    one in
                    if let name = one["name"]?.string { all[name] = one["value"] }
                }
                #expect(attributes["severity"]?["stringValue"]?.string == incident.severity)
                #expect(attributes["_category"]?["stringValue"]?.string == "usage-incident")
                #expect(attributes["accounts"]?["stringListValue"]?.array?.isEmpty == false)
            }
            // Another process, which knows nothing but the checkpoint.
            #expect(try counts(self.run(stack, home)) == [[:]])
            #expect(try await stack.violations() == [])
        }

        @Test(arguments: homes)
        func `what the index does not take is put at a later run, and nothing else`(home: [String: String]) async throws
        {
            let stack = try await Stack.fresh()
            let incidents = try await keep(6, in: stack, home)
            try await stack.play(
                #"""
                [{"service":"qbusiness","operation":"BatchPutDocument","skip":1,"times":1,
                "do":{"error":"ServiceQuotaExceededException","status":402,"message":"full"}}]
                """#
            )
            let full = try run(stack, home)
            #expect(full.statuses == ["error"])
            #expect(full.replies.first?["errorMessage"]?.string?.contains("10 documents put, 2 not") == true)
            try await stack.play(
                #"[{"service":"qbusiness","operation":"BatchPutDocument","times":1,"do":{"error":"ConflictException","status":409}}]"#
            )
            #expect(try counts(run(stack, home)).first?["deferred"] == 2)
            try await stack.play(
                #"[{"service":"qbusiness","operation":"BatchPutDocument","times":2,"do":{"error":"ThrottlingException","status":429}}]"#
            )
            #expect(try counts(run(stack, home)).first?["put"] == 2)
            #expect(try await documents(stack).count == incidents.count)
            #expect(try await stack.violations() == [])
        }

        @Test func `a document that is refused is told, tried again, and does not hold up the others`() async throws {
            let stack = try await Stack.fresh()
            let incidents = try await keep(1, in: stack, [:])
            let id = "usage-incident/\(incidents[0].incidentID)"
            let failed = { (code: String) in
                #"[{"service":"qbusiness","operation":"BatchPutDocument","times":1,"do":{"output":{"failedDocuments":[{"id":"\#(id)","error":{"errorCode":"\#(code)","errorMessage":"m"}}]}}}]"#
            }
            try await stack.play(failed("InvalidRequest"))
            let run1 = try run(stack, [:])
            #expect(counts(run1) == [["put": 1, "refused": 1]])
            #expect(run1.messages.contains("InvalidRequest: m"))
            try await stack.play(failed("InternalError"))
            #expect(try counts(run(stack, [:])).first?["put"] == 1)
            #expect(try await stack.violations() == [])
        }

        @Test func `what is past its retention is removed from the index`() async throws {
            let stack = try await Stack.fresh()
            try await stack.play(
                #"""
                [{"service":"qbusiness","operation":"ListDocuments","do":{"output":{"documentDetailList":[
                {"documentId":"usage-incident/old","status":"INDEXED","createdAt":1,"updatedAt":2},
                {"documentId":"handbook","status":"INDEXED","createdAt":1,"updatedAt":2}]}}}]
                """#
            )
            #expect(try counts(run(stack, [:])) == [["removed": 1]])
            let deleted = try await stack.log().filter { $0["operation"]?.string == "BatchDeleteDocument" }
                .flatMap { $0["params"]?["documents"]?.array ?? [] }
            #expect(deleted.map { $0["documentId"]?.string } == ["usage-incident/old"])
            #expect(try await stack.violations() == [])
        }

        @Test(arguments: homes)
        func `stores that fail make the run fail, and the next one puts everything`(home: [String: String]) async throws
        {
            let stack = try await Stack.fresh()
            _ = try await keep(1, in: stack, home)
            for rule in [
                #"{"service":"es","operation":"*","do":{"status":403,"body":"{\"message\":\"denied\"}"}}"#,
                #"{"service":"dynamodb","operation":"*","do":{"error":"AccessDeniedException","status":400}}"#,
            ] where rule.contains("dynamodb") == (home["STATE_TABLE"] != nil) {
                try await stack.play("[\(rule)]")
                #expect(try run(stack, home).statuses == ["error"])
            }
            try await stack.play("[]")
            #expect(try counts(run(stack, home)) == [["put": 2]])
            #expect(try await stack.violations() == [])
        }
    }
}
