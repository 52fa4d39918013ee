/// JSON as it is written: bytes are appended, nothing is built beside them.
struct JSONText: Sendable {
    private(set) var bytes: [UInt8] = []
    private var lastTime = Int.min
    private var lastTimeText: [UInt8] = []

    /// Text that is JSON already, or holds nothing that JSON escapes.
    @inline(__always)
    mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    @inline(__always)
    mutating func raw(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    /// A JSON string, quotes and escapes included (RFC 8259, section 7).
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
    mutating func resource(_ prefix: String, _ value: UInt64) {
        raw(prefix)
        bytes.append(UInt8(ascii: "0"))
        hexadecimal(value, digits: 16)
    }

    mutating func identifier(_ id: EventID) {
        hexadecimal(id.high >> 32, digits: 8)
        bytes.append(UInt8(ascii: "-"))
        hexadecimal(id.high >> 16, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        hexadecimal(id.high, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        hexadecimal(id.low >> 48, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        hexadecimal(id.low, digits: 12)
    }

    /// An access key id: `AKIA` for a long-lived key, `ASIA` for a session, and 16 characters of base 32.
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

    /// `2026-10-05T08:00:00Z`.
    mutating func time(_ seconds: Int) {
        if seconds != lastTime {
            let civil = CivilTime(seconds)
            var text = JSONText()
            text.padded(civil.year, 4)
            text.raw("-")
            text.padded(civil.month, 2)
            text.raw("-")
            text.padded(civil.day, 2)
            text.raw("T")
            text.padded(civil.hour, 2)
            text.raw(":")
            text.padded(civil.minute, 2)
            text.raw(":")
            text.padded(civil.second, 2)
            text.raw("Z")
            lastTime = seconds
            lastTimeText = text.bytes
        }
        bytes.append(contentsOf: lastTimeText)
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
    static func text(_ write: (inout JSONText) -> Void) -> String {
        var text = JSONText()
        write(&text)
        return text.text
    }
}

/// The 128 bits of a UUID.
struct EventID: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A random UUID of version 4 (RFC 9562).
    init(_ random: inout SplitMix64) {
        high = random.next() & 0xffff_ffff_ffff_0fff | 0x4000
        low = random.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    }
}
