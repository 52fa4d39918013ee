/// A JSON text (RFC 8259) as a value: for the replies of services, which are small.
///
/// Records never come through here.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The digits as they were written: identifiers and money must not pass through a binary fraction.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in their order; of two with one name, `subscript` gives the last, as most readers do.
    case object([Member])

    /// A name and what it stands for.
    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSONValue
    }

    /// Deeper nesting is refused, so that no reply can exhaust the stack.
    package static let deepestNesting = 128

    /// Reads a whole text; nil if it is not JSON, not UTF-8, nested too deep, or followed by anything but white space.
    package init?(_ text: [UInt8]) {
        let value = text.withUnsafeBufferPointer { bytes -> JSONValue? in
            var reader = JSONReader(bytes)
            return reader.document()
        }
        guard let value else { return nil }
        self = value
    }

    /// The member of that name, if this is an object that has it.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text, if this is a string.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements, if this is an array.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The truth value, if this is one.
    package var bool: Bool? {
        guard case .bool(let truth) = self else { return nil }
        return truth
    }

    /// The number, if this is one; what is out of range is an infinity or zero.
    package var double: Double? {
        guard case .number(let digits) = self else { return nil }
        return Double(digits)
    }

    /// The number, if this is one that was written without fraction or exponent and fits.
    package var int: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(digits)
    }
}
