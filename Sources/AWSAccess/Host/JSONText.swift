/// Writes JSON strings into bytes.
package enum JSONText {
    /// Appends `text` in quotes.
    ///
    /// Beyond what RFC 8259 demands, everything is escaped that could act on a terminal or a viewer: all control characters
    /// (C0, DEL, C1), line and paragraph separators, and the marks that change the direction of text.
    ///
    /// - Parameters:
    ///   - text: What to write.
    ///   - bytes: Where to write it.
    ///   - limit: Bytes of `text` after which the rest is left out and `...` stands for it.
    package static func append(_ text: String, to bytes: inout [UInt8], limit: Int = .max) {
        bytes.append(UInt8(ascii: "\""))
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= limit else {
                bytes.append(contentsOf: "...".utf8)
                break
            }
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case _ where isHidden(scalar): appendUnit(scalar.value, to: &bytes)
            default: bytes.append(contentsOf: UTF8.encode(scalar)?.map { $0 } ?? [])
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// Every hidden scalar lies in the first plane, so one unit is enough.
    private static func appendUnit(_ value: UInt32, to bytes: inout [UInt8]) {
        let digits = String(value, radix: 16)
        bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits).utf8)
    }
}
