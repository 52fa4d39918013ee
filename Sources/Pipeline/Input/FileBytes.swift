import Glibc

/// A file's bytes, piece by piece.
package final class FileBytes {
    /// Packed bytes inflate to 1,032 times as many at most, and what a piece holds is dealt with before the next: 64 MiB.
    package static let largePiece = 64 << 10
    /// For whoever keeps all that a piece holds: 4 MiB.
    package static let smallPiece = 4 << 10

    private let path: String
    private let wanted: WantedFile
    private let file: Int32
    private let buffer: UnsafeMutableBufferPointer<UInt8>

    /// Opens `path`; throws where it cannot be read.
    ///
    /// `wanted`: what the message says to give instead; `pieceSize`: bytes of a piece at most.
    package init(
        _ path: String,
        wanted: WantedFile = .records,
        pieceSize: Int = FileBytes.largePiece
    ) throws(InputFailure) {
        self.path = path
        buffer = .allocate(capacity: pieceSize)
        self.wanted = wanted
        file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 { throw failure() }
    }

    deinit {
        if file >= 0 { close(file) }
        buffer.deallocate()
    }

    /// The next bytes, valid until the next call; nil at the end.
    package func next() throws(InputFailure) -> UnsafeBufferPointer<UInt8>? {
        while true {
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure() }
            return count == 0 ? nil : UnsafeBufferPointer(rebasing: buffer[..<count])
        }
    }

    /// What the last call that failed says.
    private func failure() -> InputFailure {
        .unreadable(path: path, reason: String(cString: strerror(errno)), wanted: wanted)
    }

    /// All bytes of `path`.
    package static func whole(_ path: String, wanted: WantedFile) throws(InputFailure) -> [UInt8] {
        let file = try FileBytes(path, wanted: wanted)
        var bytes: [UInt8] = []
        while let piece = try file.next() { bytes.append(contentsOf: piece) }
        return bytes
    }
}
