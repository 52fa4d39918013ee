import CZlib

/// Writes gzip members (RFC 1952) with one deflate state for many files.
struct Gzip: ~Copyable {
    // zlib keeps the address of its stream, so that it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var output: [UInt8] = []

    /// - Throws: `SimulationFailure.compression` when zlib cannot be set up.
    init() throws(SimulationFailure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 + 16: a window of 32 KiB and a gzip header (zlib.h, deflateInit2).
        let status = deflateInit2_(
            stream,
            1,
            Z_DEFLATED,
            15 + 16,
            9,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else { throw .compression(status: status) }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The gzip member that holds `bytes`; the same bytes give the same member (its header has no time).
    mutating func compress(_ bytes: [UInt8]) throws(SimulationFailure) -> [UInt8] {
        var status = deflateReset(stream)
        guard status == Z_OK else { throw .compression(status: status) }
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        if output.count < bound { output = Array(repeating: 0, count: bound) }
        let room = output.count
        var written = 0
        output.withUnsafeMutableBufferPointer { output in
            bytes.withUnsafeBufferPointer { input in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(clamping: input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(clamping: room)
                status = deflate(stream, Z_FINISH)
                written = room - Int(stream.pointee.avail_out)
            }
        }
        guard status == Z_STREAM_END else { throw .compression(status: status) }
        return Array(output[..<written])
    }
}
