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
    /// Whether the room for output was full, so that more may come without more input.
    private var hasMore = false

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
        var offset = 0
        while offset < bytes.count || hasMore {
            let count = step(bytes, &offset, into: output)
            if count > 0 { try piece(UnsafeBufferPointer(rebasing: output[..<count])) }
            if let failed { throw failed }
        }
    }

    /// Inflates from `offset` on until the input ends, a member ends or `target` is full.
    ///
    /// A fault is left in `failed`.
    ///
    /// - Returns: Bytes written to `target`, which must have room.
    private func step(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ offset: inout Int,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        if isComplete, offset < bytes.count {
            // Padding of zeros behind the last member is common; anything else must be another member.
            if bytes[offset] == 0 {
                offset += 1
                consumed += 1
                return 0
            }
            guard inflateReset(stream) == Z_OK else {
                failed = .outOfMemory
                return 0
            }
            isComplete = false
        }
        let taken = min(bytes.count - offset, 1 << 30)
        let room = min(target.count, 1 << 30)
        stream.pointee.next_in = bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offset) }
        stream.pointee.avail_in = UInt32(taken)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_NO_FLUSH)
        let count = room - Int(stream.pointee.avail_out)
        let used = taken - Int(stream.pointee.avail_in)
        produced += count
        offset += used
        consumed += used
        hasMore = status == Z_OK && stream.pointee.avail_out == 0
        switch status {
        case Z_STREAM_END: isComplete = true
        case Z_OK: break
        case Z_BUF_ERROR where offset == bytes.count: break
        case Z_MEM_ERROR: failed = .outOfMemory
        default: failed = .damagedGzip(at: consumed)
        }
        return count
    }

    /// Says that no more data comes.
    package func finish() throws(DecodeFailure) {
        if let failed { throw failed }
        if !isComplete { throw .truncatedGzip(after: consumed) }
    }

    /// The whole of `bytes` inflated, at most `cap` bytes of it.
    package static func whole(
        of bytes: UnsafeBufferPointer<UInt8>,
        cap: Int
    ) throws(DecodeFailure) -> [UInt8] {
        let inflater = Inflater()
        if let failed = inflater.failed { throw failed }
        var offset = 0
        // Nearly always all of it goes straight to where it stays.
        var inflated = [UInt8](unsafeUninitializedCapacity: expectedSize(of: bytes, cap: cap)) { target, written in
            while written < target.count, offset < bytes.count || inflater.hasMore, inflater.failed == nil {
                let room = UnsafeMutableBufferPointer(rebasing: target[written...])
                written += inflater.step(bytes, &offset, into: room)
            }
        }
        try inflater.feed(UnsafeBufferPointer(rebasing: bytes[offset...])) { (piece) throws(DecodeFailure) in
            guard inflated.count + piece.count <= cap else { throw .inflatesBeyond(cap: cap) }
            inflated.append(contentsOf: piece)
        }
        try inflater.finish()
        return inflated
    }

    /// Bytes that gzip data says it inflates to, within what it can.
    ///
    /// RFC 1952 section 2.3.1: the last four bytes say it of the last member. Whatever they claim, deflate makes a byte of at most 1,032.
    private static func expectedSize(of bytes: UnsafeBufferPointer<UInt8>, cap: Int) -> Int {
        guard bytes.count >= 18 else { return min(cap, 4096) }
        let said = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return min(cap, max(said, 1), bytes.count * 1032)
    }
}
