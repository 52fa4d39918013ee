import TestSupport
import Testing
import UsageCore

/// What each shape of event holds: records in = taken + set aside.
@Suite struct EnvelopeTests {
    private static let record = RecordReaderTests.record

    private func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        return json.text
    }

    private func batch(_ messages: [String], type: String = "DATA_MESSAGE") -> String {
        let events = messages.enumerated().map { #"{"id":"\#($0)","timestamp":1,"message":\#(quoted($1))}"# }
        return #"{"messageType":"\#(type)","owner":"111122223333","logGroup":"g","logStream":"s","#
            + #""logEvents":[\#(events.joined(separator: ","))]}"#
    }

    private func packed(_ text: String) -> String { Gzip.base64(Gzip.member(Array(text.utf8))) }

    private func logs(_ data: String) -> String { #"{"awslogs":{"data":"\#(data)"}}"# }

    private func kinesis(_ data: [String]) -> String {
        let records = data.map {
            #"{"kinesis":{"data":"\#($0)"},"eventSource":"aws:kinesis","eventID":"shard:1","eventName":"aws:kinesis:record"}"#
        }
        return #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    private func sqs(_ bodies: [String]) -> String {
        let records = bodies.map { #"{"messageId":"m","body":\#(quoted($0)),"eventSource":"aws:sqs"}"# }
        return #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    @Test(
        arguments: [
            ("empty.json", 0, [], [.other]), ("eventbridge-run-instances.json", 1, [], []),
            ("insight-record.json", 1, [], []), ("kinesis-two-shards.json", 3, [], []),
            ("logs-control-message.json", 0, [], [.controlMessage]), ("logs-one-account.json", 4, [], []),
            ("logs-truncated.json", 0, ["truncated-gzip"], []),
            ("record-duplicate-key.json", 0, ["repeated-name"], []), ("record-hostile-text.json", 1, [], []),
            ("record-no-context.json", 1, [], []), ("records-newline-delimited.jsonl", 3, [], []),
            ("s3-trail-file.json", 3, [], []), ("schedule.json", 0, [], [.other]),
            ("sns-opensearch-alert.json", 0, [], [.other]),
            ("sqs-eventbridge-object-created.json", 0, ["names-an-object"], []),
            ("sqs-s3-notification.json", 0, ["names-an-object"], [.other]),
        ] as [(String, Int, [String], [DocumentKind])]
    )
    func `a sample event holds so many records`(
        name: String,
        records: Int,
        failures: [String],
        kinds: [DocumentKind]
    )
        throws
    {
        let bytes = try Folder.bytes(SharedData.packageRoot + "/Events/" + name)
        for piece in [1, 100, 1 << 20] {
            let sink = CollectingSink.read(bytes, piece: piece).sink
            #expect(sink.records.count == records)
            #expect(sink.failures.map(\.name) == failures)
            #expect(sink.passedOver == kinds)
        }
        for name in try Folder.names(SharedData.packageRoot + "/Events") {
            let sink = CollectingSink.read(try Folder.bytes(SharedData.packageRoot + "/Events/" + name)).sink
            #expect(sink.records.count + sink.failures.count + sink.passedOver.count > 0, "\(name)")
        }
    }

    @Test func `every way of delivery gives the same records byte for byte`() {
        let records = (0..<4).map(Self.record)
        let text = batch(records)
        for event in [
            logs(packed(text)), text, kinesis([packed(text)]),
            kinesis([packed(batch(Array(records[..<2]))), packed(batch(Array(records[2...])))]), sqs(records),
            sqs([#"{"Message":\#(quoted(text))}"#]), #"{"Records":[{"Sns":{"Message":\#(quoted(text))}}]}"#,
            records.map { #"{"detail-type":"AWS API Call via CloudTrail","detail":\#($0)}"# }.joined(separator: "\n"),
            #"{"Events":[\#(records.map { #"{"CloudTrailEvent":\#(quoted($0))}"# }.joined(separator: ","))]}"#,
        ] {
            let sink = CollectingSink.read(event)
            #expect(sink.records == records, "\(event.prefix(80))")
            #expect(sink.failures.isEmpty)
            #expect(sink.passedOver.isEmpty)
        }
    }

    @Test func `base64 whose slashes and equals signs are escaped is read`() {
        let data = packed(batch((0..<4).map(Self.record)))
        #expect(data.contains("/") && data.contains("="))
        let escaped = data.replacing("/", with: #"\/"#).replacing("=", with: #"\u003d"#)
        #expect(CollectingSink.read(logs(escaped)) == CollectingSink.read(logs(data)))
        #expect(CollectingSink.read(logs(escaped)).records.count == 4)
    }

    @Test func `control messages and empty batches are passed over`() {
        #expect(
            CollectingSink.read(logs(packed(batch(["check"], type: "CONTROL_MESSAGE")))).passedOver == [.controlMessage]
        )
        let empty = CollectingSink.read(logs(packed(batch([]))))
        #expect(empty.passedOver == [.emptyBatch])
        #expect(empty.failures.isEmpty)
        #expect(CollectingSink.read(#"{"Events":[]}"#).passedOver == [.emptyBatch])
    }

    @Test func `a payload that cannot be unpacked is set aside with its reason and its neighbours come out`() {
        let good = packed(batch([Self.record(0)]))
        let gzip = Gzip.member(Array(batch([Self.record(1)]).utf8))
        let bomb = Gzip.base64(Gzip.member([UInt8](repeating: 0x20, count: 1 << 20), repeated: 65))
        for (data, reason) in [
            (Gzip.base64(Array("not gzip".utf8)), "damaged-gzip"),
            (Gzip.base64(Array(gzip.dropLast(9))), "truncated-gzip"), ("", "truncated-gzip"),
            (bomb, "inflates-too-far"),
            ("****", "not-base64"), (packed("{\"logEvents\":["), "cut-short"), (packed("[1]"), "not-a-record"),
            (packed("{} {}"), "not-json"),
            (packed("{\"a\":\(String(repeating: "[", count: 10_000))"), "nested-too-deep"),
        ] {
            let sink = CollectingSink.read(kinesis([good, data, good]))
            #expect(sink.eventIds == ["id-0", "id-0"], "\(reason)")
            #expect(sink.failures.map(\.name) == [reason])
        }
    }

    @Test func `a log event that is no record is set aside and the rest of its batch comes out`() {
        let sink = CollectingSink.read(
            logs(
                packed(
                    batch([
                        Self.record(0), "START RequestId: 1", String(Self.record(1).dropLast(5)), Self.record(2),
                        Self.record(3).replacing("Z\"", with: "\""), Self.record(4).replacing("2026", with: "then"),
                        Self.record(5).dropLast() + #","eventID":"again"}"#, Self.record(6) + "x", "",
                    ])
                )
            )
        )
        #expect(sink.eventIds == ["id-0", "id-2", "id-3"])
        #expect(
            sink.failures.map(\.name) == [
                "not-a-record", "cut-short", "no-event-time", "repeated-name", "not-json", "not-a-record",
            ]
        )
    }

    /// Records that are odd and still records.
    @Test(arguments: [
        #""eventVersion":"99.42""#, #""eventVersion":null"#, #""responseElements":{"omitted":true}"#,
        #""requestParameters":{"omitted":true,"originalSize":262143,"reason":"x"}"#,
        #""additionalEventData":{"n":[9007199254740993,1e400,-0.0,123456789012345678901234567890]}"#,
        #""requestParameters":null"#, #""userIdentity":null"#, #""userIdentity":"x""#, #""userIdentity":{}"#,
        #""addendum":{"reason":"UPDATED_DATA"}"#, #""userAgent":"\u0000\ud800\u2028""#, #""newMember":[[[]]]"#,
    ])
    func `a record with odd members is taken as it is`(member: String) {
        let base =
            member.contains("eventVersion")
            ? Self.record(1).replacing(#""eventVersion":"1.09","#, with: "") : Self.record(1)
        let text = base.dropLast() + "," + member + "}"
        for shape in [text, #"{"Records":[\#(text)]}"#, logs(packed(batch([text])))] {
            let sink = CollectingSink.read(shape)
            #expect(sink.records == [text])
            #expect(sink.failures.isEmpty)
        }
    }

    @Test func `a record nested 10,000 deep is set aside and one nested below the limit is taken`() {
        func nested(_ depth: Int) -> String {
            Self.record(1).dropLast() + #","requestParameters":"# + String(repeating: "[", count: depth)
                + String(repeating: "]", count: depth) + "}"
        }
        for text in [nested(10_000), nested(JSONScanner.deepest + 1)] {
            #expect(CollectingSink.read(#"{"Records":[\#(text),\#(Self.record(2))]}"#).failures == [.tooDeep])
            #expect(CollectingSink.read(#"{"Records":[\#(text),\#(Self.record(2))]}"#).eventIds == ["id-2"])
            #expect(CollectingSink.read(logs(packed(batch([text])))).failures == [.tooDeep])
        }
        #expect(CollectingSink.read(nested(JSONScanner.deepest)).failures.isEmpty)
    }

    @Test func `names that are ours are told as reserved, also where there are two of them`() {
        let text = Self.record(1).dropLast() + #","account":{},"usage":{}}"# as String
        let names = CollectingSink.read(text).failures.map { $0.name }
        #expect(names == ["reserved-name"])
    }

    @Test func `the object that a notification names is told, so that it can be read elsewhere`() {
        let body =
            #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-01-01T00:00:00Z","#
            + #""s3":{"bucket":{"name":"trails"},"object":{"key":"AWSLogs/a%20b.json.gz"}}}]}"#
        #expect(CollectingSink.read(sqs([body])).failures == [.namesAnObject("s3://trails/AWSLogs/a%20b.json.gz")])
    }
}
