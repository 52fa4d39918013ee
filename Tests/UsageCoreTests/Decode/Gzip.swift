import CZlib
import UsageCore

/// Makes gzip data for tests, as much of it as is asked for, in pieces.
enum Gzip {
    /// One member that holds `bytes`.
    static func member(_ bytes: [UInt8]) -> [UInt8] { member(bytes, repeated: 1) }

    /// One member that holds `bytes` so many times, deflated at level 9 as a stream: the text is never held whole.
    static func member(_ bytes: [UInt8], repeated count: Int) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream,
            9,
            Z_DEFLATED,
            15 + 16,
            9,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        defer { deflateEnd(&stream) }
        var input = bytes
        var packed: [UInt8] = []
        var output = [UInt8](repeating: 0, count: 64 << 10)
        input.withUnsafeMutableBufferPointer { source in
            for turn in 1...max(1, count) {
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                var isWhole = false
                while !isWhole {
                    let room = output.count
                    let written = output.withUnsafeMutableBufferPointer { target in
                        stream.next_out = target.baseAddress
                        stream.avail_out = UInt32(target.count)
                        deflate(&stream, turn == max(1, count) ? Z_FINISH : Z_NO_FLUSH)
                        return target.count - Int(stream.avail_out)
                    }
                    packed += output[..<written]
                    isWhole = written < room
                }
            }
        }
        return packed
    }

    /// What `bytes` inflate to.
    static func inflated(_ bytes: [UInt8], cap: Int = 64 << 20) throws(DecodeFailure) -> [UInt8] {
        let result: Result<[UInt8], DecodeFailure> = bytes.withUnsafeBufferPointer { buffer in
            do throws(DecodeFailure) { return .success(try Inflater.whole(of: buffer, cap: cap)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Bytes in base64.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for offset in 0..<3 { word = word << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0) }
            for place in 0..<4 {
                text.append(
                    place <= group.count ? alphabet[Int(word >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "=")
                )
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
