import TestSupport
import Testing
import UsageCore

/// The same records must come out however the input is cut, whatever is broken in it.
@Suite struct RecordFramerTests {
    private static let record = RecordReaderTests.record
    private static let ids = (0..<7).map { "id-\($0)" }

    /// A record with its members on lines of their own, as `jq` or an editor leaves it.
    private static func pretty(_ id: Int) -> String {
        "    {\n      "
            + record(id).dropFirst().dropLast().replacing(#","e"#, with: ",\n      \"e")
            .replacing(#":""#, with: #" : ""#) + "\n    }"
    }

    private static let prettyFile =
        "{\n  \"Records\": [\n" + (0..<7).map(pretty).joined(separator: ",\n") + "\n  ]\n}\n"

    /// What comes of `bytes`, fed in pieces whose lengths are drawn from a seed.
    private func readAtRandom(_ bytes: [UInt8], seed: UInt64, longest: Int) -> CollectingSink {
        var generator = SeededGenerator(seed: seed)
        var sink = CollectingSink()
        var reader = RecordReader()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 0...longest, using: &generator))
            bytes[start..<end].withUnsafeBufferPointer { try? reader.feed($0, into: &sink) }
            start = end
        }
        try? reader.finish(into: &sink)
        return sink
    }

    private static let shapes: [String] =
        RecordReaderTests.shapes + [
            prettyFile, prettyFile.replacing("\n", with: "\r\n"),
            "[\n" + (0..<7).map(pretty).joined(separator: ",\n") + "\n]",
            "\u{FEFF}" + (0..<7).map(record).joined(separator: "\n\n\n"),
            #"{"Records":[\#(record(0)),\#(record(1))]}{"Records":[\#((2..<7).map(record).joined(separator: ","))]}"#,
            #"{"Records":[\#((0..<7).map(record).joined(separator: ","))],"count":1234567,"ratio":-12.5e+10}"#,
            "{\"Records\":[\(record(0))],\"after\":[{\"Records\":[1]}],\"more\":null}\n" + (1..<7).map(record).joined(),
        ]

    @Test(arguments: shapes)
    func `cuts at random change nothing`(shape: String) {
        let bytes = Array(shape.utf8)
        let whole = CollectingSink.read(bytes).sink
        #expect(whole.eventIds == Self.ids)
        #expect(whole.failures.isEmpty)
        #expect(whole.passedOver.isEmpty)
        for seed in 0..<12 as Range<UInt64> {
            #expect(readAtRandom(bytes, seed: seed, longest: seed % 2 == 0 ? 5 : 300) == whole)
        }
        for piece in [1, 7, 4096] { #expect(CollectingSink.read(bytes, piece: piece).sink == whole) }
    }

    @Test func `what is broken behind the array of a trail file is left at the next line, however the input is cut`() {
        let bytes = Array("{\"Records\":[\(Self.record(0))]; \(Self.record(1))\n\(Self.record(2))".utf8)
        let whole = CollectingSink.read(bytes).sink
        #expect(whole.eventIds == ["id-0", "id-2"])
        #expect(whole.failures.count == 1)
        for piece in 1...bytes.count {
            let sink = CollectingSink.read(bytes, piece: piece).sink
            #expect(sink.records == whole.records, "in pieces of \(piece)")
            #expect(sink.failures.count == 1 && sink.setAsideBytes == whole.setAsideBytes, "in pieces of \(piece)")
        }
    }

    @Test(arguments: shapes.indices)
    func `packed input is cut as freely as plain input`(index: Int) {
        let whole = CollectingSink.read(Self.shapes[index])
        let packed = Gzip.member(Array(Self.shapes[index].utf8))
        for piece in [1, 2, 7, 4096] {
            let (sink, failure) = CollectingSink.read(packed, piece: piece)
            #expect(failure == nil)
            #expect(sink == whole)
        }
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `real trail files give the same records in pieces of any size, packed and plain`() throws {
        var total = 0
        for (index, name) in try Folder.names(SharedData.path("cloudtrail")).enumerated() {
            let packed = try Folder.bytes(SharedData.path("cloudtrail/" + name))
            let plain = try Gzip.inflated(packed)
            let whole = CollectingSink.read(plain).sink
            guard case .array(let records)? = try? JSONValue.parse(plain)["Records"] else {
                Issue.record("\(name) is no trail file")
                continue
            }
            #expect(whole.eventIds == records.map { $0["eventID"]?.string ?? "" })
            #expect(whole.failures.isEmpty)
            total += whole.eventIds.count
            #expect(CollectingSink.read(packed, piece: 4096).sink == whole)
            #expect(CollectingSink.read(packed, piece: 7).sink == whole)
            if plain.count < 60_000 { #expect(CollectingSink.read(plain, piece: 1).sink == whole) }
            #expect(readAtRandom(plain, seed: UInt64(index), longest: 9000) == whole)
        }
        #expect(total == 2900)
    }

    /// Ways to break a record, each with what it is called.
    private static let damages: [(String, @Sendable (String) -> String)] = [
        ("its last brace is missing", { String($0.prefix($0.count - 1)) }),
        ("the quote behind a name is missing", { $0.replacing(#"awsRegion""#, with: "awsRegion") }),
        ("the quote before a value is missing", { $0.replacing(#""RunInstances"#, with: "RunInstances") }),
        ("the quote behind a value is missing", { $0.replacing(#"RunInstances""#, with: "RunInstances") }),
        ("the quote behind the last value is missing", { $0.replacing(#"111122223333""#, with: "111122223333") }),
        ("an escape is bad", { $0.replacing("RunInstances", with: #"Run\qInstances"#) }),
        ("an escape is short", { $0.replacing("RunInstances", with: #"Run\u12"#) }),
        (
            "a colon is missing",
            { $0.replacing(#"eventName":"#, with: #"eventName""#).replacing(#"eventName" :"#, with: #"eventName""#) }
        ),
        ("a comma is missing", { $0.replacing(#","awsRegion"#, with: #" "awsRegion"#) }),
        ("a string has a line break", { $0.replacing("RunInstances", with: "Run\nInstances") }),
        ("a value is missing", { $0.replacing(#""RunInstances""#, with: "") }),
        ("a bracket is of the wrong kind", { $0.replacing(#""RunInstances""#, with: "[1}") }),
        ("it is nested too deep", { $0.replacing(#""RunInstances""#, with: nested(10_000)) }),
    ]

    private static func nested(_ depth: Int) -> String {
        String(repeating: #"{"a":["#, count: depth / 2) + "1" + String(repeating: "]}", count: depth / 2)
    }

    @Test(arguments: damages.indices, [1, 23, 100_000])
    func `one damaged record of a trail file costs itself alone`(index: Int, piece: Int) {
        let (name, damage) = Self.damages[index]
        for write in [Self.record, Self.pretty] {
            let damaged = damage(write(3))
            let parts = (0..<7).map { $0 == 3 ? damaged : write($0) }
            let sink = CollectingSink.read(#"{"Records":[\#(parts.joined(separator: ","))]}"#, piece: piece)
            #expect(sink.eventIds == ["id-0", "id-1", "id-2", "id-4", "id-5", "id-6"], "\(name) in \(damaged)")
            #expect(sink.failures.count == 1, "\(name): \(sink.failures)")
            // White space around it may or may not be set aside with it.
            let bare = damaged.utf8.drop { $0 <= 0x20 }.count
            #expect(sink.setAsideBytes >= bare - 5, "\(name)")
            #expect(sink.setAsideBytes < bare + 12, "\(name)")
        }
    }

    @Test func `a record without its first brace falls apart and its neighbours come out`() {
        for write in [Self.record, Self.pretty] {
            let parts = (0..<7).map { id in
                id == 3 ? String(write(id).drop { $0 != "{" }.dropFirst()) : write(id)
            }
            let sink = CollectingSink.read(#"{"Records":[\#(parts.joined(separator: ","))]}"#)
            #expect(sink.eventIds == ["id-0", "id-1", "id-2", "id-4", "id-5", "id-6"])
            #expect(sink.setAsideBytes >= 150)
        }
    }

    @Test(arguments: damages.indices)
    func `one damaged line costs itself alone`(index: Int) {
        let (name, damage) = Self.damages[index]
        let lines = (0..<7).map { $0 == 3 ? damage(Self.record($0)) : Self.record($0) }
        for piece in [1, 50, 100_000] {
            for ending in ["\n", "\r\n"] {
                let sink = CollectingSink.read(lines.joined(separator: ending), piece: piece)
                #expect(sink.eventIds == ["id-0", "id-1", "id-2", "id-4", "id-5", "id-6"], "\(name)")
                #expect(sink.failures.count == 1, "\(name): \(sink.failures)")
            }
        }
    }

    @Test(arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
    func `bytes that are not UTF-8 are set aside as they came`(wrong: [UInt8]) throws {
        var bytes = Array("{\"Records\":[\(Self.record(0)),".utf8)
        var damaged = Array(Self.record(1).utf8)
        let place = try #require(damaged.firstIndex(of: UInt8(ascii: "R")))
        damaged.replaceSubrange(place...place, with: wrong)
        bytes += damaged + Array(",\(Self.record(2))]}".utf8)
        for piece in [1, 13, 10_000] {
            let sink = CollectingSink.read(bytes, piece: piece).sink
            #expect(sink.eventIds == ["id-0", "id-2"])
            #expect(sink.failures.map(\.name) == ["not-utf8"])
            #expect(sink.setAsideBytes == damaged.count)
        }
    }

    @Test func `a file cut at any byte gives every record that was whole and says that more was meant to come`() {
        let whole = Array(#"{"Records":[\#((0..<3).map(Self.record).joined(separator: ","))]}"#.utf8)
        let one = Self.record(0).utf8.count
        for count in 1..<whole.count {
            let sink = CollectingSink.read(Array(whole[..<count])).sink
            let expected = max(0, min(3, (count - 12 + 1) / (one + 1)))
            #expect(sink.eventIds == Array(Self.ids.prefix(expected)), "cut at \(count)")
            #expect(sink.failures == [.cutShort], "cut at \(count): \(sink.failures)")
        }
    }

    @Test func `a file cut between two records has nothing damaged in it and is still told as cut short`() {
        for end in ["", ",", ", \n"] {
            let sink = CollectingSink.read(#"{"Records":[\#(Self.record(0)),\#(Self.record(1))"# + end)
            #expect(sink.eventIds == ["id-0", "id-1"])
            #expect(sink.failures == [.cutShort])
            #expect(sink.setAsideBytes == 0)
        }
    }

    @Test func `a packed file cut at any byte gives what was whole and says so`() {
        let packed = Gzip.member(Array(#"{"Records":[\#((0..<7).map(Self.record).joined(separator: ","))]}"#.utf8))
        for count in 2..<packed.count {
            let (sink, failure) = CollectingSink.read(Array(packed[..<count]))
            #expect(failure == .truncatedGzip(after: count))
            #expect(sink.eventIds == Array(Self.ids.prefix(sink.eventIds.count)))
        }
    }

    @Test func `a record larger than many pieces comes out whole, and one of 256 KB is nothing special`() {
        for size in [100_000, 300_000, 2_000_000] {
            let large =
                Self.record(1).dropLast() + #","requestParameters":{"a":"\#(String(repeating: "x", count: size))"}}"#
            let text = #"{"Records":[\#(Self.record(0)),\#(large),\#(Self.record(2))]}"#
            for piece in [977, 65_536, 10_000_000] {
                let sink = CollectingSink.read(text, piece: piece)
                #expect(sink.eventIds == ["id-0", "id-1", "id-2"])
                #expect(sink.records[1] == large)
                #expect(sink.failures.isEmpty)
            }
        }
    }

    @Test func `input without anything holds nothing, and a list without records is passed over as such`() {
        for empty in ["", " ", "\n\r\n\t", "\u{FEFF}"] { #expect(CollectingSink.read(empty) == CollectingSink()) }
        for list in [#"{"Records":[]}"#, " {\n\"Records\" : [ ] , \"x\":1}\n", "[]", "[ ]"] {
            for piece in [1, 1000] {
                let sink = CollectingSink.read(list, piece: piece)
                #expect(sink.passedOver == [.emptyBatch], "\(list)")
                #expect(sink.failures.isEmpty)
            }
        }
    }

    @Test func `what is no document is set aside up to the next line that begins one`() {
        let sink = CollectingSink.read("Records follow\n\(Self.record(0))\nnull\n\(Self.record(1))\n17")
        #expect(sink.eventIds == ["id-0", "id-1"])
        #expect(sink.failures.map(\.name) == ["not-json", "not-json", "not-json"])
    }

    @Test func `elements that are no objects are set aside one by one`() {
        for piece in [1, 2, 3, 7, 1000] {
            let text = #"{"Records":[1234567,\#(Self.record(0)),"x",null,[2],-1.25e10,\#(Self.record(1)),true]}"#
            let sink = CollectingSink.read(text, piece: piece)
            #expect(sink.eventIds == ["id-0", "id-1"])
            #expect(sink.failures == Array(repeating: .notARecord, count: 6), "in pieces of \(piece)")
            #expect(sink.setAsideBytes == 7 + 3 + 4 + 3 + 8 + 4)
        }
    }

    @Test func `no flipped bit and no random bytes can trap the reader or lose a byte that follows a record`() {
        var generator = SeededGenerator(seed: 9)
        let whole = Array(#"{"Records":[\#((0..<7).map(Self.record).joined(separator: ","))]}"#.utf8)
        for _ in 0..<400 {
            var bytes = whole
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
            let sink = CollectingSink.read(bytes).sink
            // Every record comes out, or something is set aside or passed over in its place.
            #expect(
                sink.eventIds.count == 7 || !sink.failures.isEmpty || !sink.passedOver.isEmpty,
                "a bit of byte \(place)"
            )
            #expect(CollectingSink.read(bytes, piece: 11).sink.eventIds == sink.eventIds)
        }
        for _ in 0..<300 {
            let letters = Array("{}[],:\"\\ \nRecords0eE.-tfn".utf8) + [0x1F, 0x8B, 0xEF, 0xBB, 0xBF, 0xFF]
            let bytes = (0..<60).map { _ in letters.randomElement(using: &generator) ?? 0 }
            let sink = CollectingSink.read(bytes).sink
            #expect(sink.records.isEmpty)
        }
    }
}
