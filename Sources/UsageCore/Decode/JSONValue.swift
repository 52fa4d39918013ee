/// JSON as a tree, for small documents: the catalog, account files, settings.
///
/// Records never become one.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Members in their order; a name that stands twice stands twice.
    case object([Member])

    /// A name and its value.
    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Reads one JSON text; white space around it is allowed, nothing else.
    package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodeFailure) -> JSONValue {
        var scanner = JSONScanner(bytes)
        // A byte order mark is not JSON, but editors put one there.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { scanner.at = 3 }
        guard let value = read(&scanner, bytes, 0) else { throw DecodeFailure(scanner) }
        scanner.skipSpace()
        guard scanner.at == scanner.end else { throw .notJSON(at: scanner.at) }
        return value
    }

    /// Reads one JSON text from UTF-8 bytes.
    package static func parse(_ bytes: [UInt8]) throws(DecodeFailure) -> JSONValue {
        let result: Result<JSONValue, DecodeFailure> = bytes.withUnsafeBufferPointer { buffer in
            do throws(DecodeFailure) { return .success(try parse(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private static func read(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ depth: Int
    ) -> JSONValue? {
        guard depth < 64 else {
            _ = scanner.fail(.tooDeep)
            return nil
        }
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            var members: [Member] = []
            let whole = scanner.eachMember { scanner, range in
                let quoted = ByteRange(range.start - 1, range.end + 1)
                guard let name = JSONString.text(quoted, in: bytes), let value = read(&scanner, bytes, depth + 1)
                else { return false }
                members.append(Member(name, value))
                return true
            }
            return whole ? .object(members) : nil
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            let whole = scanner.eachElement { scanner in
                guard let value = read(&scanner, bytes, depth + 1) else { return false }
                elements.append(value)
                return true
            }
            return whole ? .array(elements) : nil
        default:
            scanner.skipSpace()
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return nil }
            switch bytes[range.start] {
            case UInt8(ascii: "n"): return .null
            case UInt8(ascii: "t"): return .bool(true)
            case UInt8(ascii: "f"): return .bool(false)
            case UInt8(ascii: "\""): return JSONString.text(range, in: bytes).map { .string($0) }
            default: return JSONString.text(range, in: bytes).flatMap(Double.init).map { .number($0) }
            }
        }
    }

    /// The value of the first member named `name`, where this is an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, where this is a string.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, where this is one.
    package var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The elements, where this is an array.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The truth value, where this is one.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The members, where this is an object.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension DecodeFailure {
    /// What a scanner that stopped has met.
    package init(_ scanner: JSONScanner) {
        self =
            switch scanner.fault {
            case .incomplete: .cutShort
            case .notUTF8: .notUTF8(at: scanner.at)
            case .tooDeep: .tooDeep
            case .syntax, nil: .notJSON(at: scanner.at)
            }
    }
}
