/// A cause that the records speak for, with what they say.
package struct Cause: Equatable, Sendable {
    package enum Confidence: String, Comparable, Sendable {
        case low = "LOW"
        case medium = "MEDIUM"
        case high = "HIGH"

        private var rank: Int { self == .high ? 2 : self == .medium ? 1 : 0 }
        package static func < (one: Confidence, other: Confidence) -> Bool { one.rank < other.rank }
    }

    /// A claim and the records that show it.
    package struct Claim: Equatable, Sendable {
        package let text: String
        package let eventIds: [String]
    }

    package let id: String
    package let title: String
    package let confidence: Confidence
    package let evidence: [Claim]

    /// What is said where nobody shall look.
    package static let notLookedAt = Cause(
        id: "unknown",
        title: "Not looked at",
        confidence: .low,
        evidence: [.init(text: "root-cause analysis is switched off (ENABLE_ROOT_CAUSE_ANALYSIS)", eventIds: [])]
    )

    /// Event ids shown with a claim.
    static let shownIds = 5
}
