import CZlib

/// Makes gzip data, through zlib: one whole member (RFC 1952) a call.
///
/// Its memory, some 260 KiB, is used again for each.
package final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool

    /// - Parameter level: 1 (fastest) to 9 (smallest); records are repetitive, so the first already leaves about an eighth of them.
    package init(level: Int32 = 1) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 more to write a gzip header; 8 is zlib's usual memory level (zlib manual, deflateInit2).
        let size = Int32(MemoryLayout<z_stream>.size)
        isReady =
            deflateInit2_(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    }

    deinit {
        if isReady { deflateEnd(stream) }
        stream.deallocate()
    }

    /// `bytes` as one gzip member; nil where zlib has no memory.
    package func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        guard isReady, deflateReset(stream) == Z_OK, bytes.count < UInt32.max else { return nil }
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        var isWhole = false
        let packed = bytes.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: bound) { target, written in
                stream.pointee.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0) }
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                isWhole = deflate(stream, Z_FINISH) == Z_STREAM_END
                written = target.count - Int(stream.pointee.avail_out)
            }
        }
        return isWhole ? packed : nil
    }
}
