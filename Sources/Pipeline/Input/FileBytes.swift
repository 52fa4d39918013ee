import Glibc

/// A file's bytes, piece by piece.
package final class FileBytes {
    private static let pieceSize = 1 << 20

    private let path: String
    private let file: Int32
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: FileBytes.pieceSize)

    /// Opens `path`; throws where it cannot be read.
    package init(_ path: String) throws(InputFailure) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit {
        if file >= 0 { close(file) }
        buffer.deallocate()
    }

    /// The next bytes, valid until the next call; nil at the end.
    package func next() throws(InputFailure) -> UnsafeBufferPointer<UInt8>? {
        while true {
            let count = Glibc.read(file, buffer.baseAddress, Self.pieceSize)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
            return count == 0 ? nil : UnsafeBufferPointer(rebasing: buffer[..<count])
        }
    }

    /// All bytes of `path`.
    package static func whole(_ path: String) throws(InputFailure) -> [UInt8] {
        let file = try FileBytes(path)
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes.append(contentsOf: piece) }
        return bytes
    }
}
