import CZlib

/// Inflates gzip data that is fed in pieces, through zlib.
///
/// RFC 1952 section 2.2: members may be concatenated, so another one may begin where one ends. Memory stays at one window and one output
/// piece, however large the data.
package final class Inflater {
    /// Bytes handed on at a time.
    package static let pieceSize = 256 << 10

    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableBufferPointer<UInt8>
    /// Bytes of gzip data taken so far.
    package private(set) var consumed = 0
    /// Bytes inflated so far.
    package private(set) var produced = 0
    /// Whether the last member has ended; data that stops elsewhere is cut short.
    package private(set) var isComplete = false
    private var failed: DecodeFailure?

    package init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: Self.pieceSize)
        // 15 bits of window, and 16 more to expect a gzip header (zlib manual, inflateInit2).
        if inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) != Z_OK {
            failed = .outOfMemory
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Whether `bytes` begin as gzip data does.
    package static func isGzip(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
    }

    /// Takes the next piece of gzip data and hands on what it inflates to.
    ///
    /// Nothing is handed on behind a fault.
    package func feed(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ piece: (UnsafeBufferPointer<UInt8>) throws(DecodeFailure) -> Void
    ) throws(DecodeFailure) {
        if let failed { throw failed }
        guard let input = bytes.baseAddress, let target = output.baseAddress else { return }
        var offset = 0
        while offset < bytes.count {
            if isComplete {
                // Padding of zeros behind the last member is common; anything else must be another member.
                if bytes[offset] == 0 {
                    offset += 1
                    consumed += 1
                    continue
                }
                guard inflateReset(stream) == Z_OK else { throw remember(.outOfMemory) }
                isComplete = false
            }
            let taken = min(bytes.count - offset, 1 << 30)
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input + offset)
            stream.pointee.avail_in = UInt32(taken)
            var status = Z_OK
            repeat {
                stream.pointee.next_out = target
                stream.pointee.avail_out = UInt32(Self.pieceSize)
                status = inflate(stream, Z_NO_FLUSH)
                let count = Self.pieceSize - Int(stream.pointee.avail_out)
                produced += count
                if count > 0 { try piece(UnsafeBufferPointer(start: target, count: count)) }
            } while status == Z_OK && stream.pointee.avail_out == 0
            let used = taken - Int(stream.pointee.avail_in)
            offset += used
            consumed += used
            switch status {
            case Z_STREAM_END: isComplete = true
            case Z_OK: break
            case Z_BUF_ERROR where offset == bytes.count: break
            case Z_MEM_ERROR: throw remember(.outOfMemory)
            default: throw remember(.damagedGzip(at: consumed))
            }
        }
    }

    /// Says that no more data comes.
    package func finish() throws(DecodeFailure) {
        if let failed { throw failed }
        if !isComplete { throw .truncatedGzip(after: consumed) }
    }

    private func remember(_ failure: DecodeFailure) -> DecodeFailure {
        failed = failure
        return failure
    }

    /// The whole of `bytes` inflated, at most `cap` bytes of it.
    package static func whole(
        of bytes: UnsafeBufferPointer<UInt8>,
        cap: Int
    ) throws(DecodeFailure) -> [UInt8] {
        var inflated: [UInt8] = []
        // Text inflates to about ten times its size; the cap bounds what a crafted payload can claim.
        inflated.reserveCapacity(min(cap, bytes.count * 10))
        let inflater = Inflater()
        try inflater.feed(bytes) { (piece) throws(DecodeFailure) in
            guard inflated.count + piece.count <= cap else { throw .inflatesBeyond(cap: cap) }
            inflated.append(contentsOf: piece)
        }
        try inflater.finish()
        return inflated
    }
}
