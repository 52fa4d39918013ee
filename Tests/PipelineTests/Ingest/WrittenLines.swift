import AWSAccess
import Synchronization

/// What was written as lines.
final class WrittenLines: Sendable {
    private let text = Mutex<[UInt8]>([])

    var writer: LineWriter {
        LineWriter(descriptor: -1) { _, bytes in
            self.text.withLock { $0 += bytes }
            return bytes.count
        }
    }

    var all: [String] {
        text.withLock { $0.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) } }
    }
}
