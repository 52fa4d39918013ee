/// An ordinary reason for an unusual amount: a controller at work.
package struct ExpectedChange: Equatable, Sendable {
    package enum Kind: String, Sendable {
        /// As much ended as started: nodes or instances were replaced.
        case replacement
        /// A controller followed demand.
        case scaling
        /// A stack set up or changed what belongs to it.
        case stack
    }

    package let kind: Kind
    package let text: String

    /// What ordinary reason the causes and the ledger give, if any.
    static func of(_ incident: IncidentCase, _ causes: [Cause], _ cost: CostImpact) -> ExpectedChange? {
        // Several controllers may share the work, so that none bears most of it.
        let onlyControllers = incident.parts.allSatisfy { $0.anomaly.callers == .controllers }
        guard let cause = causes.first, cause.confidence == .high || onlyControllers, cause.id != "credential-abuse",
            !causes.contains(where: { $0.id == "credential-abuse" && $0.confidence > .low })
        else { return nil }
        let rule = incident.catalog.causes.first { $0.id == cause.id }
        guard let rule else { return nil }
        if rule.isExpected, let replaced = replacement(incident, rule) { return replaced }
        let isYoung = incident.asOf < incident.end + 86400
        // Volumes do not follow demand up and down: a driver that only creates them is leaking.
        let scales = !incident.usages.contains { $0.cost == .ebsVolumes }
        if rule.isExpected, scales, !isRunaway(incident, cost), isYoung || cost.stillRunning * 2 <= cost.started {
            return ExpectedChange(kind: .scaling, text: "\(rule.title) scaled; that is its ordinary work")
        }
        if rule.id == "cloudformation" {
            return ExpectedChange(kind: .stack, text: "CloudFormation made it as part of a stack")
        }
        return nil
    }

    /// Dollars a day still running from which a controller far beyond its habit has lost its limits.
    private static let runawayPerDay = 500.0
    /// Times the expected from which it is far beyond its habit.
    private static let runawayFactor = 10.0

    /// Whether a controller does so much more than ever that demand is no explanation.
    private static func isRunaway(_ incident: IncidentCase, _ cost: CostImpact) -> Bool {
        cost.perDay.expected > runawayPerDay
            && incident.parts.contains { part in
                part.anomaly.channel == .count
                    && part.anomaly.observed > runawayFactor * max(1, part.anomaly.expected)
            }
    }

    /// As many of the same kind ended around that time as were started.
    private static func replacement(_ incident: IncidentCase, _ rule: CauseRule) -> ExpectedChange? {
        let reach = EvidencePlan.siblingReach
        let span = incident.start - reach...incident.end + 2 * reach
        let kinds = Set(
            incident.parts.map { CaseFile.Resource(usage: $0.anomaly.usage, account: $0.anomaly.account, id: "") }
        )
        var started = 0.0
        for kind in kinds {
            started +=
                incident.parts.filter { $0.anomaly.usage == kind.usage && $0.anomaly.account == kind.account }
                .map { $0.evidence.quantity }.max() ?? 0
        }
        let ended = incident.caseFile.ended.count { resource, seconds in
            span.contains(seconds) && kinds.contains(.init(usage: resource.usage, account: resource.account, id: ""))
        }
        guard started > 0, Double(ended) >= 0.7 * started else { return nil }
        return ExpectedChange(
            kind: .replacement,
            text: "\(rule.title) ended \(ended) while \(Decimal.grouped(started)) started: what runs did not grow much"
        )
    }
}
