/// A tool or service that can be recognised in a record, and how.
package struct CauseRule: Equatable, Sendable {
    package let id: String
    package let title: String
    /// Whether what it does is the ordinary work of a controller, as scaling is.
    package let isExpected: Bool
    package let signs: [Sign]

    /// A text that a field of the record must contain.
    package struct Sign: Equatable, Sendable {
        package let field: Field
        package let text: String
    }

    /// What a sign may look at.
    package enum Field: String, CaseIterable, Sendable {
        case userAgent, invokedBy, principal, eventName, tags
    }
}
