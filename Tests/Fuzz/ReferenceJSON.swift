/// RFC 8259 read as plainly as can be: what the readers that are fuzzed must agree with.
///
/// It shares no code with them and is as slow as it likes.
struct ReferenceJSON {
    /// Texts are UTF-8, compared byte by byte.
    indirect enum Value: Equatable {
        case null
        case bool(Bool)
        case number([UInt8])
        case string([UInt8])
        case array([Value])
        case object([Member])

        /// The values of all members of that name, where this is an object.
        func all(_ name: String) -> [Value]? {
            guard case .object(let members) = self else { return nil }
            return members.filter { $0.name.elementsEqual(name.utf8) }.map(\.value)
        }
    }

    struct Member: Equatable {
        let name: [UInt8]
        let value: Value
    }

    private var rest: ArraySlice<UInt8>
    private let deepest: Int

    /// The one value that `bytes` hold, with white space around it at most; nil where they are no JSON text.
    static func read(_ bytes: some Sequence<UInt8>, deepest: Int) -> Value? {
        let bytes = Array(bytes)
        // Outside of strings JSON is ASCII, so UTF-8 can be checked for the whole.
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var reader = ReferenceJSON(rest: bytes[...], deepest: deepest)
        reader.skipSpace()
        guard let value = reader.value(1) else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? value : nil
    }

    private mutating func skipSpace() { rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func value(_ depth: Int) -> Value? {
        if take("null") { return .null }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        if rest.first == UInt8(ascii: "\"") { return string().map { .string($0) } }
        if rest.first == UInt8(ascii: "{") { return depth > deepest ? nil : object(depth) }
        if rest.first == UInt8(ascii: "[") { return depth > deepest ? nil : array(depth) }
        return number()
    }

    private mutating func object(_ depth: Int) -> Value? {
        var members: [Member] = []
        _ = take("{")
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard let name = string() else { return nil }
            skipSpace()
            guard take(":") else { return nil }
            skipSpace()
            guard let value = value(depth + 1) else { return nil }
            members.append(Member(name: name, value: value))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    private mutating func array(_ depth: Int) -> Value? {
        var elements: [Value] = []
        _ = take("[")
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            skipSpace()
            guard let value = value(depth + 1) else { return nil }
            elements.append(value)
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { return nil }
        }
    }

    private mutating func number() -> Value? {
        let start = rest
        _ = take("-")
        guard take("0") || digits() else { return nil }
        if take("."), !digits() { return nil }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { return nil }
        }
        return .number(Array(start.prefix(start.count - rest.count)))
    }

    private mutating func digits() -> Bool {
        let count = rest.count
        rest = rest.drop { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return rest.count < count
    }

    /// Its text; half a pair of surrogates stands for U+FFFD.
    private mutating func string() -> [UInt8]? {
        guard take("\"") else { return nil }
        var text: [UInt8] = []
        // Escapes in a row, since two of them may be one character.
        var units: [UInt16] = []
        while let byte = rest.first {
            if byte == UInt8(ascii: "\\") {
                guard let unit = escape() else { return nil }
                units.append(unit)
                continue
            }
            text += String(decoding: units, as: UTF16.self).utf8
            units = []
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\"") { return text }
            guard byte >= 0x20 else { return nil }
            text.append(byte)
        }
        return nil
    }

    private mutating func escape() -> UInt16? {
        let named: [(String, UInt16)] = [
            ("\\\"", 0x22), ("\\\\", 0x5C), ("\\/", 0x2F), ("\\b", 8), ("\\f", 12), ("\\n", 10), ("\\r", 13),
            ("\\t", 9),
        ]
        for (text, unit) in named where take(text) { return unit }
        guard take("\\u") else { return nil }
        let digits = rest.prefix(4)
        // The standard library's reading of digits would take a sign.
        guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        rest = rest.dropFirst(4)
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
