@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// A domain from nothing to an incident that one of its own detectors has found, and back to nothing but records and incidents.
    @Suite(.enabled(if: SharedData.has("opensearch-plugins"), "needs ../shared/data/opensearch-plugins"))
    struct ProvisionChainTests {
        private static let properties: AWSAccess.JSONValue = [
            "AlertTopicArn": "arn:aws:sns:us-east-1:123456789012:usage-alerts",
            "ChannelRoleArn": "arn:aws:iam::123456789012:role/channel",
            "WriterRoleArn": "arn:aws:iam::123456789012:role/logs",
            "ReaderRoleArn": "arn:aws:iam::123456789012:role/connector", "RetentionDays": "90",
            "DeleteRecords": "false",
        ]
        private static let detectors = "/_plugins/_anomaly_detection/detectors"
        private static let results = "/opensearch-ad-plugin-result-usage"

        /// Where what is set up can be asked for, beside detectors and monitors.
        private static let places =
            [
                "/_plugins/_notifications/configs/usage-anomalies", "/_plugins/_ism/policies/usage-records",
                "/_index_template/usage-records", "/_index_template/usage-incidents",
            ]
            + ["writer", "reader"].flatMap { role in
                ["roles", "rolesmapping"].map { "/_plugins/_security/api/\($0)/usage_anomalies_\(role)" }
            }

        /// Trail files of a simulated fortnight that ended with the day before, many in one event.
        private func fortnight() throws -> [String] {
            let folder = try TemporaryFolder()
            let first = EventTime.text(WallTime.now().milliseconds / 1000 - 14 * 86400).prefix(10)
            let run = try ProgramRun(
                shell:
                    "cd '\(folder.path)' && '\(ProgramRun.anomalyctl)' simulate --days 14 --accounts 2 --seed 5 --traffic 0.01 "
                    + "--start \(first) -o o >&2 && find o/trail -name '*.gz' | sort | split -l 500 - files. "
                    + "&& for f in files.*; do xargs gzip -dc < $f > events.$f && echo events.$f; done"
            )
            try #require(run.code == 0, "\(run.messages)")
            return try run.output.split(separator: "\n").map {
                String(decoding: try Folder.bytes("\(folder.path)/\($0)"), as: UTF8.self)
            }
        }

        /// What the function stored of `events`.
        private func ingest(_ events: [String], _ stack: Stack) async throws -> Int {
            let run = try stack.run(
                "MultiAccountLogs",
                events,
                environment: stack.environment(["ENABLE_ACCOUNT_ENRICHMENT": "false"]),
                timeout: 120
            )
            #expect(run.code == 0, "\(run.messages.suffix(1000))")
            try await stack.refresh()
            return run.replies.reduce(0) { $0 + ($1["stored"]?.int ?? 0) }
        }

        private func count(_ stack: Stack, _ path: String) async throws -> Int {
            let query: AWSAccess.JSONValue = ["size": 100, "query": ["match_all": [:]]]
            let reply = try await stack.plugin(.post, "\(path)/_search", query)
            return AWSAccess.JSONValue(reply.body)?["hits"]?["hits"]?.array?.count ?? 0
        }

        /// Result documents as a detector in real time writes them, made from recorded ones: the interval before, the one of the anomaly,
        /// and a run that failed.
        private func resultDocuments(
            _ detector: AWSAccess.JSONValue,
            id: String,
            start: Int64,
            executedAt: Int64
        ) throws -> [AWSAccess.JSONValue] {
            let bytes = try Folder.bytes(SharedData.path("opensearch-plugins/ad-61-result-documents.json"))
            let exchanges = try #require(AWSAccess.JSONValue(bytes)?["exchanges"]?.array)
            func recorded(_ note: String) throws -> AWSAccess.JSONValue {
                let exchange = try #require(exchanges.first { $0["note"]?.string?.hasPrefix(note) == true })
                return try #require(exchange["response"]?["body"]?["hits"]?["hits"]?.array?.first?["_source"])
            }
            let feature = try #require(detector["feature_attributes"]?.array?.first?["feature_id"])
            func moved(_ document: AWSAccess.JSONValue, _ start: Int64, _ observed: Int) -> AWSAccess.JSONValue {
                // What was recorded comes from historical runs, which have a task.
                document.leaving("task_id").leaving("approx_anomaly_start_time")
                    .with("detector_id", .string(id))
                    .with("model_id", .string("\(id)_entity_x"))
                    .with("data_start_time", .integer(Int(start) * 1000))
                    .with("data_end_time", .integer(Int(start + 600) * 1000))
                    .with("execution_start_time", .integer(Int(executedAt) * 1000 - 100))
                    .with("execution_end_time", .integer(Int(executedAt) * 1000))
                    .with(
                        "feature_data",
                        [["feature_id": feature, "feature_name": "quantity", "data": .integer(observed)]]
                    )
                    .with(
                        "entity",
                        [
                            ["name": "usage.name", "value": "ec2-run-instances"],
                            ["name": "usage.place", "value": "111122223333/eu-west-1"],
                        ]
                    )
            }
            return [
                moved(try recorded("2 with grade 0"), start - 600, 1), moved(try recorded("5 with a grade"), start, 60),
                moved(try recorded("an error of a real-time run"), start + 600, 0).leaving("entity"),
            ]
        }

        @Test func `from nothing to an incident of a domain's own detector, and back`() async throws {
            let stack = try await Stack.fresh()
            let desk = try ResourceDesk(stack)
            _ = try await desk.ask("Delete", Self.properties.with("DeleteRecords", "true"))
            let made = try await desk.ask("Create", Self.properties)
            #expect(made["Status"]?.string == "SUCCESS", "\(made)")

            // A fortnight comes in. The first evaluation sets up what had to wait, and looks with our own detection alone.
            let past = try await ingest(try fortnight(), stack)
            #expect(past > 10_000)
            let bench = try await ProcessorBench(stack)
            let now = EventTime.floorDivide(WallTime.now().milliseconds, 1000)
            bench.clock.now = now - 600
            _ = try await bench.invoke(try bench.processor())
            let bodies = DetectorBodies.all(try UsageCatalog.builtIn(), imputes: true)
            #expect(try await count(stack, Self.detectors) == bodies.count)
            #expect(try await count(stack, "/_plugins/_alerting/monitors") == bodies.count)
            let own = Set(try await bench.kept().map(\.incident.id))
            try await expectUnchanged(stack, desk)

            // One detector is stopped by hand: it alone is written.
            let found = try await detector(stack, "usage-place-10m")
            _ = try await stack.plugin(.post, "\(Self.detectors)/\(found.id)/_stop")
            let one = try await desk.ask("Update", Self.properties)
            #expect(one["Reason"]?.string?.hasPrefix("1 part written") == true, "\(one)")
            try await expectUnchanged(stack, desk)

            // Half an hour ago an account that is new started many instances; the detector finds them, and a monitor tells.
            let start = EventTime.floorDivide(now - 1800, 600) * 600
            let launches = (0..<3).map { LogRecords.launch(at: start + 60 + Int64($0), id: $0) }
            #expect(try await ingest([launches.joined(separator: "\n")], stack) == launches.count)
            bench.clock.now = now
            _ = try await bench.invoke(try bench.processor())
            #expect(Set(try await bench.kept().map(\.incident.id)) == own)
            for document in try resultDocuments(found.source, id: found.id, start: start, executedAt: now - 60) {
                let written = try await stack.search(
                    .post,
                    "\(Self.results)/_doc",
                    query: "refresh=true",
                    body: String(decoding: document.bytes, as: UTF8.self)
                )
                #expect(written.status == 201)
            }
            let alert = try Folder.bytes(SharedData.packageRoot + "/Events/sns-opensearch-alert.json")
            _ = try await bench.invoke(try bench.processor(), String(decoding: alert, as: UTF8.self))
            let incidents = try await bench.kept().map(\.incident).filter { !own.contains($0.id) }
            #expect(incidents.count == 1)
            let incident = try #require(incidents.first)
            let entity = try #require(incident.entities.first)
            #expect(incident.entities.count == 1 && incident.state == .open)
            #expect(entity.channel == "opensearch" && entity.account.id == "111122223333" && entity.observed == 60)
            #expect(abs(entity.expected - 1.14) < 0.01)
            #expect(entity.reason.contains("OpenSearch's detector gives it a grade of 1"), "\(entity.reason)")
            // Told once, with what the records say of who did it.
            #expect(try await bench.sent().filter { $0.incidentId == incident.id && $0.channel == "topic" }.count == 1)
            #expect(incident.principals.contains { $0.contains("eve") }, "\(incident.principals)")
            try await expectUnchanged(stack, desk)

            let kept = (try await stack.count("usage-records-*"), try await bench.kept().count)
            #expect(kept.0 == past + launches.count && kept.1 == own.count + 1)
            for path in Self.places { #expect(try await stack.plugin(.get, path).status == 200, "\(path)") }
            let removed = try await desk.ask("Delete", Self.properties)
            #expect(removed["Status"]?.string == "SUCCESS", "\(removed)")
            #expect(try await count(stack, Self.detectors) == 0)
            #expect(try await count(stack, "/_plugins/_alerting/monitors") == 0)
            for path in Self.places { #expect(try await stack.plugin(.get, path).status == 404, "\(path)") }
            #expect(try await stack.count("usage-records-*") == kept.0)
            #expect(try await bench.kept().count == kept.1)
            let all = try await desk.ask("Delete", Self.properties.with("DeleteRecords", "true"))
            #expect(all["Status"]?.string == "SUCCESS", "\(all)")
            #expect(try await stack.count("usage-*") == 0)
            #expect(try await stack.search(.get, "/usage-incidents").status == 404)
            #expect(try await stack.violations() == [])
        }

        /// Provisioned again, nothing is written.
        private func expectUnchanged(_ stack: Stack, _ desk: ResourceDesk) async throws {
            let before = try await stack.log().count
            let again = try await desk.ask("Update", Self.properties)
            #expect(again["Reason"]?.string?.hasPrefix("0 parts written") == true, "\(again)")
            let log = try await stack.log().dropFirst(before).filter { $0["service"]?.string == "es" }
            let writes = log.compactMap { $0["operation"]?.string }.filter {
                !$0.hasPrefix("GET ") && !$0.contains("_search")
            }
            #expect(writes == [])
        }

        private func detector(
            _ stack: Stack,
            _ name: String
        ) async throws -> (id: String, source: AWSAccess.JSONValue) {
            let query: AWSAccess.JSONValue = ["query": ["term": ["name.keyword": .string(name)]]]
            let reply = try await stack.plugin(.post, "\(Self.detectors)/_search", query)
            let hit = try #require(AWSAccess.JSONValue(reply.body)?["hits"]?["hits"]?.array?.first)
            return (try #require(hit["_id"]?.string), try #require(hit["_source"]))
        }
    }
}

extension AWSAccess.JSONValue {
    /// This object without that member.
    fileprivate func leaving(_ name: String) -> AWSAccess.JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}
