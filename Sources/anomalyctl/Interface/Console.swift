import Glibc
import Synchronization
import UsageCore

/// Standard output for results, standard error for progress and messages.
enum Console {
    /// Puts something in the place of each standard stream that is closed, before anything else is opened.
    ///
    /// Else the next file that is opened would bear the stream's number, and results would be written into it. Writing to what stands for
    /// standard output fails with EBADF, as writing to a closed one does.
    static func holdClosedStreams() {
        // The lowest free number is the one that `open` gives.
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY)
        }
    }

    /// Writes all of `bytes`; throws where that cannot be done.
    static func write(_ bytes: [UInt8], to descriptor: Int32 = 1) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw switch errno {
                case EBADF: OutputFailure.closed
                case EPIPE: OutputFailure.unread
                default: OutputFailure.refused(reason: String(cString: strerror(errno)))
                }
            }
            offset += count
        }
    }

    static func print(_ text: String) throws { try write(Array((text + "\n").utf8)) }

    /// One line on standard error.
    static func say(_ text: String) { try? write(Array((text + "\n").utf8), to: 2) }

    /// Now, in seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }
}

/// Results that could not be written.
enum OutputFailure: Error, CustomStringConvertible {
    case closed
    /// Whoever read from the pipe has had enough.
    case unread
    case refused(reason: String)

    var description: String {
        switch self {
        case .closed: "standard output: is closed; let it go to a terminal, a file or a pipe"
        case .unread: "standard output: nobody reads it any more"
        case .refused(let reason): "standard output: cannot be written (\(reason))"
        }
    }
}
