/// An incident as it is told, stored and sent.
///
/// Times are seconds since 1970.
package struct Incident: Equatable, Sendable {
    package enum State: String, Sendable { case open, resolved }

    package enum Pattern: String, Sendable {
        case singleAccount = "single-account"
        case multiAccount = "multi-account"
        case organizationWide = "organization-wide"
    }

    /// One usage of one account in one Region.
    package struct Entity: Equatable, Sendable {
        package let usage: String
        package let title: String
        package let account: AccountContext
        package let region: String
        package let observed: Double
        package let expected: Double
        package let unit: String
        /// 0...1: how far beyond the ordinary.
        package let grade: Double
        /// 0...1: how much past the judgement rests on.
        package let confidence: Double
        package let channel: String
        package let start: Int64
        package let end: Int64
        package let reason: String
    }

    package var id: String
    package var state: State
    package let start: Int64
    package var end: Int64
    package var detectedAt: Int64
    package var mergedFrom: [String]
    package let eventNames: [String]
    package let severity: Severity
    package var entities: [Entity]
    package let pattern: Pattern
    package var principals: [String]
    package var sourceAddresses: [String]
    package let causes: [Cause]
    package let cost: CostImpact
    package let summary: String
    package let recommendations: [String]
    package let expectedChange: ExpectedChange?

    /// Names of the usages, the most affected first.
    package var usages: [String] {
        var seen: Set<String> = []
        return entities.map(\.usage).filter { seen.insert($0).inserted }
    }
}
