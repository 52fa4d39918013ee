import TestSupport
import Testing
import UsageCore

@Suite struct RecordReaderTests {
    static func record(_ id: Int) -> String {
        #"{"eventVersion":"1.09","eventTime":"2026-01-05T00:00:0\#(id % 10)Z","eventSource":"ec2.amazonaws.com","#
            + #""eventName":"RunInstances","awsRegion":"eu-central-1","eventID":"id-\#(id)","recipientAccountId":"111122223333"}"#
    }

    static let list = (0..<7).map(record).joined(separator: ",")
    static let ids = (0..<7).map { "id-\($0)" }

    static let shapes: [String] = [
        #"{"Records":[\#(list)]}"#,
        #" { "Records" : [ \#(list) ] , "more" : {"a":[1]} } "#,
        "[\(list)]",
        (0..<7).map(record).joined(separator: "\n") + "\n",
        (0..<7).map(record).joined(separator: "\r\n"),
        (0..<7).map(record).joined(),
        "\u{FEFF}" + #"{"Records":[\#(list)]}"#,
        #"{"about":"text","Records":[\#(list)]}"#,
        #"{"Events":[\#((0..<7).map { #"{"EventId":"x","CloudTrailEvent":\#(quoted(record($0)))}"# }.joined(separator: ","))]}"#,
    ]

