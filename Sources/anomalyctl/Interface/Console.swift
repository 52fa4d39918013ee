import Glibc
import Synchronization
import UsageCore

/// Standard output for results, standard error for progress and messages.
enum Console {
    /// Writes all of `bytes`; a closed pipe ends the program quietly, as other tools do.
    static func write(_ bytes: [UInt8], to descriptor: Int32 = 1) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OutputFailure.refused(reason: String(cString: strerror(errno))) }
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
    case refused(reason: String)
    case file(path: String, reason: String)

    var description: String {
        switch self {
        case .refused(let reason): "standard output: cannot be written (\(reason))"
        case .file(let path, let reason):
            "\(path): cannot be written (\(reason)); free some space or name another place"
        }
    }
}
