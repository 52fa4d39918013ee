import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// The three programs one after the other, as a deployment runs them: records in, an incident told of, a document in the index.
    @Suite struct WholeChainTests {
        private static let index = [
            "Q_APPLICATION_ID": "a1b2c3d4-0000-4000-8000-000000000001",
            "Q_INDEX_ID": "a1b2c3d4-0000-4000-8000-000000000002",
        ]

        /// What the programs told since the stack was fresh.
        private struct Told {
            var subjects: [String] = []
            var messages: [String] = []
            var topicIncidents: [String] = []
            var busIncidents: [String] = []
            var documents: [String: String] = [:]
        }

        private func told(_ stack: Stack) async throws -> Told {
            var told = Told()
            for entry in try await stack.log() where entry["status"]?.int == 200 {
                let parameters = entry["params"]
                switch entry["operation"]?.string {
                case "Publish":
                    told.subjects.append(parameters?["Subject"]?.string ?? "")
                    told.messages.append(parameters?["Message"]?.string ?? "")
                    told.topicIncidents.append(
                        parameters?["MessageAttributes"]?["incidentId"]?["StringValue"]?.string ?? ""
                    )
                case "PutEvents":
                    for event in parameters?["Entries"]?.array ?? [] {
                        let detail = try #require(JSONValue(Array((event["Detail"]?.string ?? "").utf8)))
                        told.busIncidents.append(detail["incidentId"]?.string ?? "")
                    }
                case "BatchPutDocument":
                    for document in parameters?["documents"]?.array ?? [] {
                        told.documents[document["id"]?.string ?? ""] = document["content"]?["blob"]?.string ?? ""
                    }
                default: break
                }
            }
            return told
        }

        /// The records written by hand, all their times moved so that the stolen key was used an hour ago.
        private func records() throws -> LogRecords {
            let end = try #require(EventTime.parse("2026-03-09T03:16:19Z"))
            let now = EventTime.floorDivide(WallTime.now().milliseconds, 1000)
            let shift = EventTime.floorDivide(now - 3600 - end, 600) * 600
            let time = /2026-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/
            return LogRecords(
                texts: try LogRecords.folder(OpenSearchStoreTests.byHand + "/trail").texts.map { text in
                    text.replacing(time) { EventTime.text((EventTime.parse(String($0.output)) ?? 0) + shift) }
                }
            )
        }

        @Test(arguments: ["domain", "domain and table", "table"])
        func `records become one incident, one notice and one document`(home: String) async throws {
            let stack = try await Stack.fresh()
            let bench = try await ProcessorBench(stack)
            var environment = stack.environment(Self.index).merging([
                "ENABLE_ACCOUNT_ENRICHMENT": "false", "NOTIFICATION_TOPIC_ARN": ProcessorBench.topic,
                "EVENT_BUS_NAME": "default",
            ]) { $1 }
            if home != "domain" {
                environment["STATE_TABLE"] = Stack.table
                try await bench.makeTable()
            }
            if home == "table" { environment["OPENSEARCH_ENDPOINT"] = nil }
            let records = try records()
            let events = try records.events().map { String(decoding: $0, as: UTF8.self) }
            for turn in 0..<2 {
                let logs = try stack.run("MultiAccountLogs", events, environment: environment, timeout: 300)
                #expect(logs.code == 0, "\(logs.messages.suffix(2000))")
                _ = try await stack.search(.post, "/usage-*/_refresh")
                let processor = try stack.run(
                    "CrossAccountAnomalyProcessor",
                    ["{}", "{}"],
                    environment: environment,
                    timeout: 300
                )
                #expect(processor.code == 0, "\(processor.messages.suffix(2000))")
                #expect(processor.replies.map { $0["opened"]?.int } == (turn == 0 ? [1, 0] : [0, 0]))
                let connector = try stack.run("QBusinessConnector", ["{}"], environment: environment)
                #expect(connector.code == 0, "\(connector.messages.suffix(2000))")
            }
            let told = try await told(stack)
            #expect(told.topicIncidents.count == 1 && told.busIncidents == told.topicIncidents)
            let id = try #require(told.topicIncidents.first)
            #expect(told.subjects.first?.contains("EC2 RunInstances") == true, "\(told.subjects)")
            #expect(told.messages.first?.contains("ANOMALY SUMMARY") == true)
            // The stand-in's log has the text itself.
            let text = try #require(told.documents["usage-incident/\(id)"])
            let summary = try #require(told.messages.first?.split(separator: "\n").dropFirst().first)
            #expect(text.contains(summary), "\(text)")
            if home != "table" {
                let count = try await stack.count("usage-records-*")
                #expect(count == records.texts.count)
            }
            #expect(try await stack.violations() == [])
        }
    }
}
