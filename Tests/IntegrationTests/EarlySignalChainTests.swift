import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// From a count that reaches its limit to people being told, by the programs themselves.
    @Suite struct EarlySignalChainTests {
        private static let bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        private static let function =
            "arn:aws:lambda:us-east-1:123456789012:function:CrossAccountAnomalyProcessorFunction"

        /// The records written by hand, moved so that the stolen key was used until ten minutes ago, before and from its first use on.
        private func records() throws -> (past: LogRecords, burst: LogRecords) {
            let end = try #require(EventTime.parse("2026-03-09T03:16:19Z"))
            let begin = try #require(EventTime.parse("2026-03-09T02:40:00Z"))
            let now = EventTime.floorDivide(WallTime.now().milliseconds, 1000)
            let shift = EventTime.floorDivide(now - 600 - end, 600) * 600
            let time = /2026-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/
            var (past, burst) = (LogRecords(texts: []), LogRecords(texts: []))
            for text in try LogRecords.folder(OpenSearchStoreTests.byHand + "/trail").texts {
                let json = try UsageCore.JSONValue.parse(Array(text.utf8))
                let seconds = try #require(json["eventTime"]?.string.flatMap { EventTime.parse($0) })
                guard seconds <= end else { continue }
                let moved = text.replacing(time) { EventTime.text((EventTime.parse(String($0.output)) ?? 0) + shift) }
                if seconds < begin { past.texts.append(moved) } else { burst.texts.append(moved) }
            }
            return (past, burst)
        }

        /// The events that went out as early signals since the stack was fresh, as the processor gets them.
        private func signals(_ stack: Stack) async throws -> [String] {
            var events: [String] = []
            for entry in try await stack.log() {
                switch (entry["service"]?.string, entry["operation"]?.string) {
                case ("events", "PutEvents"):
                    for event in entry["params"]?["Entries"]?.array ?? []
                    where event["DetailType"]?.string == EarlySignal.detailType {
                        #expect(event["EventBusName"]?.string == Self.bus)
                        let envelope: AWSAccess.JSONValue = [
                            "version": "0", "id": "1", "detail-type": event["DetailType"], "source": event["Source"],
                            "account": "123456789012", "time": "2026-01-01T00:00:00Z", "region": "us-east-1",
                            "resources": [], "detail": AWSAccess.JSONValue(Array((event["Detail"]?.string ?? "").utf8)),
                        ]
                        events.append(String(decoding: envelope.bytes, as: UTF8.self))
                    }
                case ("lambda", "Invoke"):
                    #expect(entry["params"]?["FunctionName"]?.string == Self.function)
                    #expect(entry["params"]?["InvocationType"]?.string == "Event")
                    events.append(try #require(entry["params"]?["Payload"]?.string))
                default: break
                }
            }
            return events
        }

        @Test(arguments: [("domain and table", bus), ("table", bus), ("table", function)])
        func `records beyond a limit are one signal, and the signal one incident`(
            home: String,
            target: String
        )
            async throws
        {
            let accepted = #"[{"service":"lambda","operation":"Invoke","do":{"status":202,"body":""}}]"#
            let stack = try await Stack.fresh(rules: accepted)
            try await ProcessorBench(stack).makeTable()
            var environment = stack.environment([
                "ENABLE_ACCOUNT_ENRICHMENT": "false", "NOTIFICATION_TOPIC_ARN": ProcessorBench.topic,
                "STATE_TABLE": Stack.table,
            ])
            if home == "table" { environment["OPENSEARCH_ENDPOINT"] = nil }
            let intake = environment.merging(["EARLY_SIGNAL_TARGET": target]) { $1 }
            func take(_ records: LogRecords) throws {
                let events = try records.events().map { String(decoding: $0, as: UTF8.self) }
                let run = try stack.run("MultiAccountLogs", events, environment: intake, timeout: 300)
                #expect(run.code == 0, "\(run.messages.suffix(2000))")
            }
            func evaluate(_ event: String) async throws -> [String: Int?] {
                _ = try await stack.search(.post, "/usage-*/_refresh")
                let run = try stack.run(
                    "CrossAccountAnomalyProcessor",
                    [event],
                    environment: environment,
                    timeout: 300
                )
                #expect(run.code == 0, "\(run.messages.suffix(2000))")
                let reply = try #require(run.replies.first)
                return ["opened": reply["opened"]?.int, "limitsLeft": reply["limitsLeft"]?.int]
            }
            let (past, burst) = try records()
            #expect(past.texts.count > 50 && burst.texts.count > 5)
            try take(past)
            #expect(try await signals(stack).isEmpty)
            let first = try await evaluate("{}")
            #expect(first["opened"] == 0)
            #expect(try #require(first["limitsLeft"] ?? nil) > 3)
            // What has not changed is not left again.
            #expect(try await evaluate("{}")["limitsLeft"] == 0)
            try take(burst)
            let sent = try await signals(stack)
            #expect(sent.count == 1)
            let event = try #require(sent.first)
            let signals = try #require(EarlySignal.signals(in: try UsageCore.JSONValue.parse(Array(event.utf8))))
            #expect(Set(signals.map(\.usage)).contains("ec2-run-instances"))
            #expect(signals.allSatisfy { $0.count >= $0.limit && $0.limit >= 2 })
            // The same records again, and the signal twice, as both may be delivered.
            try take(burst)
            #expect(try await self.signals(stack).count == 1)
            #expect(try await evaluate(event)["opened"] == 1)
            #expect(try await evaluate(event)["opened"] == 0)
            #expect(try await stack.counts()["sns.Publish"] == 1)
            #expect(try await stack.violations() == [])
        }

        /// The store has the records, the table refuses: the next delivery finds duplicates only and still counts each of them once.
        @Test(arguments: [
            #"{"service":"dynamodb","operation":"PutItem","times":99,"do":{"error":"AccessDeniedException"}}"#,
            #"{"service":"dynamodb","operation":"PutItem","skip":3,"times":99,"do":{"error":"AccessDeniedException"}}"#,
            #"{"service":"dynamodb","operation":"TransactWriteItems","times":99,"do":{"error":"AccessDeniedException"}}"#,
            #"{"service":"dynamodb","operation":"TransactWriteItems","skip":1,"times":99,"do":{"error":"AccessDeniedException"}}"#,
            #"{"service":"dynamodb","operation":"UpdateItem","times":99,"do":{"error":"AccessDeniedException"}}"#,
        ])
        func `a function that dies between storing and counting loses no count`(fault: String) async throws {
            let settings = ["STATE_TABLE": Stack.table, "EARLY_SIGNAL_TARGET": Self.bus]
            let time = EventTime.text(EventTime.floorDivide(WallTime.now().milliseconds, 1000))
            let invocations = (0..<20).map {
                #"{"eventTime":"\#(time)","eventSource":"lambda.amazonaws.com","eventName":"Invoke","awsRegion":"eu-west-1","#
                    + #""eventID":"i-\#($0)","recipientAccountId":"111122223333"}"#
            }
            let records = LogRecords(texts: try records().past.texts.prefix(80) + invocations)
            let event = try #require(try records.events().first)
            func counted(_ fault: String?) async throws -> [String] {
                let bench = try await LogsBench(settings)
                let processor = try await ProcessorBench(bench.stack)
                try await processor.makeTable()
                if let fault {
                    try await bench.stack.play("[\(fault)]")
                    await #expect(throws: IngestFailure.self) { try await bench.invoke(event, seconds: 20) }
                    try await bench.stack.play("[]")
                    #expect(try await bench.documents().count == records.texts.count)
                    let report = try await bench.invoke(event)
                    #expect(report["stored"]?.int == 0 && report["duplicates"]?.int == records.texts.count)
                } else {
                    _ = try await bench.invoke(event)
                }
                _ = try await bench.invoke(event)
                #expect(try await bench.stack.violations() == [])
                return try await bench.items().filter {
                    $0.contains("counts#") || $0.contains("hints#") || $0.contains("records#")
                }
            }
            let expected = try await counted(nil)
            for kind in ["hints#", "records#", "counts#"] { #expect(expected.contains { $0.contains(kind) }) }
            #expect(try await counted(fault) == expected)
        }
    }
}
