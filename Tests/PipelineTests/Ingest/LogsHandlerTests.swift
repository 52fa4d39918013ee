import AWSAccess
import Synchronization
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

/// Records in = stored + duplicates + set aside, or the invocation fails.
@Suite struct LogsHandlerTests {
    private let time = StandingClock()
    let lines = WrittenLines()
    private let metricLines = WrittenLines()

    static let queue = ["DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/letters"]

    func record(_ id: Int, more: String = "") -> String {
        RecordText().call("RunInstances", source: "ec2.amazonaws.com", at: StandingClock.seconds, id: id, more: more)
    }

    func handle(
        _ event: String,
        _ wire: DomainOnWire,
        _ environment: [String: String] = queue
    ) async throws -> UsageCore.JSONValue {
        try await handle(Array(event.utf8), wire, environment)
    }

    func handle(
        _ event: [UInt8],
        _ wire: DomainOnWire,
        _ environment: [String: String] = queue
    ) async throws -> UsageCore.JSONValue {
        let settings = try Settings(
            environment: [
                "OPENSEARCH_ENDPOINT": "search-x.eu-west-1.es.amazonaws.com", "ENABLE_ACCOUNT_ENRICHMENT": "false",
            ].merging(environment) { $1 }
        )
        let ports = Ports(
            session: try .onWire(wire, time),
            log: Log(level: .info, writer: lines.writer),
            metrics: metricLines.writer
        )
        let context = InvocationContext(requestId: "r-1", deadline: time.now + .seconds(60))
        let answer = try await LogsHandler(settings, ports).handle(event, context)
        return try UsageCore.JSONValue.parse(answer)
    }

    func quoted(_ text: String) -> String {
        var json = UsageCore.JSONText()
        json.string(text)
        return json.text
    }

