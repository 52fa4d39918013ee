/// JSON as it is written: bytes are appended, nothing is built beside them.
struct RecordText: Sendable {
    private(set) var bytes: [UInt8] = []
    private var lastDay = Int.min
    private var lastDayText: [UInt8] = []

    /// Text that is JSON already, or holds nothing that JSON escapes.
    // Called from hundreds of places: inlined, these few would take most of the build.
    @inline(never)
    mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    @inline(__always)
    mutating func raw(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    /// A JSON string, quotes and escapes included (RFC 8259, section 7).
    @inline(never)
    mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0a:
                raw("\\n")
            case 0..<0x20:
                raw("\\u00")
                hexadecimal(UInt64(byte), digits: 2)
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    @inline(never)
    mutating func number(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// The low `digits` hexadecimal digits of `value`.
    mutating func hexadecimal(_ value: UInt64, digits: Int) {
        var shift = UInt64(digits) * 4
        while shift > 0 {
            shift -= 4
            let nibble = UInt8(truncatingIfNeeded: shift < 64 ? (value >> shift) & 15 : 0)
            bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble)
        }
    }

    /// A resource's name as EC2 gives them, such as `i-0` and 16 digits.
    @inline(never)
    mutating func resource(_ prefix: String, _ value: UInt64) {
        raw(prefix)
        withUnsafeTemporaryAllocation(byteCount: 17, alignment: 1) { digits in
            digits[0] = UInt8(ascii: "0")
            digits.storeBytes(
                of: Self.digits(UInt32(truncatingIfNeeded: value >> 32)),
                toByteOffset: 1,
                as: UInt64.self
            )
            digits.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: value)), toByteOffset: 9, as: UInt64.self)
            bytes.append(contentsOf: UnsafeRawBufferPointer(digits))
        }
    }

    @inline(never)
    mutating func identifier(_ id: EventID) {
        let words = (id.high >> 32, id.high, id.low >> 32, id.low)
        withUnsafeTemporaryAllocation(byteCount: 36, alignment: 1) { text in
            let second = Self.digits(UInt32(truncatingIfNeeded: words.1))
            let third = Self.digits(UInt32(truncatingIfNeeded: words.2))
            text.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: words.0)), toByteOffset: 0, as: UInt64.self)
            text.storeBytes(of: UInt32(truncatingIfNeeded: second), toByteOffset: 9, as: UInt32.self)
            text.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32), toByteOffset: 14, as: UInt32.self)
            text.storeBytes(of: UInt32(truncatingIfNeeded: third), toByteOffset: 19, as: UInt32.self)
            text.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32), toByteOffset: 24, as: UInt32.self)
            text.storeBytes(of: Self.digits(UInt32(truncatingIfNeeded: words.3)), toByteOffset: 28, as: UInt64.self)
            text[8] = UInt8(ascii: "-")
            text[13] = UInt8(ascii: "-")
            text[18] = UInt8(ascii: "-")
            text[23] = UInt8(ascii: "-")
            bytes.append(contentsOf: UnsafeRawBufferPointer(text))
        }
    }

    /// The eight hexadecimal digits of `value` at once, the first in the lowest byte: nibbles are spread over the bytes of a word.
    @inline(__always)
    private static func digits(_ value: UInt32) -> UInt64 {
        var word = UInt64(value.byteSwapped)
        word = (word | word << 16) & 0x0000_ffff_0000_ffff
        word = (word | word << 8) & 0x00ff_00ff_00ff_00ff
        word = (word >> 4) & 0x000f_000f_000f_000f | (word & 0x000f_000f_000f_000f) << 8
        let letters = ((word &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return (word &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).littleEndian
    }

    /// An access key id: `AKIA` for a long-lived key, `ASIA` for a session, and 16 characters of base 32.
    @inline(never)
    mutating func accessKey(_ prefix: String, _ value: UInt64) {
        raw(prefix)
        var rest = SplitMix64.mix(value, 0x6b65_79)
        for index in 0..<16 {
            if index == 8 { rest = SplitMix64.mix(value, 0x6b65_7a) }
            let digit = UInt8(truncatingIfNeeded: rest & 31)
            bytes.append(digit < 26 ? UInt8(ascii: "A") + digit : UInt8(ascii: "2") + digit - 26)
            rest >>= 5
        }
    }

    /// `2026-10-05T08:00:00Z`, for a time from 1970 on.
    @inline(never)
    mutating func time(_ seconds: Int) {
        let day = seconds / 86_400
        if day != lastDay {
            let civil = CivilTime(seconds)
            var text = RecordText()
            text.padded(civil.year, 4)
            text.raw("-")
            text.padded(civil.month, 2)
            text.raw("-")
            text.padded(civil.day, 2)
            text.raw("T")
            lastDay = day
            lastDayText = text.bytes
        }
        bytes.append(contentsOf: lastDayText)
        let rest = seconds - day * 86_400
        let parts = (rest / 3600, rest / 60 % 60, rest % 60)
        withUnsafeTemporaryAllocation(byteCount: 9, alignment: 1) { text in
            Self.pair(parts.0, text, 0, UInt8(ascii: ":"))
            Self.pair(parts.1, text, 3, UInt8(ascii: ":"))
            Self.pair(parts.2, text, 6, UInt8(ascii: "Z"))
            bytes.append(contentsOf: UnsafeRawBufferPointer(text))
        }
    }

    @inline(__always)
    private static func pair(_ value: Int, _ text: UnsafeMutableRawBufferPointer, _ place: Int, _ after: UInt8) {
        text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10)
        text[place + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
        text[place + 2] = after
    }

    mutating func padded(_ value: Int, _ digits: Int) {
        var divisor = 1
        for _ in 1..<max(digits, 1) { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Takes away what was written from byte `start` on.
    mutating func cut(from start: Int) {
        bytes.removeSubrange(start...)
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// What was written, as text.
    var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The text that `write` writes.
    static func text(_ write: (inout RecordText) -> Void) -> String {
        var text = RecordText()
        write(&text)
        return text.text
    }
}
