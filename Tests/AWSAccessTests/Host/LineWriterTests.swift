import AWSAccess
import Glibc
import Testing

@Suite("LineWriter")
struct LineWriterTests {
    @Test func `short writes and interruptions lose nothing and repeat nothing`() {
        let written = Recorder<UInt8>()
        let calls = Counter()
        let writer = LineWriter(descriptor: 7) { descriptor, bytes in
            #expect(descriptor == 7)
            let call = calls.increment()
            guard call % 3 != 0 else { return -Int(EINTR) }
            let count = min(bytes.count, call % 3)
            for byte in bytes.prefix(count) { written.add(byte) }
            return count
        }
        writer.write(line: Array("a line of some length".utf8))
        writer.write(line: [])
        #expect(written.all == Array("a line of some length\n\n".utf8))
    }

    @Test("an error or a write of nothing gives the line up", arguments: [-Int(EPIPE), -Int(EBADF), 0])
    func givesUp(result: Int) {
        let calls = Counter()
        LineWriter(descriptor: 1) { _, _ in
            calls.increment()
            return result
        }.write(line: [1])
        #expect(calls.value == 1)
    }

    @Test func `a full pipe is waited for`() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
        let line = [UInt8](repeating: 0x78, count: 1_000_000)
        startThread {
            LineWriter(descriptor: writing).write(line: line)
            close(writing)
        }
        var received = 0
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(reading, &piece, piece.count)
            guard count > 0 else { break }
            received += count
        }
        #expect(received == 1_000_001)
    }

    @Test func `lines of several threads do not mix`() async {
        let written = Recorder<UInt8>()
        let writer = LineWriter(descriptor: 1) { _, bytes in
            for byte in bytes.prefix(2) { written.add(byte) }
            return min(2, bytes.count)
        }
        await withTaskGroup { group in
            for letter in UInt8(ascii: "a")...UInt8(ascii: "t") {
                group.addTask { writer.write(line: [UInt8](repeating: letter, count: 50)) }
            }
        }
        let lines = written.all.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 20)
        #expect(lines.allSatisfy { $0.count == 50 && Set($0).count == 1 })
    }
}
