import TestSupport
import Testing

@testable import UsageCore

/// What becomes of a delivery: every record one line of a bulk body, equal to what the other stores keep.
@Suite struct IngestBatchTests {
    private static let now: Int64 = 1_791_797_700

    private static func record(_ id: Int, account: String = "111122223333", at seconds: Int64 = now) -> String {
        #"{"eventVersion":"1.09","eventTime":"\#(EventTime.text(seconds))","eventSource":"ec2.amazonaws.com","#
            + #""eventName":"RunInstances","awsRegion":"eu-west-1","userAgent":"aws-cli/2","eventID":"id-\#(id)","#
            + #""recipientAccountId":"\#(account)"}"#
    }

    private static func batch(_ text: String, watchedOnly: Bool = false, item: Int = 0) throws -> IngestBatch {
        let catalog = try UsageCatalog.builtIn()
        var batch = IngestBatch(catalog, UsageMatcher(catalog), receivedAt: now, keepsWatchedOnly: watchedOnly)
        batch.begin(item: item, source: "here", identity: Digest128(of: text))
        var reader = RecordReader()
        try Array(text.utf8).withUnsafeBufferPointer { try batch.read($0, &reader) }
        try batch.finish(&reader)
        return batch
    }

    private static func lines(
        _ batch: IngestBatch,
        form: BulkBody.Form = .whole
    ) throws -> [(action: JSONValue, document: JSONValue)] {
        var body = BulkBody(batch, contexts: batch.accounts.map(AccountContext.missing))
        let items = Array(batch.records.indices)
        #expect(body.fill(items[...], limit: .max, form: form) == items.count)
        #expect(body.bytes.last == 0x0A)
        let lines = body.bytes.split(separator: 0x0A).map(Array.init)
        #expect(lines.count == items.count * 2)
        return try stride(from: 0, to: lines.count, by: 2).map {
            (try JSONValue.parse(lines[$0]), try JSONValue.parse(lines[$0 + 1]))
        }
    }

    private func logs(_ messages: [String], stream: String = "a_CloudTrail", from first: Int = 0) -> String {
        let events = messages.enumerated().map { index, message in
            var json = JSONText()
            json.string(message)
            return #"{"id":"\#(first + index)","timestamp":1,"message":\#(json.text)}"#
        }
        return #"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"\#(stream)","#
            + #""logEvents":[\#(events.joined(separator: ","))]}"#
    }

    private static func long(_ count: Int) -> String { String(repeating: "x", count: count) }

