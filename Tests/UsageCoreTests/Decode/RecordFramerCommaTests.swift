import Testing
import UsageCore

/// Commas between the elements of an array, as RFC 8259 section 5 asks for them.
@Suite struct RecordFramerCommaTests {
    /// `text` with a record in the place of each digit.
    private static func array(_ text: String) -> String {
        text.map { $0.wholeNumberValue.map(RecordReaderTests.record) ?? String($0) }.joined()
    }

    @Test(
        arguments: [
            ("0 1,2", [.missingComma]), ("0,1\n2", [.missingComma]), ("0 1 2", [.missingComma, .missingComma]),
            ("0,,1,2", [.strayComma]), ("0,1,2,", [.strayComma]), (",0,1,2", [.strayComma]),
            ("0,,,,1,2", [.strayComma]), ("0,1, , 2,,", [.strayComma, .strayComma]),
            ("0,,1 2", [.strayComma, .missingComma]),
            ("0 null 1,2", [.missingComma, .notARecord, .missingComma]),
        ] as [(String, [DecodeFailure])],
        [1, 40, 100_000]
    )
    func `a missing or needless comma is told and costs no record`(
        fault: (elements: String, said: [DecodeFailure]),
        piece: Int
    ) {
        for text in [
            "[\(Self.array(fault.elements))]", "{\"Records\": [\(Self.array(fault.elements)) ], \"more\":{}}\n",
        ] {
            let sink = CollectingSink.read(text, piece: piece)
            #expect(sink.eventIds == ["id-0", "id-1", "id-2"])
            #expect(sink.failures == fault.said)
            #expect(sink.setAsideBytes == (fault.said.contains(.notARecord) ? 4 : 0))
            #expect(sink.passedOver.isEmpty)
        }
    }

    @Test func `commas alone are no empty batch`() {
        for text in ["[,]", "[,,,,]", #"{"Records":[,]}"#] {
            let sink = CollectingSink.read(text)
            #expect(sink.failures == [.strayComma])
            #expect(sink.passedOver.isEmpty)
        }
    }

    @Test(arguments: [1, 30, 100_000])
    func `a damaged record that takes a comma with it is told once`(piece: Int) {
        let damaged = RecordReaderTests.record(1).dropLast()
        for between in [",", " ", ",,"] {
            let text = "[\(RecordReaderTests.record(0)),\(damaged)\(between)\(RecordReaderTests.record(2))]"
            let sink = CollectingSink.read(text, piece: piece)
            #expect(sink.eventIds == ["id-0", "id-2"])
            #expect(sink.failures.map(\.name) == ["not-json"], "\(between)")
        }
    }

    @Test func `a fault that reaches to the end of the file is told once`() {
        let whole = "{\"Records\":[\(RecordReaderTests.record(0)),"
        for rest in [#"{"eventVersion":"1.08","#, #"{"eventVersion":1x,"#, "tru", "nonsense", "{\"a\":\"\u{1}"] {
            let sink = CollectingSink.read(whole + rest)
            #expect(sink.eventIds == ["id-0"])
            #expect(sink.failures.count == 1, "\(rest): \(sink.failures)")
            #expect(sink.setAsideBytes == rest.utf8.count)
        }
    }
}
