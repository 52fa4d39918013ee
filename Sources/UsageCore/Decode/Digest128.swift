/// A 128-bit hash of bytes: names records and incidents, and finds repetitions.
///
/// Two independent 64-bit multiply-rotate lanes over 8-byte words with a final avalanche (the construction of MurmurHash3 x64 128,
/// Austin Appleby, public domain algorithm). It is stable across machines and runs; it is not meant to resist an attacker who
/// chooses the bytes: CloudTrail event ids are chosen by AWS.
package struct Digest128: Hashable, Sendable {
    /// The first 64 bits.
    package var high: UInt64
    /// The last 64 bits.
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The hash of `bytes`.
    package init(of bytes: UnsafeRawBufferPointer) {
        let c1: UInt64 = 0x87c3_7b91_1142_53d5
        let c2: UInt64 = 0x4cf5_ad43_2745_937f
        var h1: UInt64 = 0
        var h2: UInt64 = 0
        let count = bytes.count
        var offset = 0
        while offset + 16 <= count {
            h1 ^= Self.turn(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian &* c1, 31) &* c2
            h1 = (Self.turn(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
            h2 ^=
                Self.turn(bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self).littleEndian &* c2, 33) &* c1
            h2 = (Self.turn(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
            offset += 16
        }
        var k1: UInt64 = 0
        var k2: UInt64 = 0
        for index in offset..<count {
            let place = UInt64(index - offset)
            if place < 8 {
                k1 |= UInt64(bytes[index]) << (8 * place)
            } else {
                k2 |= UInt64(bytes[index]) << (8 * (place - 8))
            }
        }
        h2 ^= Self.turn(k2 &* c2, 33) &* c1
        h1 ^= Self.turn(k1 &* c1, 31) &* c2
        h1 ^= UInt64(count)
        h2 ^= UInt64(count)
        h1 = h1 &+ h2
        h2 = h2 &+ h1
        h1 = Self.avalanche(h1)
        h2 = Self.avalanche(h2)
        h1 = h1 &+ h2
        h2 = h2 &+ h1
        self.init(high: h1, low: h2)
    }

    /// The hash of the UTF-8 bytes of `text`.
    package init(of text: String) {
        var text = text
        self = text.withUTF8 { Digest128(of: UnsafeRawBufferPointer($0)) }
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        for word in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                text.append(digits[Int((word >> UInt64(shift)) & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func turn(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        (word << bits) | (word >> (64 - bits))
    }

    private static func avalanche(_ word: UInt64) -> UInt64 {
        var k = word
        k ^= k >> 33
        k = k &* 0xff51_afd7_ed55_8ccd
        k ^= k >> 33
        k = k &* 0xc4ce_b9fe_1a85_ec53
        k ^= k >> 33
        return k
    }
}
