import Glibc

/// How much an incident matters, 0 to 10, and why.
package struct Severity: Equatable, Sendable {
    package enum Level: String, Comparable, CaseIterable, Sendable {
        case low = "LOW"
        case medium = "MEDIUM"
        case high = "HIGH"
        case critical = "CRITICAL"

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        package static func < (one: Level, other: Level) -> Bool { one.rank < other.rank }
    }

    package let score: Double
    package let reasons: [String]

    /// Below 4 low, below 6 medium, below 8 high.
    package var level: Level {
        switch score {
        case ..<4: .low
        case ..<6: .medium
        case ..<8: .high
        default: .critical
        }
    }

    /// From money and certainty; from counts where no money is known, or for the part that has none; an expected change last.
    static func of(
        _ incident: IncidentCase,
        _ cost: CostImpact,
        _ causes: [Cause],
        _ expectedChange: ExpectedChange?
    ) -> Severity {
        var reasons: [String] = []
        var score = 0.0
        if cost.isKnown, cost.weight >= 1, !isPartlyPriced(incident) {
            score = money(cost, &reasons)
            // A priced trifle beside it must not calm what has no price.
            let unpriced = incident.parts.filter { !Materiality.isPriced(incident.usage($0)) }
            let (weight, reason) = counts(unpriced, incident)
            if weight > max(score, smallCount) {
                score = weight
                reasons.append(reason)
            }
        } else {
            let (weight, reason) = counts(incident.parts, incident)
            score = weight
            reasons.append(reason)
        }
        if let abuse = causes.first(where: { $0.id == "credential-abuse" }) {
            let weight = abuse.confidence == .high ? 2.5 : 1.0
            score += weight
            reasons.append(Counted.text(abuse.evidence.count, "independent signs") + " of abused credentials")
            if abuse.confidence == .high, score < 6 {
                score = 6
                reasons.append("abused credentials count as high whatever they have cost so far")
            }
        }
        let accounts = incident.accountIds
        if incident.parts.contains(where: { incident.account($0).isProduction }) {
            score += 0.5
            reasons.append("a production account is affected")
        }
        if accounts.count > 1 {
            score += accounts.count > 3 ? 1 : 0.5
            reasons.append("\(accounts.count) accounts are affected")
        }
        let certainty = incident.parts.map(\.anomaly.score).max() ?? 0
        if certainty < 0.65, incident.parts.count == 1 {
            score -= 0.5
            reasons.append("the deviation is slight")
        }
        if let expectedChange {
            score = min(score - 2, 5.5)
            reasons.append("expected change: \(expectedChange.text)")
        }
        return Severity(score: (max(0, min(10, score)) * 10).rounded() / 10, reasons: reasons)
    }

    /// Requests are the small part of what Lambda costs: their price alone must not calm anybody.
    private static func isPartlyPriced(_ incident: IncidentCase) -> Bool {
        incident.usages.allSatisfy { $0.cost == .lambdaRequests }
    }

    /// 10 dollars a day weigh 2, each tenfold 2 more.
    private static func money(_ cost: CostImpact, _ reasons: inout [String]) -> Double {
        let dollars = cost.weight
        reasons.append(
            cost.perDay.expected > 0
                ? "$\(Decimal.grouped(dollars)) a day at list price still runs"
                : "$\(Decimal.grouped(dollars)) was spent, nothing of it still runs"
        )
        return max(0.5, min(9, 2 * log10(max(dollars, 1))))
    }

    /// What a count below all thresholds weighs.
    private static let smallCount = 1.0

    /// The heaviest of `parts` by the catalog's thresholds for its account's type, and why.
    private static func counts(_ parts: [IncidentCase.Part], _ incident: IncidentCase) -> (Double, String) {
        var highest = smallCount
        var reason = "no money is known, and the count is small"
        for part in parts where part.anomaly.channel != .spend {
            let usage = incident.usage(part)
            let bounds = usage.thresholds(accountType: incident.account(part).type)
            let excess = part.anomaly.observed - part.anomaly.expected
            let (weight, word): (Double, String) =
                excess >= bounds.high
                ? (6.5, "high")
                : excess >= bounds.medium ? (4.5, "medium") : excess >= bounds.low ? (2.5, "low") : (smallCount, "")
            if weight > highest {
                highest = weight
                reason =
                    usage.isToldEachTime
                    ? "\(usage.title): told at each call"
                    : "no full price is known; \(Counted.text(excess, usage.unit)) beyond the expected: \(word) for this kind of account"
            }
        }
        return (highest, reason)
    }
}
