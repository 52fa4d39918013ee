@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// `anomalyctl provision` and the custom resource, against the plugins' stand-in before a real node.
    @Suite struct ProvisionTests {
        private static let topic = "arn:aws:sns:us-east-1:123456789012:usage-alerts"
        private static let options =
            "--topic \(topic) --channel-role arn:aws:iam::123456789012:role/channel"
            + " --writer arn:aws:iam::123456789012:role/logs --reader arn:aws:iam::123456789012:role/connector"
        private static let detectors = "/_plugins/_anomaly_detection/detectors"

        private func provision(
            _ stack: Stack,
            _ more: String = "",
            _ settings: [String: String] = [:]
        ) throws -> ProgramRun {
            let variables = stack.environment(settings).map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
            return try ProgramRun(
                shell: "env \(variables) '\(ProgramRun.anomalyctl)' provision \(Self.options) \(more)"
            )
        }

        /// Actions by part, as the command tells them.
        private func actions(_ run: ProgramRun) -> [String: String] {
            run.output.split(separator: "\n").compactMap { AWSAccess.JSONValue(Array($0.utf8)) }.reduce(into: [:]) {
                all,
                change in
                all["\(change["kind"]?.string ?? "") \(change["name"]?.string ?? "")"] = change["action"]?.string
            }
        }

        /// A domain in which nothing of ours is set up.
        private func bare() async throws -> Stack {
            let stack = try await Stack.fresh()
            _ = try provision(stack, "--remove --delete-records")
            #expect(try await stack.search(.get, "/_index_template/usage-records").status == 404)
            try await Stack.forget(stack)
            return stack
        }

        /// A domain that is set up and holds a day's records.
        private func ready() async throws -> Stack {
            let stack = try await bare()
            #expect(try provision(stack).code == 3)
            try ingest(stack)
            _ = try await stack.search(.post, "/usage-*/_refresh")
            #expect(try provision(stack).code == 0)
            return stack
        }

        /// Requests to the domain since the stack was fresh that could have written.
        private func writes(_ stack: Stack) async throws -> [String] {
            try await stack.log().filter { $0["service"]?.string == "es" }.compactMap { $0["operation"]?.string }.filter
            {
                !$0.hasPrefix("GET ") && !$0.contains("_search")
            }
        }

        private func ingest(_ stack: Stack) throws {
            let records = try LogRecords.simulated()
            let run = try stack.run(
                "MultiAccountLogs",
                try records.events(2000).map { String(decoding: $0, as: UTF8.self) },
                environment: stack.environment(["ENABLE_ACCOUNT_ENRICHMENT": "false"])
            )
            #expect(run.code == 0, "\(run.messages.suffix(1000))")
        }

        @Test func `a domain is set up from nothing, and a second run writes nothing`() async throws {
            let stack = try await bare()
            let look = try provision(stack, "--dry-run --format json")
            #expect(look.code == 0 && Set(actions(look).values) == ["created"], "\(look.output) \(look.messages)")
            #expect(try await writes(stack) == [])

            // Without records there is nothing that a detector could look at.
            let early = try provision(stack, "--format json")
            #expect(early.code == 3, "\(early.output) \(early.messages)")
            for (part, action) in actions(early) {
                let isLater = part.hasPrefix("detector") || part.hasPrefix("monitor")
                #expect(action == (isLater ? "pending" : "created"), "\(part)")
            }
            try ingest(stack)
            _ = try await stack.search(.post, "/usage-*/_refresh")
            let later = try provision(stack, "--format json")
            #expect(later.code == 0, "\(later.output) \(later.messages)")
            for (part, action) in actions(later) {
                let isLater = part.hasPrefix("detector") || part.hasPrefix("monitor")
                #expect(action == (isLater ? "created" : "unchanged"), "\(part)")
            }
            #expect(actions(later).count == actions(look).count)

            try await Stack.forget(stack)
            let again = try provision(stack, "--format json")
            #expect(again.code == 0 && Set(actions(again).values) == ["unchanged"], "\(again.output)")
            #expect(try await writes(stack) == [])
            #expect(try await stack.violations() == [])
        }

        @Test func `what the catalog changes is brought up to date, and nothing else`() async throws {
            let stack = try await ready()
            let path = SharedData.packageRoot + "/Sources/UsageCore/Catalog/usage-catalog.json"
            let folder = try TemporaryFolder()
            let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
            // One delay is longer now, so that its interval's detectors wait longer.
            let slower = text.replacing(/"delay": *"[0-9]+m"/, with: #""delay": "25m""#, maxReplacements: 1)
            try #require(slower != text)
            try folder.write(slower, to: "catalog.json")
            let run = try provision(stack, "--format json", ["USAGE_CATALOG": "\(folder.path)/catalog.json"])
            #expect(run.code == 0, "\(run.messages)")
            let updated = actions(run).filter { $0.value == "updated" }.keys
            #expect(updated.count == 3 && updated.allSatisfy { $0.hasPrefix("detector ") }, "\(actions(run))")
            #expect(Set(actions(run).values) == ["updated", "unchanged"])
            let again = try provision(stack, "--format json", ["USAGE_CATALOG": "\(folder.path)/catalog.json"])
            #expect(Set(actions(again).values) == ["unchanged"])
            #expect(try await stack.violations() == [])
        }

        @Test func `what is not ours is not touched, and stops the run before it writes`() async throws {
            let stack = try await ready()
            let records = try await stack.count("usage-records-*")
            let found = try await detector(stack)
            var body = found.source.with("description", "somebody else's")
            for name in ["last_update_time", "schema_version", "detector_type", "user"] { body = body.without(name) }
            let path = "\(Self.detectors)/\(found.id)"
            _ = try await stack.plugin(.post, "\(path)/_stop")
            #expect(try await stack.plugin(.put, path, body).status == 200)
            try await Stack.forget(stack)
            let run = try provision(stack)
            #expect(run.code == 1 && run.messages.contains("exists and is not ours"), "\(run.messages)")
            #expect(try await writes(stack) == [])

            let gone = try provision(stack, "--remove --format json")
            #expect(actions(gone).filter { $0.value == "skipped" }.count == 1, "\(gone.output)")
            #expect(try await stack.plugin(.get, path).status == 200)
            #expect(try await stack.count("usage-records-*") == records)
            _ = try await stack.plugin(.delete, path)
            #expect(actions(try provision(stack, "--remove --format json")).isEmpty)
        }

        @Test func `indices of somebody else that match stop a set-up before it writes, and not a removal`()
            async throws
        {
            let stack = try await bare()
            #expect(try provision(stack).code == 3)
            let mapping = #"{"mappings":{"_meta":{"owner":"somebody"}}}"#
            #expect(try await stack.search(.put, "/usage-records-2020.01.01", body: mapping).status == 200)
            try await Stack.forget(stack)
            let run = try provision(stack)
            #expect(run.code == 1 && run.messages.contains("index usage-records-2020.01.01: exists and is not ours"))
            #expect(try await writes(stack) == [])
            let gone = try provision(stack, "--remove --delete-records --format json")
            #expect(actions(gone)["index template usage-records"] == "removed", "\(gone.output) \(gone.messages)")
            #expect(try await stack.search(.get, "/usage-records-2020.01.01").status == 200)
            _ = try await stack.search(.delete, "/usage-records-2020.01.01")
            #expect(try await stack.violations() == [])
        }

        @Test func `the custom resource sets up, waits for records, changes and removes`() async throws {
            let stack = try await bare()
            let desk = try ResourceDesk(stack)
            let properties: AWSAccess.JSONValue = [
                "AlertTopicArn": .string(Self.topic), "RetentionDays": "30", "DeleteRecords": "false",
                "WriterRoleArn": "arn:aws:iam::123456789012:role/logs", "ServiceToken": "arn:aws:lambda:x",
            ]
            let made = try await desk.ask("Create", properties)
            #expect(made["Status"]?.string == "SUCCESS", "\(made)")
            #expect(made["Reason"]?.string?.contains("follow with the first records") == true)
            try ingest(stack)
            _ = try await stack.search(.post, "/usage-*/_refresh")
            try await desk.evaluate()
            let same = try await desk.ask("Update", properties)
            #expect(same["Reason"]?.string?.hasPrefix("0 parts written") == true, "\(same)")
            let longer = try await desk.ask("Update", properties.with("RetentionDays", "60"))
            #expect(longer["Reason"]?.string?.hasPrefix("1 part written") == true, "\(longer)")
            #expect(longer["PhysicalResourceId"] == made["PhysicalResourceId"])
            let bad = try await desk.ask("Update", properties.with("RetentionDays", "0"))
            #expect(bad["Status"]?.string == "FAILED" && bad["Reason"]?.string?.hasPrefix("RetentionDays:") == true)
            let records = try await stack.count("usage-records-*")
            let removed = try await desk.ask("Delete", properties)
            #expect(removed["Status"]?.string == "SUCCESS")
            #expect(try await stack.count("usage-records-*") == records)
            #expect(actions(try provision(stack, "--remove --format json")).isEmpty)
            #expect(try await desk.ask("Delete", properties)["Status"]?.string == "SUCCESS")
            #expect(try await stack.violations() == [])
        }

        @Test func `what a detector of the domain has found becomes an incident where the records bear it out`()
            async throws
        {
            let stack = try await bare()
            #expect(try provision(stack).code == 3)
            let bench = try await ProcessorBench(stack)
            let now = EventTime.floorDivide(WallTime.now().milliseconds, 1000)
            bench.clock.now = now
            let start = EventTime.floorDivide(now - 7200, 600) * 600
            let trail = StoredTrail(
                catalog: try UsageCatalog.builtIn(),
                directory: AccountDirectory(),
                receivedAt: start + 60
            )
            // An account that nothing was known of before: our own detection has no past to compare with.
            try await trail.load(
                texts: (0..<3).map { LogRecords.launch(at: start + 60 + Int64($0), id: $0) },
                into: stack
            )
            #expect(try provision(stack).code == 0)
            let processor = try bench.processor()
            _ = try await bench.invoke(processor)
            #expect(try await bench.kept().isEmpty)

            for (place, task) in [
                ("111122223333/eu-west-1", ""), ("444455556666/eu-west-1", ""), ("111122223333/x", "t"),
            ] {
                let written = try await stack.search(
                    .post,
                    "/opensearch-ad-plugin-result-usage/_doc",
                    query: "refresh=true",
                    body: result(place, start: start, executedAt: now - 60, task: task)
                )
                #expect(written.status == 201)
            }
            _ = try await bench.invoke(processor)
            let kept = try await bench.kept()
            #expect(kept.count == 1)
            let entity = try #require(kept.first?.incident.entities.first)
            #expect(entity.channel == "opensearch" && entity.observed == 60 && entity.account.id == "111122223333")
            #expect(entity.reason.contains("grade of 0.94"))
            // Repeated, and read again by another process: the same incident.
            _ = try await bench.invoke(try bench.processor())
            #expect(try await bench.kept().count == 1)
            #expect(try await stack.violations() == [])
        }

        /// A result as the plugin writes it.
        private func result(_ place: String, start: Int64, executedAt: Int64, task: String) -> String {
            #"{"detector_id":"d","schema_version":7,"data_start_time":\#(start * 1000),"data_end_time":\#((start + 600) * 1000),"#
                + #""execution_start_time":\#(executedAt * 1000 - 50),"execution_end_time":\#(executedAt * 1000),"#
                + #""anomaly_score":2.1,"anomaly_grade":0.94,"confidence":0.9,"model_id":"m","threshold":1.5,"#
                + (task.isEmpty ? "" : #""task_id":"\#(task)","#)
                + #""entity":[{"name":"usage.name","value":"ec2-run-instances"},{"name":"usage.place","value":"\#(place)"}],"#
                + #""feature_data":[{"feature_id":"f","feature_name":"quantity","data":60}],"#
                + #""expected_values":[{"likelihood":1,"value_list":[{"feature_id":"f","data":1.2}]}]}"#
        }

        private func detector(_ stack: Stack) async throws -> (id: String, source: AWSAccess.JSONValue) {
            let reply = try await stack.plugin(.post, "\(Self.detectors)/_search", ["query": ["match_all": [:]]])
            let hit = try #require(AWSAccess.JSONValue(reply.body)?["hits"]?["hits"]?.array?.first)
            return (try #require(hit["_id"]?.string), try #require(hit["_source"]))
        }
    }
}

extension AWSAccess.JSONValue {
    /// This object without that member.
    fileprivate func without(_ name: String) -> AWSAccess.JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}
