import CBytes

extension JSONScanner {
    /// Skips the rest of a string whose opening quote has been read, up to and including its closing quote.
    @inline(__always)
    package mutating func skipStringBody() -> Bool {
        while true {
            goToMark()
            guard at < end else { return fail(.incomplete) }
            let byte = base[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return true
            }
            if byte >= 0x80 {
                guard skipBeyondASCII() else { return false }
            } else if byte == UInt8(ascii: "\\") {
                guard skipEscape() else { return false }
            } else if byte < 0x20 {
                return fail(.syntax)
            } else {
                at += 1
            }
        }
    }

    /// Goes to the next byte that is a quote, a backslash, a control character or beyond ASCII, or to a place near the end.
    ///
    /// In a text whose `marks` are known no byte is looked at; its characters beyond ASCII are known to be good and no marks.
    @inline(__always)
    private mutating func goToMark() {
        if var mark = marks {
            while Int(mark.pointee) < at { mark += 1 }
            at = Int(mark.pointee)
            marks = mark
            return
        }
        while at + 16 <= end {
            let plain = Int(plain_bytes_of_16(base + at))
            at += plain
            if plain < 16 { return }
        }
    }

    mutating func skipEscape() -> Bool {
        guard at + 1 < end else { return fail(.incomplete) }
        switch base[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
            return true
        case UInt8(ascii: "u"):
            for offset in 2..<6 {
                guard at + offset < end else { return fail(.incomplete) }
                guard Self.hexadecimal(base[at + offset]) != nil else { return fail(.syntax) }
            }
            at += 6
            return true
        default:
            return fail(.syntax)
        }
    }

    /// One character of two to four bytes: RFC 3629 section 4, which leaves out overlong forms and surrogates.
    mutating func skipBeyondASCII() -> Bool {
        let lead = base[at]
        let count: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: count = 2
        case 0xE0: (count, lowest) = (3, 0xA0)
        case 0xED: (count, highest) = (3, 0x9F)
        case 0xE1...0xEF: count = 3
        case 0xF0: (count, lowest) = (4, 0x90)
        case 0xF4: (count, highest) = (4, 0x8F)
        case 0xF1...0xF3: count = 4
        default: return fail(.notUTF8)
        }
        for offset in 1..<count {
            guard at + offset < end else { return fail(.incomplete) }
            let byte = base[at + offset]
            guard byte >= lowest, byte <= highest else { return fail(.notUTF8) }
            (lowest, highest) = (0x80, 0xBF)
        }
        at += count
        return true
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    package static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
