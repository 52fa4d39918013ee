import Glibc

/// A file's bytes, piece by piece.
package enum FileBytes {
    private static let pieceSize = 1 << 20

    /// Hands on the bytes of `path`; throws where the file cannot be opened or read, or where `piece` throws.
    package static func read(_ path: String, _ piece: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw InputFailure.unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(file, buffer.baseAddress, pieceSize)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputFailure.unreadable(path: path, reason: String(cString: strerror(errno))) }
            if count == 0 { return }
            try piece(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// All bytes of `path`.
    package static func whole(_ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { bytes.append(contentsOf: $0) }
        return bytes
    }
}
