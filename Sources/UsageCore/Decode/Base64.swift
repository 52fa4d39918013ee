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
            let values = values
            var index = quads(text, values, into: target)
            written = index / 4 * 3
            while index < text.count {
                defer { index += 1 }
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

    /// Decodes four digits at a time as far as nothing else stands between them; tells how many digits that were.
    @inline(__always)
    private static func quads(
        _ text: UnsafeBufferPointer<UInt8>,
        _ values: [UInt8],
        into target: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        values.withUnsafeBufferPointer { values in
            var index = 0
            var written = 0
            while index + 4 <= text.count {
                let (first, second) = (values[Int(text[index])], values[Int(text[index + 1])])
                let (third, fourth) = (values[Int(text[index + 2])], values[Int(text[index + 3])])
                guard first | second | third | fourth < 64 else { break }
                target[written] = first << 2 | second >> 4
                target[written + 1] = second << 4 | third >> 2
                target[written + 2] = third << 6 | fourth
                index += 4
                written += 3
            }
            return index
        }
    }

    /// `bytes` as base64, padded.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word: UInt32 = 0
            for offset in 0..<3 { word = word << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for place in 0..<4 {
                text.append(place <= count ? alphabet[Int(word >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding: UInt8 = 64
    private static let space: UInt8 = 65

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        table[Int(UInt8(ascii: "="))] = padding
        for character in "\r\n \t".utf8 { table[Int(character)] = space }
        return table
    }()
}
