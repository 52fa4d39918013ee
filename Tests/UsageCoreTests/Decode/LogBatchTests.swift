import Testing

@testable import UsageCore

/// The one walk over a batch of log events: whatever is broken in it, nothing else is lost.
@Suite struct LogBatchTests {
    private static let record = RecordReaderTests.record
    private let head = #""messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","#

    private func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        return json.text
    }

    private func event(_ id: Int) -> String { #"{"id":"\#(id)","timestamp":1,"message":\#(quoted(Self.record(id)))}"# }

    /// The batch inside an event of CloudWatch Logs.
    private func read(_ batch: [UInt8]) -> CollectingSink {
        CollectingSink.read(#"{"awslogs":{"data":"\#(Gzip.base64(Gzip.member(batch)))"}}"#)
    }

    private func read(_ batch: String) -> CollectingSink { read(Array(batch.utf8)) }

    @Test func `members in any order give the same records`() {
        let events = #""logEvents":[\#(event(0)),\#(event(1))]"#
        for text in [
            "{\(head)\(events)}", "{\(events),\(head.dropLast())}", "{\(head)\(events),\"more\":[{}]} ",
            "{\"more\":{\"logEvents\":[1]},\(head)\(events)}",
        ] {
            let sink = read(text)
            #expect(sink.eventIds == ["id-0", "id-1"], "\(text.prefix(60))")
            #expect(sink.failures.isEmpty && sink.passedOver.isEmpty)
        }
        #expect(read("{\(events),\"messageType\":\"CONTROL_MESSAGE\"}").passedOver == [.controlMessage])
        #expect(read("{\(events),\"messageType\":\"CONTROL_MESSAGE\"}").records.isEmpty)
    }

    @Test func `an event that is not JSON is set aside and its neighbours come out`() {
        for broken in [
            #"{"id":"x","message":"{}",}"#, #"{"id" "x"}"#, #"{"message":"\x"}"#, #"{"id":tru}"#,
            #"{"id":"a","message":[}"#,
        ] {
            let sink = read("{\(head)\"logEvents\":[\(event(0)),\(broken),\(event(1))]}")
            #expect(sink.eventIds == ["id-0", "id-1"], "\(broken)")
            #expect(sink.failures.count == 1)
            #expect(sink.setAsideBytes - broken.utf8.count <= 1)
        }
    }

    @Test func `bytes that are not UTF-8 cost the event they stand in`() {
        let bad =
            Array(#"{"id":"x","timestamp":1,"message":"\"#.utf8) + [UInt8(ascii: "\""), 0xFF, 0xC3] + Array(#""}"#.utf8)
        let batch = Array("{\(head)\"logEvents\":[\(event(0)),".utf8) + bad + Array(",\(event(1))]}".utf8)
        let sink = read(batch)
        #expect(sink.eventIds == ["id-0", "id-1"])
        #expect(sink.failures.map(\.name) == ["not-utf8"])
    }

    @Test func `a batch that ends early gives what came before and sets the rest aside, at every length`() {
        let start = Array("{\(head)\"logEvents\":[\(event(0)),".utf8)
        let whole = start + Array("\(event(1))],\"x\":1}".utf8)
        for count in (start.count - 1)..<whole.count {
            let sink = read(Array(whole[..<count]))
            #expect(sink.eventIds.first == "id-0")
            #expect(sink.failures.count == 1, "\(count)")
            #expect(sink.eventIds.count == 2 || sink.setAsideBytes > 0 || count <= start.count)
        }
        #expect(read(whole + Array(" {}".utf8)).failures == [.notJSON(at: whole.count + 1)])
    }

    @Test(arguments: [
        (#"a\"b\\c\/d"#, "a\"b\\c/d"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"\u00e9\u20AC"#, "é€"),
        (#"\ud83d\ude00"#, "😀"), (#"\ud83d\ud83d\ude00!"#, "\u{FFFD}😀!"), (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"),
        (#"\ud83dx"#, "\u{FFFD}x"), (#"\ud83d\n"#, "\u{FFFD}\n"), ("é€😀", "é€😀"), ("", ""),
        (#"1234567\"1234567\"12345678\"123456789\""#, #"1234567"1234567"12345678"123456789""#),
    ])
    func `the text of a string is what it stands for`(inner: String, text: String) {
        for pad in ["", "x", String(repeating: "pad é", count: 20_000)] {
            let bytes = Array(#"  "\#(pad)\#(inner)" "#.utf8)
            bytes.withUnsafeBufferPointer { buffer in
                var scanner = JSONScanner(buffer)
                var scratch = TextScratch(capacity: 64)
                let isRead = scanner.string(into: &scratch)
                #expect(isRead)
                #expect(String(decoding: scratch.bytes, as: UTF8.self) == pad + text)
                #expect(scanner.at == bytes.count - 1)
            }
        }
    }

    @Test(arguments: [
        #"{"a":"b","c":{"d":["e\"f\\","g\nh"],"i":1.5e3,"long":"0123456789abcdef0123456789abcdef"},"j":null}"#,
        "{\n  \"é€😀\" : \"😀😀😀😀😀😀\",\r\n\t\"\\u00e9\":\"\\ud83d\"}", "[]", "\"\"", "\"a\u{1}b\"", "\"a\nb\"", "{\"a",
        "\"a\\",
        "\"a\\q\"", "{\"a\":\"b\"", "", "tru",
    ])
    func `a text is scanned by its marks as it is without them`(text: String) {
        for pad in ["", String(repeating: " ", count: 20_000)] {
            var json = JSONText()
            json.string(pad + text)
            json.bytes.withUnsafeBufferPointer { buffer in
                var reader = JSONScanner(buffer)
                var scratch = TextScratch(capacity: 64)
                let isRead = reader.string(into: &scratch)
                #expect(isRead)
                var marked = scratch.scanner
                var plain = JSONScanner(scratch.bytes)
                let isMarkedValue = marked.skipValue()
                let isPlainValue = plain.skipValue()
                #expect(isMarkedValue == isPlainValue)
                #expect(marked.at == plain.at)
                #expect(marked.fault == plain.fault)
            }
        }
    }

    @Test(arguments: [#""abc"#, #""ab\"#, #""ab\u12"#, "\"a\u{1}b\"", #""\q""#, "", "a", #""\u12G4""#])
    func `a string that is cut or breaks the rules is none`(text: String) {
        Array(text.utf8).withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            var scratch = TextScratch()
            let isRead = scanner.string(into: &scratch)
            #expect(!isRead)
            #expect(scanner.fault != nil)
        }
    }
}