    @Test func `a record becomes an action and the document that other stores keep`() throws {
        let text = Self.record(1)
        let line = try #require(try Self.lines(try Self.batch(text)).first)
        #expect(line.action["create"]?["_index"]?.string == "usage-records-2026.10.12")
        #expect(line.action["create"]?["_id"]?.string == "111122223333-id-1")
        let usage = try #require(try UsageCatalog.builtIn()["ec2-run-instances"])
        let members = try #require(ScannedRecord(text)).read { fields, bytes in
            let facts = WatchedFacts(usage, fields, bytes)
            return StoredMembers.text(
                account: .missing("111122223333"),
                usage: (usage, facts, CountedFacts(usage, facts, fields, bytes)),
                region: "eu-west-1",
                isOwn: false,
                receivedAt: Self.now,
                source: "here"
            )
        }
        let whole = text.dropLast() + "," + String(decoding: members, as: UTF8.self) + "}"
        #expect(try JSONValue.parse(Array(whole.utf8)) == line.document)
    }

    @Test func `line breaks between tokens become spaces, those in strings are escapes and stay`() throws {
        let text = Self.record(1).replacing(",\"eventName\"", with: ",\r\n\t\"eventName\"")
            .replacing("aws-cli/2", with: #"a\nb"#)
        let line = try #require(try Self.lines(try Self.batch(text)).first)
        #expect(line.document["userAgent"]?.string == "a\nb")
        #expect(line.document["eventName"]?.string == "RunInstances")
    }

    @Test(
        arguments: [
            (-400 * 86400, "usage-records-2025.09.07"), (-400 * 86400 - 1, "usage-records-other"),
            (86400, "usage-records-2026.10.13"), (86401, "usage-records-other"),
        ] as [(Int64, String)]
    )
    func `a record far from its arrival lies apart`(offset: Int64, index: String) throws {
        let batch = try Self.batch(Self.record(1, at: Self.now + offset))
        #expect(try Self.lines(batch).first?.action["create"]?["_index"]?.string == index)
        #expect(batch.records.first?.isTimely == (index != "usage-records-other"))
    }

    @Test(
        arguments: [
            (#""eventID":"id-1""#, #""eventID":"a\u0041\"""#, "111122223333-aA\""),
            (#""recipientAccountId":"111122223333""#, #""recipientAccountId":111122223333"#, "111122223333-id-1"),
            (#","recipientAccountId":"111122223333""#, "", nil), (#""eventID":"id-1""#, #""eventID":null"#, nil),
            (#""eventID":"id-1""#, "\"eventID\":\"\(long(600))\"", nil),
            (#""eventID":"id-1""#, "\"eventID\":\"\(long(300))\"", "111122223333-" + long(300)),
        ] as [(String, String, String?)]
    )
    func `the id is the account and the event, or a hash where one is missing or too long`(
        old: String,
        new: String,
        id: String?
    ) throws {
        let text = Self.record(1).replacing(old, with: new)
        let batch = try Self.batch(text)
        let found = try #require(try Self.lines(batch).first?.action["create"]?["_id"]?.string)
        let expected = try #require(ScannedRecord(text)).read { $0.identityText($1) }
        #expect(found == id ?? expected)
        #expect(found == expected)
        let record = try #require(batch.records.first)
        #expect(found == batch.identity(of: record))
    }

    @Test func `bodies end before the limit, and a record above it goes alone`() throws {
        let batch = try Self.batch((0..<10).map { Self.record($0) }.joined(separator: "\n"))
        var body = BulkBody(batch, contexts: [.missing("111122223333")])
        let items = Array(batch.records.indices)
        #expect(body.fill(items[...], limit: .max) == 10)
        let all = body.bytes
        var joined: [UInt8] = []
        var sizes: [Int] = []
        var done = 0
        while done < 10 {
            done += body.fill(items[done...], limit: all.count / 3)
            sizes.append(body.bytes.count)
            joined += body.bytes
        }
        #expect(joined == all)
        #expect(sizes.count == 4 && sizes.allSatisfy { $0 <= all.count / 3 })
        #expect(body.fill(items[3...], limit: 10) == 1)
        #expect(body.bytes.count > 10)
    }

    @Test func `the unindexed form has the core as text, our members and the whole record`() throws {
        let text = Self.record(1).replacing(#""awsRegion":"eu-west-1""#, with: #""awsRegion":{"a":1}"#)
        let line = try #require(try Self.lines(try Self.batch(text), form: .unindexed).first)
        #expect(
            line.document.members?.map(\.name) == [
                "eventID", "eventName", "eventSource", "recipientAccountId", "eventTime", "unindexed", "account",
                "usage",
                "self", "ingest",
            ]
        )
        #expect(try line.document["unindexed"] == JSONValue.parse(Array(text.utf8)))
        #expect(line.document["eventTime"]?.string == EventTime.text(Self.now))
        #expect(line.action["create"]?["_id"]?.string == "111122223333-id-1")
    }

    @Test func `records keep their log stream, and a batch its identity, however often it comes`() throws {
        let one = logs([Self.record(1), Self.record(2)], stream: "one")
        let two = logs([Self.record(1), Self.record(2)], stream: "two", from: 7)
        let batch = try Self.batch(one + "\n" + two)
        let sources = try Self.lines(batch).map { $0.document["ingest"]?["source"]?.string }
        #expect(sources == ["one", "one", "two", "two"])
        let again = try Self.batch(two + "\n" + one)
        let identities = { (batch: IngestBatch) in Set(batch.origins.dropFirst().map(\.identity)) }
        #expect(identities(batch) == identities(again))
        #expect(identities(batch).count == 2)
        let other = logs([Self.record(1), Self.record(2)], stream: "one", from: 1)
        #expect(try identities(Self.batch(one)).isDisjoint(with: identities(Self.batch(other))))
    }

    @Test func `what cannot be read is kept with its stream and log event, and the rest goes on`() throws {
        let batch = try Self.batch(logs([Self.record(1), "START RequestId", Self.record(2)], from: 40))
        #expect(batch.records.count == 2)
        let unread = try #require(batch.unread.first)
        #expect(unread.rest.failure == .notARecord && unread.rest.bytes == Array("START RequestId".utf8))
        #expect(batch.origins[unread.origin].source == "a_CloudTrail")
        #expect(unread.eventId == "41")
    }

    @Test func `with the narrow scope only watched records are kept and the others are counted`() throws {
        let other = Self.record(2).replacing("RunInstances", with: "DescribeInstances")
        let batch = try Self.batch([Self.record(1), other].joined(separator: "\n"), watchedOnly: true)
        #expect(batch.records.count == 1 && batch.outsideScope == 1)
        #expect(batch.watched.map(\.quantity) == [1])
    }

    @Test func `records of many accounts keep theirs`() throws {
        let ids = (0..<50).map { String(100_000_000_000 + $0 % 7) } + ["strange", "strange"]
        let batch = try Self.batch(ids.enumerated().map { Self.record($0, account: $1) }.joined(separator: "\n"))
        #expect(batch.records.map { batch.accounts[Int($0.account)] } == ids)
        #expect(batch.accounts.count == 8)
    }

    @Test func `what our own functions did is stored as such`() throws {
        let own = Self.record(1).replacing(
            #""eventID""#,
            with: #""userIdentity":{"arn":"arn:aws:sts::1:assumed-role/r/MultiAccountLogsFunction"},"eventID""#
        )
        let reading = own.replacing("RunInstances", with: "DescribeInstances")
        let lines = try Self.lines(try Self.batch([reading, own, Self.record(2)].joined(separator: "\n")))
        // None of our functions starts instances: a session that does only bears the name.
        #expect(lines.map { $0.document["self"]?.bool } == [true, false, false])
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `real records keep every byte before our members`() throws {
        let catalog = try UsageCatalog.builtIn()
        var count = 0
        for name in try Folder.names(SharedData.path("cloudtrail")) where name.hasSuffix(".gz") {
            let bytes = try Folder.bytes(SharedData.path("cloudtrail/" + name))
            var batch = IngestBatch(catalog, UsageMatcher(catalog), receivedAt: 1_688_990_400)
            var reader = RecordReader()
            try bytes.withUnsafeBufferPointer { try batch.read($0, &reader) }
            try batch.finish(&reader)
            let texts = CollectingSink.read(bytes).sink.records
            var body = BulkBody(batch, contexts: batch.accounts.map(AccountContext.missing))
            let items = Array(batch.records.indices)
            #expect(body.fill(items[...], limit: .max) == texts.count)
            let lines = body.bytes.split(separator: 0x0A)
            for (index, text) in texts.enumerated() {
                #expect(lines[index * 2 + 1].starts(with: text.utf8.dropLast()))
                #expect(JSONScanner.fault(in: Array(lines[index * 2 + 1])) == nil)
            }
            count += texts.count
        }
        #expect(count == 2900)
    }
}

extension JSONScanner {
    fileprivate static func fault(in bytes: [UInt8]) -> Fault? { bytes.withUnsafeBufferPointer { fault(in: $0) } }
}
