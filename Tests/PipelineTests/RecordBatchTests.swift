import Pipeline
import TestSupport
import Testing
import UsageCore

@Suite struct RecordBatchTests {
    private static let start: Int64 = 1_767_571_200

    private func batch(_ bytes: [UInt8], _ directory: AccountDirectory = AccountDirectory()) throws -> RecordBatch {
        var batch = RecordBatch(try UsageCatalog.builtIn(), directory, source: "here", receivedAt: Self.start)
        var reader = RecordReader()
        try bytes.withUnsafeBufferPointer { try reader.feed($0, into: &batch) }
        try reader.finish(into: &batch)
        return batch
    }

    /// The stored document as the stores write it: our members behind the record's own.
    private func document(_ record: StoredRecord) -> [UInt8] {
        record.body.dropLast() + [UInt8(ascii: ",")] + record.members + [UInt8(ascii: "}")]
    }

    @Test func `a record keeps its bytes and gains what it counts as`() throws {
        let text = RecordText().launch(3, "g5.xlarge", at: Self.start, id: 1)
        let directory = try AccountDirectory(
            json: Array(#"{"accounts":[{"id":"111122223333","alias":"prod","type":"production"}]}"#.utf8)
        )
        let record = try #require(try batch(Array("  \(text)\n".utf8), directory).records.first)
        #expect(record.body == Array(text.utf8))
        #expect(record.identity == "111122223333-event-111122223333-1")
        #expect(record.time == Self.start && record.account == "111122223333" && record.region == "eu-central-1")
        #expect(record.eventSource == "ec2.amazonaws.com" && record.eventName == "RunInstances")
        #expect(record.usage == "ec2-run-instances")
        let tree = try JSONValue.parse(document(record))
        #expect(tree["usage"]?["quantity"]?.number == 3)
        #expect(tree["usage"]?["instanceType"]?.string == "g5.xlarge")
        #expect(tree["usage"]?["place"]?.string == "111122223333/eu-central-1")
        #expect(tree["account"]?["alias"]?.string == "prod")
        #expect(tree["self"]?.bool == false)
        #expect(tree["ingest"]?["source"]?.string == "here")
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `in the stored document of every real record its own members stand unchanged before ours`() throws {
        var count = 0
        for name in try Folder.names(SharedData.path("cloudtrail")) {
            for record in try batch(try Folder.bytes(SharedData.path("cloudtrail/" + name))).records {
                count += 1
                let whole = document(record)
                #expect(whole.starts(with: record.body.dropLast()))
                guard count.isMultiple(of: 10) else { continue }
                let own = try #require(try JSONValue.parse(record.body).members)
                let all = try #require(try JSONValue.parse(whole).members)
                #expect(Array(all.prefix(own.count)) == own)
                let added = all.dropFirst(own.count).map(\.name)
                #expect(
                    added
                        == (record.usage == nil
                            ? ["account", "self", "ingest"] : ["account", "usage", "self", "ingest"])
                )
            }
        }
        #expect(count == 2900)
    }

    @Test func `numbers beyond 2^53 and odd white space stay as they came`() throws {
        let text =
            #"{ "eventTime" :"2026-01-05T00:00:00Z", "eventSource":"a.amazonaws.com","eventName":"X","eventID":"e", "#
            + "\"n\":[9007199254740993, 1.0, -0,\t1E400], \"s\":\"\\u00e9\\/\" ,\n\"recipientAccountId\":\"111122223333\" }"
        let record = try #require(try batch(Array(text.utf8)).records.first)
        #expect(record.body == Array(text.utf8))
        #expect(record.usage == nil)
        #expect(try JSONValue.parse(document(record))["ingest"]?["source"]?.string == "here")
    }

    @Test func `what cannot be read is kept with its reason, its place and its bytes`() throws {
        let bad = RecordText().launch(1, "t3.micro", at: Self.start, id: 2).replacing("RunInstances", with: #"\q"#)
        var found = try batch(Array("\(bad)\n\(RecordText().launch(1, "t3.micro", at: Self.start, id: 3))\n{}".utf8))
        #expect(found.records.count == 1)
        let item = try #require(found.setAsides.first)
        #expect(item.reason == "not-json" && item.source == "here")
        #expect(String(decoding: item.bytes, as: UTF8.self) == bad + "\n")
        #expect(!item.detail.contains("\n"))
        #expect(found.passedOver == [.other])
        found.clear()
        #expect(found.records.isEmpty && found.setAsides.isEmpty && found.problems.isEmpty && found.passedOver.isEmpty)
        #expect(found.setAsideCount == 0 && found.passedOverCount == 0 && found.heldBytes == 0)
    }

    @Test func `what is repeated without end is counted and kept once`() throws {
        let nothings = String(repeating: "{}", count: 5000)
        let passed = try batch(Array(nothings.utf8))
        #expect(passed.passedOverCount == 5000)
        #expect(passed.passedOver.count <= 100)
        #expect(passed.heldBytes == 0)

        let ones = try batch(Array("[\(String(repeating: "1,", count: 5000))2]".utf8))
        #expect(ones.setAsideCounts == ["not-a-record": 5001])
        #expect(ones.setAsides.map { String(decoding: $0.bytes, as: UTF8.self) } == ["1", "2"])
        #expect(ones.problems.count == 2)
        #expect(ones.heldBytes < 2000)
    }

    @Test func `what the solution's own functions did is marked as theirs`() throws {
        var own = RecordText()
        own.principal = "arn:aws:sts::111122223333:assumed-role/collector/MultiAccountLogsFunction"
        let record = try #require(
            try batch(Array(own.call("Invoke", source: "lambda.amazonaws.com", at: Self.start, id: 4).utf8)).records
                .first
        )
        #expect(try JSONValue.parse(document(record))["self"]?.bool == true)
    }
}
