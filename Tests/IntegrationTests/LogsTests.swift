import AWSAccess
import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// Whatever happens on the way: records in = documents + dead letters, or the invocation fails and the next delivery mends it.
    @Suite(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    struct LogsTests {
        @Test func `thousands of records become documents that equal them, field by field, however often they come`()
            async throws
        {
            let bench = try await LogsBench()
            let records = LogRecords(texts: try LogRecords.real().texts + LogRecords.simulated().texts)
            #expect(records.texts.count > 5000)
            let expected = try records.stored()
            let events = try records.events()
            for turn in 0..<3 {
                for event in turn == 1 ? events.reversed() : events {
                    let report = try await bench.invoke(event)
                    #expect(report["received"]?.int == (report["stored"]?.int ?? 0) + (report["duplicates"]?.int ?? 0))
                    if turn > 0 { #expect(report["stored"]?.int == 0) }
                }
                let documents = try await bench.documents()
                #expect(documents.count == expected.count)
                for (id, document) in documents { #expect(document.withoutArrival == expected[id], "\(id)") }
            }
            #expect(try await bench.letters().isEmpty)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `two batches in either order are the same documents`() async throws {
            let records = try LogRecords.real(600)
            var found: [[String: AWSAccess.JSONValue]] = []
            for isReversed in [false, true] {
                let bench = try await LogsBench(["BULK_GZIP": "\(isReversed)"])
                let events = try records.events(400)
                for event in isReversed ? events.reversed() : events { _ = try await bench.invoke(event) }
                found.append(try await bench.documents().mapValues(\.withoutArrival))
                #expect(try await bench.stack.violations() == [])
            }
            #expect(found[0] == found[1] && found[0].count == 600)
        }

        @Test func `the program itself takes events from Lambda's Runtime API`() async throws {
            let bench = try await LogsBench(["LOG_LEVEL": "INFO"])
            let records = try LogRecords.real()
            let folder = try ProgramRun(shell: "mktemp -d").output.filter { !$0.isNewline }
            defer { _ = try? ProgramRun(shell: "rm -rf '\(folder)'") }
            var files: [String] = []
            for (index, event) in try records.events(2000).enumerated() {
                files.append("\(folder)/\(index).json")
                try write(event, to: files[index])
            }
            let variables = bench.environment.map { "--env '\($0.key)=\($0.value)'" }.joined(separator: " ")
            let names = (files + files).joined(separator: " ")
            let run = try await bench.stack.working(as: "MultiAccountLogs", bench.environment) {
                try ProgramRun("invoke MultiAccountLogs \(names) --clean --format json \(variables)")
            }
            #expect(run.code == 0, "\(run.output.prefix(2000)) \(run.messages.prefix(2000))")
            #expect(run.messages.split(separator: "\n").count { $0.contains(#""message":"records: taken in""#) } == 4)
            #expect(try await bench.documents().mapValues(\.withoutArrival) == records.stored())
            #expect(try await bench.stack.violations() == [])
        }

        /// Faults of the domain for one delivery of 200 records, and whether that delivery may fail.
        @Test(arguments: [
            (#"{"do":{"bulk_reject":{"every":3,"status":429}},"times":2}"#, false),
            (
                #"{"do":{"bulk_reject":{"every":1,"status":503,"type":"unavailable_shards_exception"}},"times":2}"#,
                false
            ),
            (#"{"do":{"bulk_reject":{"every":2,"status":403,"type":"cluster_block_exception"}},"times":1}"#, false),
            (#"{"do":{"bulk_reject":{"every":4,"status":400,"type":"mapper_parsing_exception"}},"times":1}"#, false),
            (#"{"do":{"bulk_reject":{"every":4,"status":400,"type":"mapper_parsing_exception"}}}"#, false),
            (#"{"do":{"bulk_reject":{"every":1,"status":404,"type":"index_not_found_exception"}},"times":2}"#, false),
            (
                #"{"do":{"bulk_reject":{"every":5,"status":409,"type":"version_conflict_engine_exception"}},"times":0}"#,
                false
            ),
            (#"{"do":{"bulk_reject":{"every":1,"status":429}}}"#, true),
            (#"{"do":{"status":429,"body":"Too many"},"times":2}"#, false),
            (#"{"do":{"status":503,"body":""},"times":2}"#, false),
            (#"{"do":{"status":413,"body":""},"times":3}"#, false),
            (
                #"{"do":{"status":403,"body":{"message":"Request throttled due to too many requests"}},"times":2}"#,
                false
            ),
            (#"{"do":{"status":403,"body":{"message":"User is not authorized"}}}"#, true),
            (#"{"do":{"status":502,"body":"<html>bad</html>"}}"#, true), (#"{"do":{"truncate":100},"times":1}"#, true),
            (#"{"do":{"reset":true},"times":2}"#, false), (#"{"do":{"reset":true}}"#, true),
            (#"{"do":{"hang":30},"times":1}"#, true), (#"{"do":{"delay":1},"times":1}"#, false),
        ])
        func `a fault of the domain loses no record`(rule: String, mayFail: Bool) async throws {
            let bench = try await LogsBench()
            let records = try LogRecords.real(200)
            let event = try #require(try records.events().first)
            try await bench.stack.play("[\(rule.dropLast()),\"service\":\"es\"}]")
            var hasFailed = false
            do {
                let report = try await bench.invoke(event, seconds: 12)
                let parts = ["stored", "duplicates", "setAside"].compactMap { report[$0]?.int }
                #expect(parts.reduce(0, +) == 200)
                #expect(report["setAside"]?.int == report["deadLettered"]?.int)
            } catch let failure as IngestFailure {
                hasFailed = true
                #expect(mayFail, Comment(rawValue: "\(failure)"))
            }
            try await bench.stack.play("[]")
            let letters = try await bench.letters()
            if hasFailed { _ = try await bench.invoke(event) }
            let documents = try await bench.documents()
            let ids = Set(letters.flatMap { $0["eventIds"]?.array ?? [] }.compactMap(\.string))
            #expect(documents.count + ids.count == 200)
            #expect(letters.flatMap { $0["records"]?.array ?? [] }.count == ids.count)
            let expected = try records.stored()
            for (id, document) in documents {
                if let whole = document["unindexed"] {
                    #expect(records.texts.contains { JSONValue(Array($0.utf8)) == whole })
                } else {
                    #expect(document.withoutArrival == expected[id])
                }
            }
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `a domain that is not there fails the invocation`() async throws {
            let bench = try await LogsBench(["OPENSEARCH_ENDPOINT": "http://127.0.0.1:1"])
            let event = try #require(try LogRecords.real(20).events().first)
            await #expect { try await bench.invoke(event, seconds: 4) } throws: {
                "\($0)".hasPrefix("20 records: not known")
            }
        }

        @Test(arguments: ["true", "false"])
        func `a queue that is denied fails the invocation, a busy one is asked again`(isDenied: String) async throws {
            let bench = try await LogsBench()
            let error = isDenied == "true" ? "AccessDenied" : "ThrottlingException"
            let times = isDenied == "true" ? 100 : 2
            try await bench.stack.play(
                #"[{"service":"sqs","operation":"SendMessageBatch","times":\#(times),"do":{"error":"\#(error)"}}]"#
            )
            var records = try LogRecords.real(10)
            records.texts.append("no record")
            let event = try #require(try records.events().first)
            if isDenied == "true" {
                await #expect(throws: IngestFailure.self) { try await bench.invoke(event) }
            } else {
                #expect(try await bench.invoke(event)["deadLettered"]?.int == 1)
                #expect(try await bench.letters().count == 1)
            }
            #expect(try await bench.documents().count == 10)
            #expect(try await bench.stack.violations() == [])
        }

        /// What a real mapping refuses, from OpenSearch's own mouth, and what it takes.
        @Test func `what the mapping refuses is stored as core and whole record, and only then a dead letter`()
            async throws
        {
            let bench = try await LogsBench()
            let time = EventTime.text(WallTime.now().milliseconds / 1000)
            func record(_ id: Int, _ more: String) -> String {
                #"{"eventTime":"\#(time)","eventSource":"ec2.amazonaws.com","eventName":"DescribeX","eventID":"e-\#(id)","#
                    + #""recipientAccountId":"111122223333",\#(more)}"#
            }
            let long = String(repeating: "é", count: 20_000)
            let members = [
                #""requestParameters":{"n":9007199254740993,"f":1.10,"e":{}}"#, #""userAgent":"x""#,
                #""requestParameters":"text""#, #""responseElements":12"#, #""requestParameters":{"a":"\#(long)"}"#,
                #""userAgent":{"a":1}"#, #""awsRegion":["a","b"]"#, #""userIdentity":"someone""#,
                #""requestParameters":{"a":1,"a":2}"#, #""eventType":"\#(long)""#, #""sourceIPAddress":"AWS Internal""#,
                #""additionalEventData":{"a":\#(String(repeating: "[", count: 100))\#(String(repeating: "]", count: 100))}"#,
                #""errorMessage":{"a":1}"#, #""tlsDetails":{"x":[{"y":null}]}"#, #""readOnly":{}"#,
            ]
            let texts = members.enumerated().map { record($0, $1) }
            let report = try await bench.invoke(try #require(try LogRecords(texts: texts).events().first))
            let documents = try await bench.documents()
            let letters = try await bench.letters()
            #expect(report["received"]?.int == texts.count)
            #expect(documents.count + letters.flatMap { $0["records"]?.array ?? [] }.count == texts.count)
            let unindexed = documents.filter { $0.value["unindexed"] != nil }
            #expect(unindexed.count >= 6)
            for (id, document) in unindexed {
                #expect(document["eventID"]?.string == id.split(separator: "-", maxSplits: 1).last.map(String.init))
                #expect(document["eventTime"]?.string == time)
                #expect(document["account"] != nil && document["self"]?.bool == false)
            }
            // Found by what it is, though its own members were refused.
            let query = #"{"query":{"term":{"eventID":"e-2"}}}"#
            let found = try await bench.stack.json(.post, "/usage-records-*/_search", body: query)
            #expect(found["hits"]?["total"]?["value"]?.int == 1)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `dead letters hold what was sent`() async throws {
            let bench = try await LogsBench()
            let texts =
                (0..<500).map { "no record \($0) " + String(repeating: "\"", count: 1000) } + [
                    #"{"eventVersion":"1.08","eventTime":"then","eventSource":"a","eventName":"b"}"#
                ]
            let report = try await bench.invoke(try #require(try LogRecords(texts: texts).events().first))
            #expect(report["deadLettered"]?.int == 501)
            let letters = try await bench.letters()
            #expect(Set(letters.flatMap { $0["records"]?.array ?? [] }.compactMap(\.string)) == Set(texts))
            #expect(letters.allSatisfy { $0["source"]?.string == "o-x_111122223333_CloudTrail_us-east-1" })
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `an empty event makes every call that enrichment needs once, and says how each went`() async throws {
            let bench = try await LogsBench([
                "ENABLE_ACCOUNT_ENRICHMENT": "true", "ENABLE_ORG_CONTEXT": "true", "STATE_TABLE": Stack.table,
                "ORGANIZATION_ID": LargeOrganization.id,
            ])
            try await ProcessorBench(bench.stack).makeTable()
            _ = try await LargeOrganization(bench.stack, accounts: 3, units: 4)
            let check = try await bench.invoke(Array("{}".utf8))
            #expect(check["ok"]?.bool == true, "\(check)")
            let actions = (check["steps"]?.array ?? []).compactMap { $0["action"]?.string }
            for action in ["sts:GetCallerIdentity", "organizations:ListAccounts", "dynamodb:GetItem"] {
                #expect(actions.contains(action), "\(actions)")
            }
            try await bench.stack.play(
                #"[{"service":"organizations","operation":"ListAccounts","do":{"error":"AccessDeniedException"}}]"#
            )
            let denied = try await bench.invoke(Array("{}".utf8))
            #expect(denied["ok"]?.bool == false)
            #expect(denied["summary"]?.string?.contains("organizations:ListAccounts") == true, "\(denied)")
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `records of long ago lie apart`() async throws {
            let bench = try await LogsBench()
            let old = LogRecords(
                texts: try LogRecords.real(100).texts.map { text in
                    let parts = text.split(separator: #""eventTime":""#, maxSplits: 1)
                    return parts[0] + #""eventTime":"2023"# + parts[1].dropFirst(4)
                }
            )
            let report = try await bench.invoke(try #require(try old.events().first))
            #expect(report["stored"]?.int == 100 && report["apart"]?.int == 100)
            #expect(try await bench.documents("usage-records-other").count == 100)
        }

        @Test func `payloads of a stream and files of a bucket are the same documents`() async throws {
            let records = try LogRecords.real(900)
            let expected = Set(try records.stored().keys)
            let stream = try await LogsBench()
            #expect(try await stream.invoke(try records.kinesis(100))["batchItemFailures"]?.array?.count == 0)
            #expect(Set(try await stream.documents().keys) == expected)
            let bench = try await LogsBench()
            let body =
                #"{\"Records\":[{\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-east-1\",\"s3\":{\"bucket\":{\"name\":\"trails\"},"#
                + #"\"object\":{\"key\":\"o/CloudTrail/a+b.json\",\"eTag\":\"x\"}}}]}"#
            let messages = (1...2).map {
                #"{"messageId":"\#($0)","body":"\#(body)","eventSource":"aws:sqs"}"#
            }
            let event = Array(#"{"Records":[\#(messages.joined(separator: ","))]}"#.utf8)
            var json = UsageCore.JSONText()
            json.string(records.file)
            let size = records.file.utf8.count
            // The stand-in gives the file once, then knows no such bucket.
            let rule =
                #"{"service":"s3","operation":"GetObject","times":1,"do":{"status":206,"body":\#(json.text),"#
                + #""headers":{"Content-Range":"bytes 0-\#(size - 1)/\#(size)","ETag":"\"x\""}}}"#
            for _ in 0..<2 {
                try await bench.stack.play("[\(rule)]")
                let failed = try await bench.invoke(event)["batchItemFailures"]?.array
                #expect(failed?.map { $0["itemIdentifier"]?.string } == ["2"])
                #expect(Set(try await bench.documents().keys) == expected)
            }
            #expect(try await bench.stack.violations() == [])
        }

        @Test(arguments: ["usage-state", ""])
        func `watched records enter the state table once, with a domain and without`(domain: String) async throws {
            let bench = try await LogsBench(
                ["STATE_TABLE": Stack.table].merging(domain.isEmpty ? [:] : ["OPENSEARCH_ENDPOINT": ""]) { $1 }
            )
            try await ProcessorBench(bench.stack).makeTable()
            // The stand-in copies the table for each transaction, so there are few.
            let records = LogRecords(texts: Array(try LogRecords.simulated().texts.prefix(400)))
            var counted = 0
            for turn in 0..<3 {
                var turnCount = 0
                for event in try records.events(100) {
                    let report = try await bench.invoke(event, seconds: 120)
                    turnCount += report["counted"]?.int ?? 0
                    let parts = ["stored", "duplicates", "leftOut"].compactMap { report[$0]?.int }
                    #expect(report["received"]?.int == parts.reduce(0, +))
                }
                if turn == 0 { counted = turnCount } else { #expect(turnCount == 0) }
            }
            #expect(counted > 20)
            #expect(try await bench.letters().isEmpty)
            #expect(try await bench.stack.violations() == [])
        }

        /// A domain that takes one record in three for a while, a queue and a table that fail now and then: tries of all kinds.
        @Test func `the ledger adds up to what came, and to the documents, whatever failed on the way`() async throws {
            let bench = try await LogsBench(["STATE_TABLE": Stack.table])
            let processor = try await ProcessorBench(bench.stack)
            try await processor.makeTable()
            var records = try LogRecords.real(300)
            records.texts += ["no record", "nor this"]
            let events = try records.events(100, stream: "one") + LogRecords.real(150).events(50, stream: "two")
            let faults = [
                #"{"service":"es","do":{"bulk_reject":{"every":3,"status":429}},"times":1},"#
                    + #"{"service":"es","do":{"bulk_reject":{"every":1,"status":429}}}"#,
                #"{"service":"es","do":{"reset":true},"times":1}"#,
                #"{"service":"es","do":{"truncate":100},"times":1}"#,
                #"{"service":"sqs","operation":"SendMessageBatch","times":9,"do":{"error":"AccessDenied"}}"#,
                #"{"service":"dynamodb","operation":"TransactWriteItems","times":1,"do":{"truncate":1}}"#, "",
            ]
            var tries = 0
            for fault in faults {
                try await bench.stack.play("[\(fault)]")
                for event in events {
                    _ = try? await bench.invoke(event, seconds: 3)
                    tries += 1
                }
            }
            let now = WallTime.now().milliseconds / 1000
            let table = StateTable(
                session: try bench.stack.session(),
                table: Stack.table,
                catalog: try UsageCatalog.builtIn(),
                retentionDays: 30
            )
            let entries = try await table.ledger(from: now - 7200, to: now + 3600)
            #expect(Set(entries.map(\.stream)) == ["one", "two"])
            #expect(entries.allSatisfy { $0.counts.isBalanced })
            var sum = IngestReport()
            for entry in entries { sum.add(entry.counts) }
            #expect(sum.received == (302 + 150) * faults.count)
            #expect(tries == events.count * faults.count)
            // Stream two has records of stream one.
            let documents = try await bench.documents().count
            #expect(sum.stored == 300 && documents == 300)
            #expect(sum.unresolved > 0)
            #expect(sum.setAside >= 2 * faults.count && sum.deadLettered < sum.setAside)
            let letters = try await bench.letters().flatMap { $0["records"]?.array ?? [] }
            #expect(letters.count == sum.deadLettered)
            #expect(try await bench.stack.violations() == [])
        }

        @Test(arguments: ["AccessDeniedException", "TooManyRequestsException"])
        func `accounts that cannot be looked up hold no record up`(error: String) async throws {
            let bench = try await LogsBench([
                "ENABLE_ACCOUNT_ENRICHMENT": "true", "ORGANIZATION_ID": LargeOrganization.id,
            ])
            try await bench.stack.play(#"[{"service":"organizations","do":{"error":"\#(error)"}}]"#)
            let records = try LogRecords.real(300)
            let start = ContinuousClock.now
            #expect(try await bench.invoke(try #require(try records.events().first))["stored"]?.int == 300)
            #expect(ContinuousClock.now - start < .seconds(10))
            let documents = try await bench.documents()
            #expect(documents.values.allSatisfy { $0["account"]?["contextMissing"]?.bool == true })
            #expect(try await bench.stack.violations() == [])
        }

        private func write(_ bytes: [UInt8], to path: String) throws {
            let file = try #require(fopen(path, "wb"))
            defer { fclose(file) }
            try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        }
    }
}
