/// A value in a DynamoDB item (DynamoDB API Reference, AttributeValue).
package enum AttributeValue: Sendable, Equatable {
    case string(String)
    /// Up to 38 significant digits, as text so that none is lost.
    case number(String)
    case binary([UInt8])
    case bool(Bool)
    case null
    case list([AttributeValue])
    case map([String: AttributeValue])
    /// Without order, never empty.
    case stringSet([String])
    case numberSet([String])
    case binarySet([[UInt8]])

    /// A whole number.
    package static func integer(_ number: Int) -> AttributeValue { .number(String(number)) }

    /// The text, if this is one.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number, if this is one without fraction that fits.
    package var int: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(digits)
    }

    /// The number, if this is one.
    package var double: Double? {
        guard case .number(let digits) = self else { return nil }
        return Double(digits)
    }

    /// The bytes, if these are some.
    package var binary: [UInt8]? {
        guard case .binary(let bytes) = self else { return nil }
        return bytes
    }

    /// The members, if this is a map.
    package var map: [String: AttributeValue]? {
        guard case .map(let members) = self else { return nil }
        return members
    }

    /// The elements, if this is a list.
    package var list: [AttributeValue]? {
        guard case .list(let elements) = self else { return nil }
        return elements
    }
}

extension AttributeValue {
    /// The form on the wire: one member whose name is the type.
    var json: JSONValue {
        switch self {
        case .string(let text): ["S": .string(text)]
        case .number(let digits): ["N": .string(digits)]
        case .binary(let bytes): ["B": .string(Base64Text.encode(bytes))]
        case .bool(let truth): ["BOOL": .bool(truth)]
        case .null: ["NULL": true]
        case .list(let elements): ["L": .array(elements.map(\.json))]
        case .map(let members): ["M": .sorted(members.mapValues(\.json))]
        case .stringSet(let texts): ["SS": .array(texts.map(JSONValue.string))]
        case .numberSet(let numbers): ["NS": .array(numbers.map(JSONValue.string))]
        case .binarySet(let values): ["BS": .array(values.map { .string(Base64Text.encode($0)) })]
        }
    }

    /// Reads the form on the wire; nil for what is not one.
    init?(_ json: JSONValue) {
        guard case .object(let members) = json, members.count == 1, let member = members.first else { return nil }
        let value: AttributeValue? =
            switch (member.name, member.value) {
            case ("S", .string(let text)): .string(text)
            case ("N", .string(let digits)): .number(digits)
            case ("B", .string(let text)): Base64Text.decode(text).map(AttributeValue.binary)
            case ("BOOL", .bool(let truth)): .bool(truth)
            case ("NULL", .bool): .null
            case ("L", .array(let elements)): Self.all(elements) { AttributeValue($0) }.map(AttributeValue.list)
            case ("M", let map): DynamoDB.item(map).map(AttributeValue.map)
            case ("SS", .array(let texts)): Self.all(texts, \.string).map(AttributeValue.stringSet)
            case ("NS", .array(let numbers)): Self.all(numbers, \.string).map(AttributeValue.numberSet)
            case ("BS", .array(let values)):
                Self.all(values) { $0.string.flatMap(Base64Text.decode) }.map(AttributeValue.binarySet)
            default: nil
            }
        guard let value else { return nil }
        self = value
    }

    private static func all<Value>(_ elements: [JSONValue], _ read: (JSONValue) -> Value?) -> [Value]? {
        let values = elements.compactMap(read)
        return values.count == elements.count ? values : nil
    }
}
