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
        var spent: [String: Double] = [:]
        if anomaly.channel == .spend {
            for resource in evidence.started { spent[resource.principal, default: 0] += resource.dollarsPerHour }
        }
        func culprits(_ trait: Trait) -> [Culprit] {
            var excesses: [(name: String, quantity: Double, excess: Double)] = []
            var usuals: [String: Double] = [:]
            for name in (evidence.traits[trait] ?? [:]).keys {
                let key = CaseFile.OrdinaryKey(
                    account: anomaly.account,
                    usage: anomaly.usage,
                    region: anomaly.region,
                    trait: trait,
                    value: name
                )
                usuals[name] =
                    anomaly.channel == .firstUse || anomaly.channel == .call
                    ? 0 : (caseFile.ordinary[key] ?? 0) / Double(max(history, 86400)) * length
            }
            let isMoney = trait == .principal && anomaly.channel == .spend
            let ordinary = usuals.values.reduce(0, +)
            for (name, share) in evidence.traits[trait] ?? [:] {
                let usual = usuals[name] ?? 0
                if isMoney, let dollars = spent[name] {
                    // What a caller usually spends is not kept: its share in what was expected follows its share in the count.
                    let expected = ordinary > 0 ? anomaly.expected * usual / ordinary : 0
                    excesses.append((name, dollars, max(0, dollars - expected)))
                } else if !isMoney {
                    excesses.append((name, share.quantity, max(0, share.quantity - usual)))
                }
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
