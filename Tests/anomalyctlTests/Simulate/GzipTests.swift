import CZlib
import Testing

@testable import anomalyctl

@Suite struct GzipTests {
    /// What zlib makes of a gzip member; nil where it finds a fault.
    private func inflated(_ member: [UInt8], upTo size: Int) -> [UInt8]? {
        var input = member
        var output = [UInt8](repeating: 0, count: size + 1)
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        let room = output.count
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(room)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, stream.avail_in == 0 else { return nil }
        return Array(output[..<(room - Int(stream.avail_out))])
    }

    @Test(arguments: [0, 1, 2, 7, 8, 9, 15, 16, 17, 257, 258, 259, 260, 1000, 32_767, 32_768, 32_769, 70_000])
    func `zlib reads back what was packed, whatever its length`(count: Int) {
        var gzip = Gzip()
        var random = SplitMix64(seed: UInt64(count))
        let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let even = [UInt8](repeating: 65, count: count)
        let few = (0..<count).map { _ in UInt8(97 + random.below(3)) }
        for bytes in [noise, even, few] {
            #expect(inflated(gzip.compress(bytes), upTo: count) == bytes)
        }
    }

    @Test func `a match may lie as far back as the window and no further`() {
        var gzip = Gzip()
        var random = SplitMix64(seed: 9)
        let words = (0..<40).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        for gap in [32_700, 32_727, 32_728, 32_729, 32_768, 33_000] {
            let between = (0..<gap).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let bytes = words + between + words
            #expect(inflated(gzip.compress(bytes), upTo: bytes.count) == bytes)
        }
    }

    @Test func `the same bytes give the same member, whatever was packed before`() {
        var gzip = Gzip()
        let bytes = Array(String(repeating: #"{"eventName":"RunInstances"},"#, count: 300).utf8)
        let first = gzip.compress(bytes)
        _ = gzip.compress(Array("something else entirely, something else".utf8))
        #expect(gzip.compress(bytes) == first)
        #expect(first.count < bytes.count / 10)
    }

    @Test func `trail files open with zlib`() {
        var gzip = Gzip()
        let run = SimulationTests.run(days: 1, accounts: 2, seed: 4)
        for file in run.files {
            #expect(inflated(gzip.compress(file.bytes), upTo: file.bytes.count) == file.bytes)
        }
    }
}
