/// Whether a group of anomalies is worth an incident: strange alone is not enough.
package enum Materiality {
    /// Dollars a day from which an incident is always worth telling.
    package static let worthTelling = 25.0
    /// The same where a controller did it, or an expected change explains it.
    package static let worthTellingIfExpected = 100.0
    /// Times those dollars from which starting things is worth telling though all of them have ended: a loop is a fault, cheap or not.
    package static let turnover = 20.0
    /// Points from which a first use is worth telling.
    package static let firstUsePoints = 3.0

    /// True where there is money in it, a count that the catalog calls at least low, or signs of abuse.
    static func isWorthTelling(
        _ incident: IncidentCase,
        _ cost: CostImpact,
        _ causes: [Cause],
        _ expected: ExpectedChange?,
        points: Double
    ) -> Bool {
        if causes.contains(where: { $0.id == "credential-abuse" }) { return true }
        for part in incident.parts where part.anomaly.channel != .firstUse {
            let anomaly = part.anomaly
            let usage = incident.usage(part)
            let isOrdinary = expected != nil || anomaly.callers == .controllers
            let limit = isOrdinary ? worthTellingIfExpected : worthTelling
            if isPriced(usage), cost.stake >= limit || cost.perDay.high >= limit * turnover { return true }
            let bounds = usage.thresholds(accountType: incident.account(part).type)
            guard anomaly.channel != .spend else { continue }
            let excess = anomaly.observed - anomaly.expected
            if excess >= (isPriced(usage) && cost.unpriced.isEmpty ? bounds.high : bounds.low) { return true }
        }
        return points >= firstUsePoints
    }

    /// Whether the whole of what it costs can be priced: counts matter only where money is not known.
    static func isPriced(_ usage: Usage) -> Bool { usage.cost == .ec2Instances || usage.cost == .ebsVolumes }
}
