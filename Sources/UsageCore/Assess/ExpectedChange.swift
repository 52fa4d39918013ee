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
    static func of(_ incident: IncidentCase, _ causes: [Cause]) -> ExpectedChange? {
        guard let cause = causes.first, cause.confidence == .high, cause.id != "credential-abuse",
            !causes.contains(where: { $0.id == "credential-abuse" && $0.confidence > .low })
        else { return nil }
        let rule = incident.catalog.causes.first { $0.id == cause.id }
        guard let rule else { return nil }
        let started = incident.parts.reduce(0.0) { $0 + ($1.anomaly.channel == .count ? $1.anomaly.observed : 0) }
        let reach = EvidencePlan.siblingReach
        let span = incident.start - reach...incident.end + 2 * reach
        let ended = incident.caseFile.ended.values.count { span.contains($0) }
        if rule.isExpected, started > 0, Double(ended) >= 0.7 * started {
            return ExpectedChange(
                kind: .replacement,
                text: "\(rule.title) ended \(ended) while \(Decimal.grouped(started)) started: what runs did not grow much"
            )
        }
        if rule.isExpected {
            return ExpectedChange(kind: .scaling, text: "\(rule.title) scaled; that is its ordinary work")
        }
        if rule.id == "cloudformation" {
            return ExpectedChange(kind: .stack, text: "CloudFormation made it as part of a stack")
        }
        return nil
    }
}
