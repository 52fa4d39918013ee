import AWSAccess
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// `anomalyctl redrive`, on letters that MultiAccountLogs wrote.
    @Suite(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    struct RedriveTests {
        private func refusal(every: Int) -> String {
            #"[{"service":"es","do":{"bulk_reject":{"every":\#(every),"status":400,"type":"mapper_parsing_exception"}}}]"#
        }

        private func redrive(_ bench: LogsBench, _ options: String = "") throws -> ProgramRun {
            let variables = bench.environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
            return try ProgramRun(shell: "env \(variables) '\(ProgramRun.anomalyctl)' redrive \(options)")
        }

        private func outcomes(_ run: ProgramRun) -> [String] {
            run.output.split(separator: "\n").compactMap { JSONValue(Array($0.utf8))?["outcome"]?.string }
        }

        @Test func `letters whose reason is mended are put back, and nothing is stored twice`() async throws {
            let bench = try await LogsBench()
            let records = try LogRecords.real(300)
            try await bench.stack.play(refusal(every: 4))
            for event in try records.events(150) { _ = try await bench.invoke(event) }
            let before = try await bench.documents().count
            #expect(before < 300)

            let look = try redrive(bench, "--dry-run --format json")
            #expect(look.code == 0 && !outcomes(look).isEmpty && Set(outcomes(look)) == ["seen"])
            #expect(look.messages.contains("\(300 - before) records lie there; nothing was changed"))

            try await bench.stack.play(refusal(every: 1))
            let early = try redrive(bench, "--format json")
            #expect(early.code == 3 && Set(outcomes(early)) == ["kept"])
            #expect(early.output.contains("refused again"))

            try await bench.stack.play("[]")
            let run = try redrive(bench, "--format json")
            #expect(run.code == 0 && Set(outcomes(run)) == ["putBack"], "\(run.output) \(run.messages)")
            let expected = try records.stored()
            let documents = try await bench.documents()
            #expect(documents.count == 300)
            for (id, document) in documents {
                // What was refused once as a whole was taken with its core fields.
                let isSame =
                    document["unindexed"].map { whole in records.texts.contains { JSONValue(Array($0.utf8)) == whole } }
                    ?? (document.withoutArrival == expected[id])
                #expect(isSame, "\(id)")
            }
            #expect(try await bench.letters().isEmpty)
            #expect(try redrive(bench).messages.contains("0 put back, 0 kept"))
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `what cannot be read stays, with what is none of ours, in one line each`() async throws {
            let bench = try await LogsBench()
            let broken = LogRecords(texts: [#"{"eventID":"e-1","eventTime":}"#])
            _ = try await bench.invoke(try #require(try broken.events().first))
            try await bench.send("a line\nanother \u{1B}[31m")
            for _ in 0..<2 {
                let run = try redrive(bench)
                #expect(run.code == 3)
                let lines = run.output.split(separator: "\n")
                #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("kept: ") }, "\(run.output)")
                #expect(!run.output.contains("\u{1B}"))
                #expect(run.messages.contains("0 put back, 2 kept"))
            }
            #expect(try await bench.letters().count == 1)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `batches that Lambda gave up are put back as the batches that they were`() async throws {
            let store = try await ObjectStore()
            let s3 = try store.s3()
            let records = LogRecords(texts: Array(try LogRecords.simulated().texts.prefix(400)))
            let events = try records.events(200)
            func counters(_ bench: LogsBench) async throws -> [String] {
                // Marks of batches end with their delivery, the ledger is the function's.
                try await bench.items().filter { !$0.contains(#""ledger"#) && !$0.contains(#""batch#"#) }
            }
            func begin() async throws -> LogsBench {
                let bench = try await LogsBench(
                    [
                        "DEAD_LETTER_BUCKET": store.bucket, "AWS_ENDPOINT_URL_S3": "\(store.endpoint)",
                        "STATE_TABLE": Stack.table,
                    ]
                )
                try await ProcessorBench(bench.stack).makeTable()
                return bench
            }
            let ordinary = try await begin()
            for event in events { _ = try await ordinary.invoke(event, seconds: 120) }
            let expected = try await counters(ordinary)
            #expect(!expected.isEmpty)

            let bench = try await begin()
            let folder = "aws/lambda/async/MultiAccountLogsFunction/2026/07/01"
            var objects = events.enumerated().map { index, event in
                (
                    key: "\(folder)/\(index)",
                    text: #"{"version":"1.0","timestamp":"2026-07-01T00:00:00.000Z","requestContext":{"requestId":"r","#
                        + #""functionArn":"arn:aws:lambda:us-east-1:111122223333:function:MultiAccountLogsFunction:$LATEST","#
                        + #""condition":"RetriesExhausted","approximateInvokeCount":3},"requestPayload":"#
                        + String(decoding: event, as: UTF8.self)
                        + #","responseContext":{"statusCode":200,"functionError":"Unhandled"},"#
                        + #""responsePayload":{"errorType":"IngestFailure","errorMessage":"OpenSearch: no answer"}}"#
                )
            }
            objects.append((key: "\(folder)/other", text: #"{"none":"of ours"}"#))
            // What came in before it was given up, as far as the stores are concerned.
            _ = try await bench.invoke(try #require(events.first), seconds: 120)
            for (key, text) in objects {
                try await s3.putObject(Array(text.utf8), key: key, bucket: store.bucket, deadline: .now + .seconds(30))
            }
            let look = try redrive(bench, "--dry-run --format json")
            #expect(look.code == 3 && outcomes(look) == ["seen", "seen", "kept"], "\(look.output) \(look.messages)")
            #expect(look.output.contains("RetriesExhausted") && look.output.contains("OpenSearch: no answer"))
            #expect(look.messages.contains("400 records lie there; nothing was changed"))

            let run = try redrive(bench, "--format json")
            #expect(run.code == 3 && outcomes(run) == ["putBack", "putBack", "kept"], "\(run.output) \(run.messages)")
            #expect(run.output.contains("is no record of a failed invocation"))
            #expect(try await Set(bench.documents().keys) == Set(records.stored().keys))
            #expect(try await counters(bench) == expected)
            let left = try await s3.keys(prefix: "", bucket: store.bucket, deadline: .now + .seconds(30))
            #expect(left.keys == ["\(folder)/other"])
            // Should one of them come by its ordinary way after all, nothing more is counted.
            for event in events { _ = try await bench.invoke(event, seconds: 120) }
            #expect(try await counters(bench) == expected)
            #expect(try await bench.letters().isEmpty)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `without a queue it says what to set`() throws {
            let run = try ProgramRun(shell: "env -u DEAD_LETTER_QUEUE_URL '\(ProgramRun.anomalyctl)' redrive")
            #expect(run.code == 1)
            #expect(run.messages.contains("DEAD_LETTER_QUEUE_URL: not set"))
        }
    }
}
