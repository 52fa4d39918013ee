import Glibc
import Synchronization

/// Writes whole lines to a file descriptor: lines of several threads do not mix, short writes go on, interruptions do not count.
package final class LineWriter: Sendable {
    /// Writes some of the bytes and gives how many, or the negative error number: `write(2)` unless a test says otherwise.
    package typealias Write = @Sendable (Int32, UnsafeRawBufferPointer) -> Int

    private let descriptor: Int32
    private let write: Write
    private let gate = Mutex(())

    /// Lines for people and for the log group.
    package static let standardError = LineWriter(descriptor: 2)
    /// Lines for CloudWatch, which reads embedded metrics from standard output.
    package static let standardOutput = LineWriter(descriptor: 1)

    /// A writer of its own, which does not close the descriptor.
    package init(descriptor: Int32, write: @escaping Write = LineWriter.systemWrite) {
        self.descriptor = descriptor
        self.write = write
    }

    /// The system's `write(2)`.
    package static let systemWrite: Write = { descriptor, bytes in
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        return count >= 0 ? count : -Int(errno)
    }

    /// Writes `line` and a line feed.
    ///
    /// A line that the other end does not take within a second, or not at all, is given up: there is nobody left to tell.
    package func write(line: [UInt8]) {
        let bytes = line + [UInt8(ascii: "\n")]
        gate.withLock { _ in
            bytes.withUnsafeBytes { all in
                var rest = all[...]
                while !rest.isEmpty {
                    let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if count == -Int(EAGAIN) {
                        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        guard poll(&waiting, 1, 1000) > 0 else { return }
                    } else if count != -Int(EINTR) {
                        return
                    }
                }
            }
        }
    }
}
