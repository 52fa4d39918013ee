import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// MultiAccountLogs' own program in an organization of 500 accounts in 40 units, whose service has its limits.
    @Suite struct LargeOrganizationTests {
        private static let accounts = 500
        private static let units = 40
        /// Seconds of storing that a bulk request takes beside the 300 ms that accounts are waited for; generous, as tests share a machine.
        private static let storing = 2.5

        /// One record of every account.
        private func records(_ ids: [String], _ turn: Int) throws -> [UInt8] {
            let time = EventTime.text(WallTime.now().milliseconds / 1000 - 3600)
            let texts = ids.enumerated().map { index, id in
                #"{"eventVersion":"1.11","eventID":"00000000-0000-4000-8000-0000\#(10_000_000 + turn * 1000 + index)","#
                    + #""eventTime":"\#(time)","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","#
                    + #""awsRegion":"us-east-1","recipientAccountId":"\#(id)","userIdentity":{"type":"AWSService"}}"#
            }
            return try #require(try LogRecords(texts: texts).events().first)
        }

        /// The batch that a document came with.
        private func turn(of document: AWSAccess.JSONValue) -> Int? {
            (document["eventID"]?.string?.suffix(8).prefix(5)).flatMap { Int($0) }.map { $0 - 10_000 }
        }

        private func run(_ bench: LogsBench, _ events: [[UInt8]]) throws -> FunctionRun {
            try bench.stack.run(
                "MultiAccountLogs",
                events.map { String(decoding: $0, as: UTF8.self) },
                environment: bench.environment
            )
        }

        /// Seconds from the first request of an invocation to the end of its bulk request, for each invocation.
        private func waits(_ log: [AWSAccess.JSONValue]) -> [Double] {
            var waits: [Double] = []
            var first: Double?
            for entry in log {
                guard case .number(let text)? = entry["at"], let at = Double(text) else { continue }
                if first == nil { first = at }
                guard entry["operation"]?.string?.contains("_bulk") == true, let start = first else { continue }
                waits.append(at - start)
                first = nil
            }
            return waits
        }

        @Test func `every account is known after a few batches, and its service is asked no more than it must be`()
            async throws
        {
            let bench = try await LogsBench([
                "ENABLE_ACCOUNT_ENRICHMENT": "true", "ENABLE_ORG_CONTEXT": "true",
                "ORGANIZATION_ID": LargeOrganization.id, "STATE_TABLE": Stack.table,
            ])
            try await ProcessorBench(bench.stack).makeTable()
            let organization = try await LargeOrganization(bench.stack, accounts: Self.accounts, units: Self.units)
            let made = try await bench.stack.log().count
            // Every fourth call is refused.
            let rule =
                #"{"service":"organizations","operation":"*","skip":3,"times":1,"do":{"error":"TooManyRequestsException"}}"#
            try await bench.stack.play("[\(Array(repeating: rule, count: 2000).joined(separator: ","))]")
            let ids = organization.unitPaths.keys.sorted()
            let turns = 6
            let run = try run(bench, (0..<turns).map { try records(ids, $0) })
            #expect(run.code == 0, "\(run.messages.prefix(2000))")
            #expect(run.replies.map { $0["stored"]?.int } == Array(repeating: Self.accounts, count: turns))
            let documents = try await bench.documents()
            #expect(documents.count == Self.accounts * turns)
            var missing = Array(repeating: 0, count: turns)
            for document in documents.values {
                let id = try #require(document["recipientAccountId"]?.string)
                if document["account"]?["contextMissing"] == .bool(true) {
                    missing[try #require(turn(of: document))] += 1
                } else {
                    #expect(document["account"]?["ouPath"]?.string == organization.unitPaths[id])
                    #expect(document["account"]?["alias"]?.string == organization.names[id])
                }
            }
            #expect(missing.last == 0, "\(missing)")
            let calls = try await bench.stack.log().dropFirst(made)
                .filter { $0["service"]?.string == "organizations" }
            let taken = calls.filter { $0["status"]?.int == 200 }.reduce(into: [String: Int]()) {
                $0[$1["operation"]?.string ?? "", default: 0] += 1
            }
            // An account whose units were refused is asked for once more as a whole.
            #expect(taken["ListTagsForResource"].map { (Self.accounts...Self.accounts * 11 / 10).contains($0) } == true)
            #expect(taken["DescribeOrganizationalUnit"].map { $0 <= Self.units + 4 } == true)
            // The stand-in's pages hold a hundred.
            #expect(taken["ListAccounts"] == Self.accounts / 100)
            #expect(taken["DescribeAccount"] == nil)
            #expect(try await bench.stack.violations() == [])

            // Another process takes what the first has learned from the state table.
            let before = try await bench.stack.log().count
            let second = try self.run(bench, [try records(ids, turns), try records(ids, turns + 1)])
            #expect(second.replies.map { $0["stored"]?.int } == [Self.accounts, Self.accounts])
            let last = try await bench.documents().values.filter {
                turn(of: $0) == turns + 1
            }
            #expect(last.count == Self.accounts && !last.contains { $0["account"]?["contextMissing"] == .bool(true) })
            #expect(
                !(try await bench.stack.log().dropFirst(before).contains { $0["service"]?.string == "organizations" })
            )
        }

        @Test(arguments: ["TooManyRequestsException", "AccessDeniedException", "slow"])
        func `a service that never answers well holds nothing up`(fault: String) async throws {
            let bench = try await LogsBench([
                "ENABLE_ACCOUNT_ENRICHMENT": "true", "ENABLE_ORG_CONTEXT": "true",
                "ORGANIZATION_ID": LargeOrganization.id,
            ])
            let ids = (0..<Self.accounts).map { String(100_000_000_000 + $0) }
            let what = fault == "slow" ? #"{"hang":3}"# : #"{"error":"\#(fault)"}"#
            try await bench.stack.play(#"[{"service":"organizations","operation":"*","do":\#(what)}]"#)
            let run = try run(bench, (0..<4).map { try records(ids, $0) })
            #expect(run.replies.map { $0["stored"]?.int } == Array(repeating: Self.accounts, count: 4))
            let documents = try await bench.documents()
            #expect(documents.count == Self.accounts * 4)
            #expect(documents.values.allSatisfy { $0["account"]?["contextMissing"] == .bool(true) })
            let log = try await bench.stack.log()
            for wait in waits(log) { #expect(wait < 0.3 + Self.storing, "\(fault)") }
            // After a refusal it is left alone.
            let calls = log.count { $0["service"]?.string == "organizations" }
            #expect(calls > 0 && calls <= (fault == "AccessDeniedException" ? 1 : 16), "\(calls)")
        }
    }
}
