/// Whether a group of anomalies is worth an incident: strange alone is not enough.
package enum Materiality {
    /// Dollars a day from which an incident is always worth telling.
    package static let worthTelling = 25.0
    /// Points from which a first use is worth telling.
    package static let firstUsePoints = 3.0

    /// True where there is money in it, a count that the catalog calls at least low, or signs of abuse.
    static func isWorthTelling(
        _ incident: IncidentCase,
        _ cost: CostImpact,
        _ causes: [Cause],
        points: Double
    ) -> Bool {
        if cost.perDay.high >= worthTelling && hasDetected(incident) { return true }
        if causes.contains(where: { $0.id == "credential-abuse" }) { return true }
        for part in incident.parts where part.anomaly.channel == .count {
            let usage = incident.usage(part)
            let excess = part.anomaly.observed - part.anomaly.expected
            if excess >= usage.thresholds(accountType: incident.account(part).type).low { return true }
        }
        return points >= firstUsePoints
    }

    private static func hasDetected(_ incident: IncidentCase) -> Bool {
        incident.parts.contains { $0.anomaly.channel != .firstUse }
    }
}
