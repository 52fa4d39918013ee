import AWSAccess

/// Why OpenSearch did not give what was asked of it.
package enum SearchFailure: Error, Equatable, CustomStringConvertible {
    /// It said no, or could not.
    case refused(operation: String, ServiceRefusal)
    /// It answered from a part of its data only.
    case partial(operation: String, evidence: String)
    /// The answer is not what its API says.
    case unreadable(operation: String, evidence: String)

    package var description: String {
        switch self {
        case .refused(let operation, let refusal):
            "OpenSearch \(operation): HTTP \(refusal.status) (\(Self.cut(refusal.code + " " + refusal.message))); nothing was concluded from it, the next evaluation asks again"
        case .partial(let operation, let evidence):
            "OpenSearch \(operation): answered in part (\(Self.cut(evidence))); nothing was concluded from it, the next evaluation asks again"
        case .unreadable(let operation, let evidence):
            "OpenSearch \(operation): answer not understood (\(Self.cut(evidence))); nothing was concluded from it"
        }
    }

    private static func cut(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }.prefix(300)
            )
        )
    }
}
