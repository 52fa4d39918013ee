import Testing
import UsageCore

@Suite struct InflaterTests {
    private static let text = Array("some text that is long enough to be cut in many places, and to be cut again".utf8)

    /// A gigabyte where the tests are built for speed; above every limit elsewhere.
    private static let bombSize = DetectSupport.isOptimised ? 1 << 30 : 72 << 20

    /// So many letters and nothing else, packed once for all tests.
    private static let bomb = Gzip.member(
        [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20),
        repeated: bombSize >> 20
    )

    private func failure(_ bytes: [UInt8], cap: Int = 1 << 20) -> DecodeFailure? {
        do throws(DecodeFailure) { _ = try Gzip.inflated(bytes, cap: cap) } catch { return error }
        return nil
    }

    @Test func `members that follow one another are one text, zeros behind them are passed over`() throws {
        let packed = Gzip.member(Self.text) + Gzip.member([]) + Gzip.member(Self.text)
        #expect(try Gzip.inflated(packed) == Self.text + Self.text)
        #expect(try Gzip.inflated(packed + [UInt8](repeating: 0, count: 512)) == Self.text + Self.text)
    }

    @Test func `the same text comes out of pieces of any size`() throws {
        let packed = Gzip.member(Self.text) + Gzip.member(Self.text) + [0, 0, 0]
        for size in [1, 2, 3, 7, 19, packed.count] {
            let inflater = Inflater()
            var plain: [UInt8] = []
            for start in stride(from: 0, to: packed.count, by: size) {
                try packed[start..<min(start + size, packed.count)].withUnsafeBufferPointer { piece in
                    try inflater.feed(piece) { plain += $0 }
                }
            }
            try inflater.finish()
            #expect(plain == Self.text + Self.text)
            #expect(inflater.consumed == packed.count)
            #expect(inflater.produced == plain.count)
        }
    }

    @Test func `an end at any byte but the last is told as an early end`() {
        let packed = Gzip.member(Self.text)
        for count in 0..<packed.count {
            #expect(failure(Array(packed[..<count])) == .truncatedGzip(after: count))
        }
        let second = Gzip.member(Array("more".utf8))
        for count in 1..<second.count {
            let cut = packed + second[..<count]
            #expect(failure(cut) == .truncatedGzip(after: cut.count))
        }
    }

    @Test func `a flipped bit is never taken for the same text`() throws {
        let packed = Gzip.member(Self.text)
        // Bytes 3 to 9 of the header are flags, a time, hints and a system (RFC 1952 section 2.3): not all are checked.
        for place in [0, 1, 2] + Array(10..<packed.count) {
            var damaged = packed
            damaged[place] ^= 0x10
            #expect(failure(damaged) != nil, "byte \(place)")
        }
        #expect(failure(packed + Array("rest".utf8))?.name == "damaged-gzip")
        #expect(failure(Array("not gzip at all".utf8))?.name == "damaged-gzip")
    }

    @Test func `nothing is handed on behind a fault`() {
        var damaged = Gzip.member(Self.text)
        damaged[damaged.count - 6] ^= 1
        let inflater = Inflater()
        for _ in 0..<2 {
            let failure: DecodeFailure? = damaged.withUnsafeBufferPointer { buffer in
                do throws(DecodeFailure) { try inflater.feed(buffer) { _ in } } catch { return error }
                return nil
            }
            #expect(failure?.name == "damaged-gzip")
        }
        #expect(inflater.produced <= Self.text.count)
        #expect(throws: DecodeFailure.self) { try inflater.finish() }
    }

    @Test func `the cap is exact`() throws {
        let packed = Gzip.member(Self.text)
        #expect(try Gzip.inflated(packed, cap: Self.text.count) == Self.text)
        #expect(failure(packed, cap: Self.text.count - 1) == .inflatesBeyond(cap: Self.text.count - 1))
    }

    @Test func `a bomb is refused at the cap, with no more inflated than the cap and a piece`() {
        let bomb = Self.bomb
        #expect(bomb.count < Self.bombSize / 1000)
        #expect(failure(bomb, cap: 64 << 20) == .inflatesBeyond(cap: 64 << 20))
        let inflater = Inflater()
        var held = 0
        let stopped: DecodeFailure? = bomb.withUnsafeBufferPointer { buffer in
            do throws(DecodeFailure) {
                try inflater.feed(buffer) { (piece) throws(DecodeFailure) in
                    guard held + piece.count <= 4 << 20 else { throw .inflatesBeyond(cap: 4 << 20) }
                    held += piece.count
                }
            } catch { return error }
            return nil
        }
        #expect(stopped == .inflatesBeyond(cap: 4 << 20))
        #expect(inflater.produced <= 4 << 20 + Inflater.pieceSize)
    }

    /// How the text of a bomb begins; without optimisation one of them is enough.
    private static let heads = DetectSupport.isOptimised ? [#"{"Records":[{"a":""#, ""] : [#"{"Records":[{"a":""#]

    @Test(arguments: heads)
    func `a bomb in a trail file is set aside in stretches that fit in memory`(head: String) throws {
        // One member for the head, one for the endless rest: read as one text.
        let packed = Gzip.member(Array(head.utf8)) + Self.bomb
        var sink = StretchSink()
        var reader = RecordReader()
        for start in stride(from: 0, to: packed.count, by: 1 << 16) {
            try packed[start..<min(start + 1 << 16, packed.count)].withUnsafeBufferPointer {
                try reader.feed($0, into: &sink)
            }
        }
        try reader.finish(into: &sink)
        #expect(sink.taken == 0)
        #expect(sink.counts.reduce(0, +) >= Self.bombSize)
        #expect(sink.counts.reduce(0, +) <= Self.bombSize + head.utf8.count)
        #expect(sink.counts.allSatisfy { $0 <= RecordFramer.largestDocument + Inflater.pieceSize })
        #expect(sink.largestKept <= SetAside.largestKept)
    }

    /// Counts what is set aside without keeping it.
    private struct StretchSink: RecordSink {
        var taken = 0
        var counts: [Int] = []
        var largestKept = 0

        mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) { taken += 1 }

        mutating func setAside(_ rest: SetAside) {
            counts.append(rest.count)
            largestKept = max(largestKept, rest.bytes.count)
        }

        mutating func passOver(_ kind: DocumentKind) {}
    }
}