    private func batch(_ messages: [String], stream: String = "o-x_111122223333_CloudTrail_eu-west-1") -> String {
        let events = messages.enumerated().map { #"{"id":"\#($0)","timestamp":1,"message":\#(quoted($1))}"# }
        return #"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"\#(stream)","#
            + #""logEvents":[\#(events.joined(separator: ","))]}"#
    }

    private func logs(_ messages: [String], stream: String = "o-x_111122223333_CloudTrail_eu-west-1") throws -> String {
        let packed = try #require(Deflater().gzip(Array(batch(messages, stream: stream).utf8)))
        return #"{"awslogs":{"data":"\#(Base64.encode(packed))"}}"#
    }

    private func kinesis(_ payloads: [[String]], streams: [String] = []) throws -> String {
        let records = try payloads.enumerated().map { index, messages in
            let stream = index < streams.count ? streams[index] : "o-x_111122223333_CloudTrail_eu-west-1"
            let packed = try #require(Deflater().gzip(Array(batch(messages, stream: stream).utf8)))
            return #"{"kinesis":{"sequenceNumber":"4960\#(index)","data":"\#(Base64.encode(packed))"},"#
                + #""eventSource":"aws:kinesis","eventID":"shardId-0:4960\#(index)","eventSourceARN":"arn:aws:kinesis:x"}"#
        }
        return #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    private func number(_ name: String, _ json: UsageCore.JSONValue) -> Int? { json[name]?.number.map { Int($0) } }

    @Test func `a delivery is stored and told in one line and in metrics`() async throws {
        let wire = DomainOnWire()
        let report = try await handle(try logs((0..<3).map { record($0) }), wire)
        #expect(number("received", report) == 3 && number("stored", report) == 3 && number("setAside", report) == 0)
        #expect(wire.documents.count == 3)
        let document = try #require(wire.documents["usage-records-2026.10.12/111122223333-event-111122223333-0"])
        #expect(document["ingest"]?["source"]?.string == "o-x_111122223333_CloudTrail_eu-west-1")
        #expect(document["ingest"]?["receivedAt"]?.string == "2026-10-12T09:35:00Z")
        #expect(document["account"]?["contextMissing"]?.bool == true)
        #expect(document["usage"]?["name"]?.string == "ec2-run-instances")
        let line = try UsageCore.JSONValue.parse(Array(try #require(lines.all.first).utf8))
        #expect(lines.all.count == 1)
        #expect(line["level"]?.string == "INFO" && line["requestId"]?.string == "r-1")
        #expect(number("stored", line) == 3 && line["milliseconds"] != nil)
        let metrics = try UsageCore.JSONValue.parse(Array(try #require(metricLines.all.first).utf8))
        #expect(number("RecordsStored", metrics) == 3 && metrics["IngestTime"] != nil && metrics["_aws"] != nil)
    }

    @Test func `each stream of an invocation has its own line of metrics, and every line adds up`() async throws {
        let wire = DomainOnWire { $0.hatedText = "event-111122223333-3\"" }
        _ = try await handle(try logs([record(0)]), wire)
        let event = try kinesis(
            [[record(0), record(1)], [record(2), record(3), "x"], [record(4)]],
            streams: ["a", "b", "a"]
        )
        _ = try await handle(event, wire)
        let all = try metricLines.all.dropFirst().map { try UsageCore.JSONValue.parse(Array($0.utf8)) }
        #expect(all.map { $0["stream"]?.string } == ["a", "b"])
        #expect(all.allSatisfy { $0["hour"]?.string == "2026-10-12T09:00:00Z" })
        #expect(all.map { number("RecordsReceived", $0) } == [3, 3])
        #expect(all.map { number("RecordsStored", $0) } == [2, 1])
        #expect(all.map { number("RecordsDuplicate", $0) } == [1, 0])
        #expect(all.map { number("RecordsSetAside", $0) } == [0, 2])
        #expect(all.map { number("RecordsDeadLettered", $0) } == [0, 2])
        #expect(all.map { $0["IngestTime"] != nil } == [true, false])
    }

    @Test func `a stream whose numbers do not add up is an error that says how many are missing`() async throws {
        var counts = IngestReport()
        (counts.received, counts.stored) = (5, 3)
        var settlement = Ingestion.Settlement()
        settlement.streams = ["a\n": counts]
        let ports = Ports(
            session: try .onWire(DomainOnWire(), time),
            log: Log(level: .info, writer: lines.writer),
            metrics: metricLines.writer
        )
        let ledger = IngestLedger(table: nil, ports: ports)
        let failures = await ledger.enter(settlement, receivedAt: 0, requestId: "r-1", deadline: time.now + .seconds(9))
        #expect(failures == 0 && lines.all.count == 1)
        let line = try UsageCore.JSONValue.parse(Array(try #require(lines.all.first).utf8))
        #expect(line["level"]?.string == "ERROR" && number("gap", line) == 2)
        #expect(line["message"]?.string?.contains("5 records came in and 3 were accounted for") == true)
    }

    @Test func `a ledger that cannot be written is told and fails no batch`() async throws {
        let wire = DomainOnWire()
        let event = try logs((0..<3).map { record($0).replacing("RunInstances", with: "DescribeInstances") })
        let report = try await handle(event, wire, Self.queue.merging(["STATE_TABLE": "state"]) { $1 })
        #expect(number("stored", report) == 3)
        let line = try #require(lines.all.first { $0.contains("ledger: not written") })
        #expect(line.contains(#""level":"ERROR""#) && line.contains(#""requestId":"r-1""#))
        #expect(metricLines.all.first?.contains(#""LedgerFailures":1"#) ?? false)
    }

    @Test func `the same delivery again is all duplicates`() async throws {
        let wire = DomainOnWire()
        let event = try logs((0..<3).map { record($0) })
        _ = try await handle(event, wire)
        for _ in 0..<4 {
            let report = try await handle(event, wire)
            #expect(number("duplicates", report) == 3 && number("stored", report) == 0)
        }
        #expect(wire.documents.count == 3)
    }

    @Test(arguments: [
        ("logs-one-account.json", 4, 0), ("kinesis-two-shards.json", 3, 0), ("s3-trail-file.json", 3, 0),
        ("records-newline-delimited.jsonl", 3, 0), ("eventbridge-run-instances.json", 1, 0),
        ("insight-record.json", 1, 0), ("logs-truncated.json", 0, 1), ("logs-control-message.json", 0, 0),
        ("record-duplicate-key.json", 0, 1), ("record-hostile-text.json", 1, 0), ("record-no-context.json", 1, 0),
    ])
    func `a sample event is taken in`(name: String, stored: Int, deadLetters: Int) async throws {
        let wire = DomainOnWire()
        let event = String(decoding: try Folder.bytes(SharedData.packageRoot + "/Events/" + name), as: UTF8.self)
        _ = try await handle(event, wire)
        #expect(wire.documents.count == stored)
        #expect(wire.messages.count == deadLetters)
        #expect(lines.all.count == 1)
        // Nothing of a record's own text comes into a line unescaped.
        #expect((lines.all + metricLines.all).allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
    }

    @Test(arguments: ["schedule.json", "sns-opensearch-alert.json"])
    func `an event without records that is nothing known fails and says what is taken`(name: String) async throws {
        let event = String(decoding: try Folder.bytes(SharedData.packageRoot + "/Events/" + name), as: UTF8.self)
        await #expect(throws: IngestFailure.unknownEvent(bytes: event.utf8.count)) {
            try await handle(event, DomainOnWire())
        }
    }

    @Test(arguments: ["", "{}", "null"]) func `an empty event is answered with the check of enrichment`(
        event: String
    ) async throws {
        let answer = try await handle(event, DomainOnWire())
        #expect(answer["check"]?.string == "account-enrichment")
        #expect(answer["ok"]?.bool == false)
        #expect(answer["steps"]?.array?.first?["outcome"]?.string == "off")
    }

    @Test func `what cannot be read and what is refused lies in the queue, and the count holds`() async throws {
        let wire = DomainOnWire { $0.hatedText = "event-111122223333-1\"" }
        let event = try logs([record(0), record(1), "START RequestId: 1", String(record(2).dropLast(9)), record(3)])
        let report = try await handle(event, wire)
        #expect(number("received", report) == 5 && number("stored", report) == 2)
        #expect(number("setAside", report) == 3 && number("deadLettered", report) == 3)
        let messages = wire.messages
        #expect(
            Set(messages.compactMap { $0["reason"]?.string }) == [
                "not-a-record", "cut-short", "mapper_parsing_exception",
            ]
        )
        #expect(messages.allSatisfy { $0["source"]?.string == "o-x_111122223333_CloudTrail_eu-west-1" })
        let refused = try #require(messages.first { $0["reason"]?.string == "mapper_parsing_exception" })
        #expect(refused["records"]?.array?.first?.string == record(1))
        #expect(refused["eventIds"]?.array?.first?.string == "event-111122223333-1")
        let unread = try #require(messages.first { $0["reason"]?.string == "not-a-record" })
        #expect(unread["eventIds"]?.array?.first?.string == "2")
    }

    @Test func `without a queue what must be set aside makes the invocation fail and say so`() async throws {
        let wire = DomainOnWire()
        let event = try logs([record(0), "START RequestId: 1"])
        await #expect {
            try await handle(event, wire, [:])
        } throws: {
            "\($0)".contains("DEAD_LETTER_QUEUE_URL") && "\($0)".contains("not-a-record")
        }
        #expect(wire.documents.count == 1)
    }

    @Test func `a queue that takes nothing makes the invocation fail`() async throws {
        let wire = DomainOnWire { $0.queueIsDown = true }
        await #expect(throws: IngestFailure.self) { try await handle(try logs([record(0), "x"]), wire) }
    }

    @Test func `a domain that cannot be reached makes the invocation fail, and the next delivery mends it`()
        async throws
    {
        let failure = DomainOnWire.Fault.failure(.unreachable(host: "h", detail: "refused"))
        let wire = DomainOnWire { $0.faults = Array(repeating: failure, count: 100) }
        let event = try logs((0..<3).map { record($0) })
        await #expect { try await handle(event, wire) } throws: {
            "\($0)".hasPrefix("3 records: not known to be stored")
        }
        #expect(metricLines.all.first?.contains(#""RecordsUnresolved":3"#) ?? false)
        wire.state.withLock { $0.faults = [] }
        #expect(number("stored", try await handle(event, wire)) == 3)
    }

    @Test func `of several deliveries only the one that failed comes again`() async throws {
        let wire = DomainOnWire {
            // The third record is the second delivery's: it is never taken, the others are at once.
            $0.faults = [.items([2], 429, "x")] + Array(repeating: .allItems(429, "x"), count: 100)
        }
        let event = try kinesis([[record(0), record(1)], [record(2)], [record(3)]])
        let answer = try await handle(event, wire)
        let failed = answer["batchItemFailures"]?.array?.compactMap { $0["itemIdentifier"]?.string }
        #expect(failed == ["49601"])
        #expect(wire.documents.count == 3)
        #expect(lines.all.contains { $0.contains(#""level":"WARN""#) })
        wire.state.withLock { $0.faults = [] }
        #expect(try await handle(event, wire)["batchItemFailures"]?.array?.count == 0)
        #expect(wire.documents.count == 4)
    }

    @Test func `deliveries that all failed are an error`() async throws {
        let wire = DomainOnWire { $0.faults = [.answer(403, "{}")] }
        let event = try kinesis([[record(0)], [record(1)]])
        await #expect(throws: IngestFailure.self) { try await handle(event, wire) }
    }

    @Test func `with the narrow scope only watched records are stored, and what ends them`() async throws {
        let wire = DomainOnWire()
        let other = record(1).replacing("RunInstances", with: "DescribeInstances")
        let end = record(2).replacing("RunInstances", with: "TerminateInstances")
        let event = try logs([record(0), other, end])
        let report = try await handle(event, wire, ["RECORD_SCOPE": "watched"])
        #expect(number("received", report) == 3 && number("stored", report) == 2 && number("leftOut", report) == 1)
    }

    @Test func `a hostile log stream stays one string in the document and in the letter`() async throws {
        let wire = DomainOnWire()
        let stream = #"a\",\"x\":{\n\u001b[31m"#
        let event = try logs([record(0), "x"], stream: stream)
        _ = try await handle(event, wire)
        #expect(wire.documents.values.first?["ingest"]?["source"]?.string == "a\",\"x\":{\n\u{1B}[31m")
        #expect(wire.messages.first?["source"]?.string == "a\",\"x\":{\n\u{1B}[31m")
        #expect(lines.all.allSatisfy { !$0.contains("\u{1B}") })
    }

    /// Deliveries that are odd or broken, and how many records and dead letters come of each.
    @Test(arguments: [
        ("not gzip", 0, 1), ("cut", 0, 1), ("bomb", 0, 1), ("not base64", 0, 1), ("not UTF-8", 2, 1), ("large", 2, 0),
        ("deep", 1, 1), ("repeated", 1, 1), ("reserved", 1, 1), ("numbers", 2, 0), ("omitted", 2, 0), ("version", 2, 0),
        ("empty batch", 0, 0), ("records wrapper", 2, 0), ("gzip file", 2, 0), ("cut file", 1, 1), ("not JSON", 0, 1),
    ])
    func `an odd delivery is stored, set aside with its reason, or both`(
        kind: String,
        stored: Int,
        letters: Int
    ) async throws {
        let wire = DomainOnWire()
        let report = try await handle(try odd(kind), wire, Self.queue.merging(["DEAD_LETTER_BUCKET": "letters"]) { $1 })
        #expect(wire.documents.count == stored && number("stored", report) == stored)
        #expect(
            wire.messages.count == letters && number("setAside", report) == letters
                && number("deadLettered", report) == letters
        )
        #expect(number("received", report) == stored + letters)
    }

    private func odd(_ kind: String) throws -> [UInt8] {
        func event(_ payload: [UInt8]) -> [UInt8] { Array(#"{"awslogs":{"data":"\#(Base64.encode(payload))"}}"#.utf8) }
        func packed(_ text: [UInt8]) throws -> [UInt8] { try #require(Deflater().gzip(text)) }
        func member(_ text: String) throws -> [UInt8] {
            Array(try logs([record(0), String(record(1).dropLast()) + ",\(text)}"]).utf8)
        }
        let plain = Array(batch([record(0), record(1)]).utf8)
        let file = Array(#"{"Records":[\#(record(0)),\#(record(1))]}"#.utf8)
        switch kind {
        case "not gzip": return event(plain)
        case "cut": return event(try packed(plain).dropLast(20))
        case "bomb": return event(try packed([UInt8](repeating: 0x20, count: 65 << 20)))
        case "not base64": return Array(#"{"awslogs":{"data":"****"}}"#.utf8)
        case "not UTF-8":
            let broken = Array(batch([record(0), "bad !", record(1)]).utf8).map { $0 == UInt8(ascii: "!") ? 0xFF : $0 }
            return event(try packed(broken))
        case "large": return try member(#""requestParameters":{"a":"\#(String(repeating: "x", count: 300 << 10))"}"#)
        case "deep":
            let depth = (String(repeating: "[", count: 10_000), String(repeating: "]", count: 10_000))
            return try member(#""requestParameters":\#(depth.0)\#(depth.1)"#)
        case "repeated": return try member(#""eventName":"again""#)
        case "reserved": return try member(#""account":{}"#)
        case "numbers": return try member(#""additionalEventData":{"n":[9007199254740993,1e400,-0.0]}"#)
        case "omitted": return try member(#""requestParameters":{"omitted":true},"responseElements":{"omitted":true}"#)
        case "version": return try member(#""apiVersion":null,"newMember":{"a":1}"#)
        case "empty batch": return event(try packed(Array(batch([]).utf8)))
        case "records wrapper": return file
        case "gzip file": return try packed(file)
        case "cut file": return Array(file.dropLast(40))
        default: return Array("no event".utf8)
        }
    }
}
