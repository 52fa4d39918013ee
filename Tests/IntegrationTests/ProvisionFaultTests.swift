@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// The custom resource on a domain that fails: it always answers, in time and with a reason, and the next request mends what is half done.
    @Suite struct ProvisionFaultTests {
        private static let properties: AWSAccess.JSONValue = [
            "AlertTopicArn": "arn:aws:sns:us-east-1:123456789012:usage-alerts",
            "ChannelRoleArn": "arn:aws:iam::123456789012:role/channel",
            "WriterRoleArn": "arn:aws:iam::123456789012:role/logs", "RetentionDays": "30", "DeleteRecords": "false",
        ]
        private static let detectors = "/_plugins/_anomaly_detection/detectors"
        private static let monitors = "/_plugins/_alerting/monitors"

        /// What may go wrong with a request, for as long as it is asked.
        enum Fault: String, CaseIterable, Sendable {
            case throttled = #"{"status":429,"body":{"error":"Too many requests"}}"#
            case unavailable = #"{"status":503,"body":"no healthy upstream"}"#
            case denied = #"{"status":403,"body":{"Message":"User: x is not authorized to perform: es:ESHttpPut"}}"#
            case reset = #"{"reset":true}"#
            case truncated = #"{"truncate":7}"#
            case silent = #"{"hang":30}"#

            /// Seconds that the function has: few where all of them are waited for.
            var seconds: Int { self == .silent ? 3 : 120 }

            /// The rule for requests that `operation` stands for, after `skip` that go well.
            func rule(_ operation: String, skip: Int = 0) -> String {
                #"[{"service":"es","operation":"\#(operation)","skip":\#(skip),"do":\#(rawValue)}]"#
            }
        }

        /// A request that the set-up makes, and how it goes wrong.
        struct Case: Sendable, CustomTestStringConvertible {
            let operation: String
            let fault: Fault
            var testDescription: String { "\(fault) at \(operation)" }
        }

        /// Every kind of request with one fault, and so every fault with some request.
        private static func cases(_ operations: [String]) -> [Case] {
            operations.enumerated().map { Case(operation: $1, fault: Fault.allCases[$0 % Fault.allCases.count]) }
        }

        /// A domain with one record, in which nothing of ours is set up and something of somebody else is.
        private func bare() async throws -> Stack {
            let stack = try await Stack.fresh()
            let desk = try ResourceDesk(stack)
            let now = EventTime.floorDivide(WallTime.now().milliseconds, 1000)
            let trail = StoredTrail(
                catalog: try UsageCatalog.builtIn(),
                directory: AccountDirectory(),
                receivedAt: now
            )
            let record =
                #"{"eventVersion":"1.11","eventID":"e-1","eventTime":"\#(EventTime.text(now - 3600))","awsRegion":"eu-west-1","#
                + #""eventSource":"ec2.amazonaws.com","eventName":"RunInstances","recipientAccountId":"111122223333"}"#
            try await trail.load(texts: [record], into: stack)
            _ = try await desk.ask("Delete", Self.properties)
            let template = #"{"index_patterns":["other-*"],"template":{"settings":{"number_of_shards":1}}}"#
            #expect(try await stack.search(.put, "/_index_template/other", body: template).status == 200)
            let role: AWSAccess.JSONValue = ["cluster_permissions": ["cluster_monitor"]]
            #expect(try await stack.plugin(.put, "/_plugins/_security/api/roles/other", role).status < 300)
            try await Stack.forget(stack)
            return stack
        }

        /// What is somebody else's, as it stands.
        private func foreign(_ stack: Stack) async throws -> [[UInt8]] {
            [
                try await stack.search(.get, "/_index_template/other").body,
                try await stack.plugin(.get, "/_plugins/_security/api/roles/other").body,
            ]
        }

        /// Requests since the stand-in forgot that could have written to the domain.
        private func writes(_ stack: Stack) async throws -> [String] {
            try await stack.log().filter { $0["service"]?.string == "es" }.compactMap { $0["operation"]?.string }
                .filter { !$0.hasPrefix("GET ") && !$0.hasPrefix("HEAD ") && !$0.contains("_search") }
        }

        private func expectFailure(_ answer: AWSAccess.JSONValue, _ one: Case) {
            #expect(answer["Status"]?.string == "FAILED", "\(one.testDescription): \(answer)")
            #expect(answer["Reason"]?.string?.contains("\n") == false)
        }

        /// Asked again, everything stands, and once more it writes nothing.
        private func expectWhole(_ stack: Stack, _ desk: ResourceDesk, _ properties: AWSAccess.JSONValue) async throws {
            let mended = try await desk.ask("Update", properties)
            #expect(mended["Status"]?.string == "SUCCESS", "\(mended)")
            try await Stack.forget(stack)
            let again = try await desk.ask("Update", properties)
            #expect(again["Reason"]?.string?.hasPrefix("0 parts written") == true, "\(again)")
            #expect(try await writes(stack) == [])
        }

        /// Deleted, nothing of ours is left but records.
        private func expectRemovable(_ stack: Stack, _ desk: ResourceDesk) async throws {
            let removed = try await desk.ask("Delete", Self.properties)
            #expect(removed["Status"]?.string == "SUCCESS", "\(removed)")
            for path in [Self.detectors, Self.monitors] {
                let reply = try await stack.plugin(.post, "\(path)/_search", ["query": ["match_all": [:]]])
                let left = AWSAccess.JSONValue(reply.body)?["hits"]?["hits"]?.array ?? []
                #expect(left.isEmpty, "\(path)")
            }
            for path in [
                "/_plugins/_notifications/configs/usage-anomalies", "/_plugins/_ism/policies/usage-records",
                "/_plugins/_security/api/roles/usage_anomalies_writer", "/_index_template/usage-records",
                "/_plugins/_security/api/rolesmapping/usage_anomalies_writer", "/_index_template/usage-incidents",
            ] { #expect(try await stack.plugin(.get, path).status == 404, "\(path)") }
            #expect(try await stack.count("usage-records-*") == 1)
        }

        @Test func `a creation that fails is answered, mended by the next one, and taken back by a deletion`()
            async throws
        {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            let theirs = try await foreign(stack)
            let operations = [
                "GET /", "PUT /_index_template/usage-records", "PUT /_plugins/_ism/policies/usage-records",
                "PUT /_plugins/_security/api/roles/*", "PUT /_plugins/_security/api/rolesmapping/*",
                "POST /_plugins/_notifications/configs", "POST \(Self.detectors)", "POST \(Self.detectors)/*/_start",
                "POST \(Self.monitors)", "POST \(Self.detectors)/_search", "GET /usage-records-*/_count",
                "GET /_plugins/_notifications/configs/*",
            ]
            for one in Self.cases(operations) + [
                Case(operation: "POST \(Self.detectors)", fault: .truncated),
                Case(operation: "POST \(Self.monitors)", fault: .truncated),
                Case(operation: "POST /_plugins/_notifications/configs", fault: .truncated),
            ] {
                try await stack.play(one.fault.rule(one.operation))
                let start = ContinuousClock.now
                expectFailure(try await desk.ask("Create", Self.properties, seconds: one.fault.seconds), one)
                #expect(ContinuousClock.now - start < .seconds(one.fault.seconds), "\(one.testDescription)")
                try await stack.play("[]")
                if one.fault == .denied || one.fault == .truncated {
                    // A stack that goes back deletes what may have been made.
                    try await expectRemovable(stack, desk)
                }
                try await expectWhole(stack, desk, Self.properties)
                try await expectRemovable(stack, desk)
            }
            #expect(try await foreign(stack) == theirs)
            #expect(try await stack.violations() == [])
        }

        @Test func `an update that fails goes back to what was, and forward again`() async throws {
            let stack = try await bare()
            let folder = try TemporaryFolder()
            let path = SharedData.packageRoot + "/Sources/UsageCore/Catalog/usage-catalog.json"
            let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
            try folder.write(
                text.replacing(/"delay": *"[0-9]+m"/, with: #""delay": "25m""#, maxReplacements: 1),
                to: "catalog.json"
            )
            let old = try ResourceDesk(stack)
            let new = try ResourceDesk(stack, ["USAGE_CATALOG": "\(folder.path)/catalog.json"])
            let longer = Self.properties.with("RetentionDays", "60")
            #expect(try await old.ask("Create", Self.properties)["Status"]?.string == "SUCCESS")
            let theirs = try await foreign(stack)
            let operations = [
                "PUT /_plugins/_ism/policies/usage-records", "POST \(Self.detectors)/*/_stop",
                "PUT \(Self.detectors)/*",
                "POST \(Self.detectors)/*/_start", "PUT \(Self.detectors)/*", "GET \(Self.detectors)/*/_profile",
            ]
            for one in Self.cases(operations) + [Case(operation: "PUT \(Self.detectors)/*", fault: .truncated)] {
                try await stack.play(one.fault.rule(one.operation))
                expectFailure(try await new.ask("Update", longer, seconds: one.fault.seconds), one)
                try await stack.play("[]")
                // What CloudFormation sends next, by the code that was there before.
                try await expectWhole(stack, old, Self.properties)
                let forward = try await new.ask("Update", longer)
                #expect(forward["Status"]?.string == "SUCCESS")
                #expect(forward["Reason"]?.string?.hasPrefix("4 parts written") == true, "\(forward)")
                try await expectWhole(stack, old, Self.properties)
            }
            #expect(try await foreign(stack) == theirs)
            #expect(try await stack.violations() == [])
        }

        @Test func `a deletion that fails is answered, and the next one removes the rest`() async throws {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            let theirs = try await foreign(stack)
            let operations = [
                "GET /", "DELETE \(Self.monitors)/*", "DELETE \(Self.detectors)/*", "POST \(Self.detectors)/*/_stop",
                "DELETE /_plugins/_notifications/configs/*", "DELETE /_plugins/_security/api/rolesmapping/*",
                "DELETE /_plugins/_security/api/roles/*", "DELETE /_plugins/_ism/policies/*",
                "DELETE /_index_template/usage-records", "DELETE /_index_template/usage-incidents",
            ]
            for one in Self.cases(operations) {
                #expect(try await desk.ask("Create", Self.properties)["Status"]?.string == "SUCCESS")
                try await stack.play(one.fault.rule(one.operation))
                expectFailure(try await desk.ask("Delete", Self.properties, seconds: one.fault.seconds), one)
                try await stack.play("[]")
                try await expectRemovable(stack, desk)
            }
            #expect(try await foreign(stack) == theirs)
            #expect(try await stack.violations() == [])
        }

        @Test
        func `what had to wait is not set up by an evaluation once a deletion was asked for, even one that failed`()
            async throws
        {
            let stack = try await Stack.fresh()
            let desk = try ResourceDesk(stack)
            _ = try await desk.ask("Delete", Self.properties)
            let made = try await desk.ask("Create", Self.properties)
            #expect(made["Reason"]?.string?.contains("follow with the first records") == true, "\(made)")
            try await stack.play(Fault.denied.rule("DELETE /_index_template/usage-records"))
            #expect(try await desk.ask("Delete", Self.properties)["Status"]?.string == "FAILED")
            try await stack.play("[]")
            try await desk.evaluate()
            let left = try await stack.plugin(.get, "/_plugins/_notifications/configs/usage-anomalies")
            #expect(left.status == 404)
            #expect(try await desk.ask("Delete", Self.properties)["Status"]?.string == "SUCCESS")
        }

        @Test func `faults that pass are got over within one request`() async throws {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            for fault in [Fault.throttled, .unavailable, .reset] {
                for operation in ["GET *", "PUT *"] {
                    let rule = #"{"service":"es","operation":"\#(operation)","times":2,"do":\#(fault.rawValue)}"#
                    try await stack.play("[\(rule)]")
                    let made = try await desk.ask("Create", Self.properties)
                    #expect(made["Status"]?.string == "SUCCESS", "\(fault) \(operation): \(made)")
                    try await expectRemovable(stack, desk)
                }
            }
        }

        @Test func `an answer that is not taken is put again, and else the invocation fails so that it is repeated`()
            async throws
        {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            desk.refuseAnswers([503])
            #expect(try await desk.ask("Create", Self.properties)["Status"]?.string == "SUCCESS")
            desk.refuseAnswers([403])
            await #expect(throws: (any Error).self) { try await desk.ask("Update", Self.properties) }
            // Lambda hands the same event over again.
            try await Stack.forget(stack)
            let again = try await desk.ask("Update", Self.properties)
            #expect(again["Reason"]?.string?.hasPrefix("0 parts written") == true, "\(again)")
            #expect(try await writes(stack) == [])
        }

        @Test(arguments: [2, 6]) func `however little time there is, it answers before it ends`(
            seconds: Int
        ) async throws {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            for type in ["Create", "Update", "Delete"] {
                try await stack.play(#"[{"service":"es","operation":"GET /","do":{"hang":30}}]"#)
                let start = ContinuousClock.now
                let answer = try await desk.ask(type, Self.properties, seconds: seconds)
                #expect(answer["Status"]?.string == "FAILED")
                #expect(ContinuousClock.now - start < .seconds(seconds))
            }
            try await stack.play("[]")
            try await expectWhole(stack, desk, Self.properties)
        }
    }
}
