/// The typed facts that the catalog lifts from a watched record.
package struct WatchedFacts: Equatable, Sendable {
    /// How much was used, in the usage's unit.
    ///
    /// Never negative, never beyond `largestQuantity`.
    package var quantity: Double
    /// Values by attribute name, in the order of the record, repeated ones once.
    package var attributes: [String: [String]]
    /// Identities of what was started.
    package var resourceIds: [String]

    /// A record that claims more than this is believed this much: no single call starts a million of anything.
    package static let largestQuantity = 1_000_000.0

    /// Lifts the facts of `usage` from a record.
    package init(_ usage: Usage, _ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        quantity = Self.quantity(usage, fields, bytes)
        attributes = [:]
        for attribute in usage.attributes {
            let values = Self.values(attribute, fields, bytes)
            if !values.isEmpty { attributes[attribute.name] = values }
        }
        resourceIds = []
        usage.resources?.ids.eachValue(fields, bytes) { range in
            if let id = JSONString.text(range, in: bytes) { resourceIds.append(id) }
        }
    }

    /// The quantity alone.
    package static func quantity(
        _ usage: Usage,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Double {
        for source in usage.quantity {
            var amount = 0.0
            var isFound = false
            switch source {
            case .constant(let constant): return constant
            case .count(let path):
                path.eachValue(fields, bytes) { _ in
                    amount += 1
                    isFound = true
                }
            case .sum(let path):
                path.eachValue(fields, bytes) { range in
                    guard let number = JSONString.text(range, in: bytes).flatMap(Decimal.parse), number > 0 else {
                        return
                    }
                    amount += number
                    isFound = true
                }
            }
            if isFound { return min(amount, largestQuantity) }
        }
        return 1
    }

    /// The first value of the attribute `name`, without reading the others.
    package static func first(
        _ name: String,
        _ usage: Usage,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> String? {
        usage.attributes.first { $0.name == name }.flatMap { values($0, fields, bytes).first }
    }

    private static func values(
        _ attribute: Usage.Attribute,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> [String] {
        var values: [String] = []
        for path in attribute.paths where values.isEmpty {
            path.eachValue(fields, bytes) { range in
                guard values.count < 50, let text = JSONString.text(range, in: bytes), !text.isEmpty,
                    !values.contains(text)
                else { return }
                values.append(text)
            }
        }
        return values
    }
}