    private static func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        return json.text
    }

    @Test(arguments: shapes, [1, 7, 64, 4096])
    func `the same records come out however the input is cut`(shape: String, piece: Int) {
        let sink = CollectingSink.read(shape, piece: piece)
        #expect(sink.eventIds == Self.ids)
        #expect(sink.failures.isEmpty)
        #expect(sink.records == (0..<7).map(Self.record))
    }

    @Test(arguments: [
        Self.record(3).dropLast() + "", Self.record(3).replacing(#""eventID""#, with: "eventID"),
        Self.record(3).replacing("RunInstances", with: #"Run\qInstances"#), Self.record(3).replacing(":", with: "::"),
    ])
    func `a damaged record is set aside and its neighbours come out`(damaged: String) {
        for piece in [5, 100, 100_000] {
            let text = #"{"Records":[\#(Self.record(1)),\#(damaged),\#(Self.record(5)),\#(Self.record(6))]}"#
            let sink = CollectingSink.read(text, piece: piece)
            #expect(sink.eventIds == ["id-1", "id-5", "id-6"], "\(damaged) in pieces of \(piece)")
            #expect(sink.failures.count == 1)
            #expect(sink.setAsideBytes >= damaged.utf8.count)
            let lines = CollectingSink.read(
                [Self.record(1), damaged, Self.record(5)].joined(separator: "\n"),
                piece: piece
            )
            #expect(lines.eventIds == ["id-1", "id-5"])
            #expect(lines.failures.count == 1)
        }
    }

    @Test func `bytes that are not UTF-8 cost their record only`() {
        var bytes = Array(#"{"Records":[\#(Self.record(1)),"#.utf8)
        bytes += Array(Self.record(2).utf8).map { $0 == UInt8(ascii: "R") ? 0xFF : $0 }
        bytes += Array(",\(Self.record(3))]}".utf8)
        let sink = CollectingSink.read(bytes).sink
        #expect(sink.eventIds == ["id-1", "id-3"])
        #expect(sink.failures.map(\.name) == ["not-utf8"])
    }

    @Test func `a file that ends early gives what was whole and says so`() {
        let whole = Array(#"{"Records":[\#(Self.list)]}"#.utf8)
        for cut in stride(from: 12, to: whole.count - 2, by: 97) {
            let sink = CollectingSink.read(Array(whole[..<cut])).sink
            #expect(sink.eventIds == Array(Self.ids.prefix(sink.eventIds.count)))
            #expect(sink.failures.count == 1 || sink.failures == [.cutShort, .cutShort])
        }
    }

    @Test func `what holds no records is passed over`() {
        #expect(CollectingSink.read(#"{"Records":[]}"#).failures.isEmpty)
        #expect(CollectingSink.read("{}").passedOver == [.other])
        #expect(CollectingSink.read("").passedOver.isEmpty)
        #expect(
            CollectingSink.read(#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","message":"x"}]}"#).passedOver
                == [.controlMessage]
        )
    }

    @Test func `names that stand twice and names that are ours are set aside`() {
        #expect(
            CollectingSink.read(Self.record(1).dropLast() + #","awsRegion":"x"}"#).failures == [
                .repeatedName("awsRegion")
            ]
        )
        #expect(
            CollectingSink.read(Self.record(1).dropLast() + #","stranger":1,"stranger":2}"#).failures == [
                .repeatedName("stranger")
            ]
        )
        #expect(CollectingSink.read(Self.record(1).dropLast() + #","":1,"":2}"#).failures == [.repeatedName("")])
        #expect(CollectingSink.read(Self.record(1).dropLast() + #","usage":{}}"#).failures == [.reservedName("usage")])
        #expect(
            CollectingSink.read(Self.record(1).dropLast() + #","event\u0054ime":"x","us\u0061ge":{}}"#).failures
                == [.repeatedName("eventTime")]
        )
        #expect(
            CollectingSink.read(Self.record(1).dropLast() + #","us\u0061ge":{}}"#).failures == [.reservedName("usage")]
        )
    }

    @Test func `a record whose names are escaped is a record like any other`() {
        let escaped = Self.record(3).replacing("event", with: #"\u0065vent"#).replacing("Region", with: #"R\u0065gion"#)
        let sink = CollectingSink.read("[\(Self.record(1)),\(escaped)]")
        #expect(sink.eventIds == ["id-1", "id-3"])
        #expect(sink.failures.isEmpty && sink.passedOver.isEmpty)
    }

    @Test func `a document wrapped without end is set aside, not passed over`() {
        var text = #"{"eventSource":"x","detail":{}}"#
        for _ in 0..<8 { text = #"{"detail":\#(text)}"# }
        #expect(CollectingSink.read(text).failures == [.wrappedTooOften])
    }

    @Test func `a record without a time that can be read is set aside`() {
        let text = Self.record(1).replacing("2026-01-05T00:00:01Z", with: "yesterday")
        #expect(CollectingSink.read(text).failures == [.noEventTime("yesterday")])
    }

    @Test(
        arguments: [
            ("eventbridge-run-instances.json", 1, []), ("logs-one-account.json", 4, []),
            ("logs-control-message.json", 0, []),
            ("logs-truncated.json", 0, ["truncated-gzip"]), ("record-duplicate-key.json", 0, ["repeated-name"]),
            ("record-hostile-text.json", 1, []), ("record-no-context.json", 1, []), ("insight-record.json", 1, []),
            ("sqs-s3-notification.json", 0, ["names-an-object"]), ("empty.json", 0, []),
            ("schedule.json", 0, []),
        ] as [(String, Int, [String])]
    )
    func `a sample event holds what its name says`(name: String, records: Int, failures: [String]) throws {
        let sink = CollectingSink.read(try Folder.bytes(SharedData.packageRoot + "/Events/" + name)).sink
        #expect(sink.records.count == records)
        #expect(sink.failures.map(\.name) == failures)
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `real records are read field by field as a tree would read them`() throws {
        var count = 0
        for name in try Folder.names(SharedData.path("cloudtrail")) {
            let (sink, failure) = CollectingSink.read(try Folder.bytes(SharedData.path("cloudtrail/" + name)))
            #expect(failure == nil)
            #expect(sink.failures.isEmpty)
            for (id, text) in zip(sink.eventIds, sink.records) {
                count += 1
                let bytes = Array(text.utf8)
                let tree = try JSONValue.parse(bytes)
                #expect(tree["eventID"]?.string == id)
                guard count.isMultiple(of: 20) else { continue }
                bytes.withUnsafeBufferPointer { buffer in
                    var scanner = JSONScanner(buffer)
                    var fields = RecordFields()
                    let isRead = fields.scan(&scanner)
                    #expect(isRead)
                    let caller = Caller(fields, buffer)
                    #expect(caller.accessKey == tree["userIdentity"]?["accessKeyId"]?.string)
                    #expect(caller.userAgent == tree["userAgent"]?.string ?? "")
                    for (range, key) in [
                        (fields.eventTime, "eventTime"), (fields.eventName, "eventName"),
                        (fields.errorCode, "errorCode"),
                    ] {
                        #expect(JSONString.text(range, in: buffer) == tree[key]?.string)
                    }
                    let issuer = tree["userIdentity"]?["sessionContext"]?["sessionIssuer"]?["arn"]?.string
                    if let issuer { #expect(caller.principal == issuer) }
                }
            }
        }
        #expect(count == 2900)
    }
}
