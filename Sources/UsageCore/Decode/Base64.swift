/// Base64 after RFC 4648 section 4, as CloudWatch Logs and Kinesis wrap payloads.
package enum Base64 {
    /// The bytes that `text` stands for.
    ///
    /// Line breaks are passed over; missing padding is accepted.
    package static func decode(_ text: UnsafeBufferPointer<UInt8>) throws(DecodeFailure) -> [UInt8] {
        var failure: DecodeFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { target, written in
            var word: UInt32 = 0
            var digits = 0
            var padded = false
            for index in 0..<text.count {
                let value = values[Int(text[index])]
                if value < 64 {
                    guard !padded else {
                        failure = .notBase64(at: index)
                        return
                    }
                    word = word << 6 | UInt32(value)
                    digits += 1
                    if digits == 4 {
                        target[written] = UInt8(truncatingIfNeeded: word >> 16)
                        target[written + 1] = UInt8(truncatingIfNeeded: word >> 8)
                        target[written + 2] = UInt8(truncatingIfNeeded: word)
                        written += 3
                        (word, digits) = (0, 0)
                    }
                } else if value == padding {
                    padded = true
                } else if value != space {
                    failure = .notBase64(at: index)
                    return
                }
            }
            switch digits {
            case 1: failure = .notBase64(at: text.count)
            case 2:
                target[written] = UInt8(truncatingIfNeeded: word >> 4)
                written += 1
            case 3:
                target[written] = UInt8(truncatingIfNeeded: word >> 10)
                target[written + 1] = UInt8(truncatingIfNeeded: word >> 2)
                written += 2
            default: break
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static let padding: UInt8 = 64
    private static let space: UInt8 = 65

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { table[Int(character)] = UInt8(value) }
        table[Int(UInt8(ascii: "="))] = padding
        for character in "\r\n \t".utf8 { table[Int(character)] = space }
        return table
    }()
}
