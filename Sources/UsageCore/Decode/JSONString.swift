/// Reading the text of JSON strings.
package enum JSONString {
    /// The text of the value at `range`: a string without quotes and escapes, any other value as it is written; nil where absent or null.
    package static func text(_ range: ByteRange, in bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard !range.isEmpty, range.end <= bytes.count else { return nil }
        let raw = UnsafeBufferPointer(rebasing: bytes[range.start..<range.end])
        guard raw[0] == UInt8(ascii: "\"") else {
            return raw[0] == UInt8(ascii: "n") ? nil : String(decoding: raw, as: UTF8.self)
        }
        let inner = contents(raw)
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        var plain: [UInt8] = []
        unescape(inner, into: &plain)
        return String(decoding: plain, as: UTF8.self)
    }

    /// What lies between the quotes of `raw`, escapes as written; `raw` itself where it is no string.
    @inline(__always)
    package static func contents(_ raw: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard raw.count >= 2, raw[0] == UInt8(ascii: "\"") else { return raw }
        return UnsafeBufferPointer(rebasing: raw[1..<raw.count - 1])
    }

    /// Appends the text that `inner`, the scanned inside of a string, stands for.
    ///
    /// A lone surrogate becomes U+FFFD.
    package static func unescape(_ inner: UnsafeBufferPointer<UInt8>, into plain: inout [UInt8]) {
        plain.reserveCapacity(plain.count + inner.count)
        var index = 0
        while index < inner.count {
            let start = index
            while index < inner.count, inner[index] != UInt8(ascii: "\\") { index += 1 }
            plain.append(contentsOf: inner[start..<index])
            guard index + 1 < inner.count else { return }
            let escape = inner[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0C)
            case UInt8(ascii: "n"): plain.append(0x0A)
            case UInt8(ascii: "r"): plain.append(0x0D)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "u"):
                var unit = hexadecimal(inner, at: index)
                index += 4
                if unit & 0xFC00 == 0xD800, index + 6 <= inner.count, inner[index] == UInt8(ascii: "\\"),
                    inner[index + 1] == UInt8(ascii: "u")
                {
                    let low = hexadecimal(inner, at: index + 2)
                    if low & 0xFC00 == 0xDC00 {
                        unit = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
                        index += 6
                    }
                }
                plain.append(contentsOf: Character(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
            default: plain.append(escape)
            }
        }
    }

    private static func hexadecimal(_ inner: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in start..<start + 4 where index < inner.count {
            unit = unit << 4 | UInt32(JSONScanner.hexadecimal(inner[index]) ?? 0)
        }
        return unit
    }
}
