/// Who bears what exceeds the ordinary in one anomaly.
package struct Culprits: Equatable, Sendable {
    /// Principals that bear a good part of the excess, most first, with their excess as a share of their own quantity.
    package let principals: [Culprit]

    package struct Culprit: Equatable, Sendable {
        package let name: String
        /// Share of all excess, 0...1.
        package let share: Double
        /// The part of this principal's quantity that exceeds its ordinary, 0...1.
        package let excess: Double
    }

    /// The same for Lambda functions.
    package let functions: [Culprit]
    /// The same for Auto Scaling groups.
    package let groups: [Culprit]

    private static let leastShare = 0.2

    /// `history`: seconds of the account's past outside the anomaly.
    package init(_ anomaly: EntityAnomaly, _ evidence: WindowEvidence, _ caseFile: CaseFile, history: Int64) {
        let length = Double(anomaly.end - anomaly.start)
        func culprits(_ trait: Trait) -> [Culprit] {
            var excesses: [(name: String, quantity: Double, excess: Double)] = []
            for (name, share) in evidence.traits[trait] ?? [:] {
                let key = CaseFile.OrdinaryKey(
                    account: anomaly.account,
                    usage: anomaly.usage,
                    region: anomaly.region,
                    trait: trait,
                    value: name
                )
                let usual =
                    anomaly.channel == .firstUse
                    ? 0 : (caseFile.ordinary[key] ?? 0) / Double(max(history, 86400)) * length
                excesses.append((name, share.quantity, max(0, share.quantity - usual)))
            }
            let total = excesses.reduce(0) { $0 + $1.excess }
            guard total > 0 else { return [] }
            return excesses.filter { $0.excess / total >= Self.leastShare }
                .sorted { ($1.excess, $0.name) < ($0.excess, $1.name) }
                .map { Culprit(name: $0.name, share: $0.excess / total, excess: $0.excess / max($0.quantity, 1e-9)) }
        }
        principals = culprits(.principal)
        functions = culprits(.functionName)
        groups = culprits(.group)
    }
}
