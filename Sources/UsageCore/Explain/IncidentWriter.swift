/// Turns a judged case into the incident that is told: every sentence from figures that were computed.
package enum IncidentWriter {
    /// The incident of a case, or nil where it is not worth telling.
    package static func incident(_ incident: IncidentCase, _ analysis: Analysis = .all) -> Incident? {
        let cost = analysis.contains(.cost) ? CostLedger.cost(incident) : .notLookedAt
        let causes = analysis.contains(.causes) ? CauseFinding.causes(incident) : [.notLookedAt]
        let signs = analysis.contains(.causes) ? CredentialAbuse.signs(incident) : []
        let points = FirstUse.points(incident, cost, signs)
        let expected = ExpectedChange.of(incident, causes, cost)
        guard Materiality.isWorthTelling(incident, cost, causes, expected, points: points) else { return nil }
        let severity = Severity.of(incident, cost, causes, expected)
        let entities = entities(incident)
        guard let first = incident.parts.first, !entities.isEmpty else { return nil }
        return Incident(
            id: identity(first, incident),
            state: incident.end + SeriesScan.bridgedGap > incident.asOf ? .open : .resolved,
            start: incident.start,
            end: incident.end,
            detectedAt: detectedAt(incident),
            mergedFrom: [],
            eventNames: unique(
                incident.usages.flatMap(\.eventNames).filter { name in
                    incident.parts.contains { $0.evidence.records.contains { $0.eventName == name } }
                }
            ),
            severity: severity,
            entities: entities,
            pattern: pattern(incident),
            principals: incident.principals,
            sourceAddresses: unique(incident.culpritRecords.compactMap(\.record.caller.address)).prefix(20).map { $0 },
            causes: causes,
            cost: cost,
            summary: TrailChange.summary(incident, causes) ?? Phrases.summary(entities, incident, cost, causes),
            recommendations: recommendations(incident, causes),
            expectedChange: expected
        )
    }

    /// A hash of the earliest usage, entity and interval: the same incident has the same id in every run.
    private static func identity(_ part: IncidentCase.Part, _ incident: IncidentCase) -> String {
        let interval = incident.usage(part).detector.intervalSeconds
        let bucket = EventTime.floorDivide(part.anomaly.start, interval) * interval
        return Digest128(
            of:
                "\(incident.usage(part).name)/\(incident.accountId(part))/\(incident.region(part))/\(EventTime.text(bucket))"
        ).hexadecimal
    }

    /// When the record was known with which the first of its anomalies crossed its limit: its arrival, else its event time.
    private static func detectedAt(_ incident: IncidentCase) -> Int64 {
        incident.parts.map { part -> Int64 in
            let anomaly = part.anomaly
            if anomaly.channel == .firstUse {
                return part.evidence.records.first?.known ?? anomaly.alarm.upperBound - 1
            }
            var total = 0.0
            if anomaly.channel != .spend {
                for (second, quantity) in part.evidence.alarmSeconds.sorted(by: { $0.key < $1.key }) {
                    total += quantity
                    if total >= anomaly.limit { return second }
                }
                return anomaly.alarm.upperBound - 1
            }
            let table = PriceTable()
            for resource in part.evidence.started.sorted(by: { $0.known < $1.known })
            where anomaly.alarm.contains(resource.seconds) {
                total +=
                    resource.type.flatMap { table.hourly(instanceType: $0, region: resource.region)?.expected } ?? 0
                if total + 0.005 >= anomaly.limit { return resource.known }
            }
            return anomaly.alarm.upperBound - 1
        }.min() ?? incident.start
    }

    /// One entity for each usage, account and Region; the count says most where several channels agree.
    private static func entities(_ incident: IncidentCase) -> [Incident.Entity] {
        struct Key: Hashable {
            let usage: Int
            let account: AccountKey
            let region: UInt64
        }
        var groups: [Key: [IncidentCase.Part]] = [:]
        var order: [Key] = []
        for part in incident.parts {
            let key = Key(usage: part.anomaly.usage, account: part.anomaly.account, region: part.anomaly.region)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(part)
        }
        return order.compactMap { key in groups[key].flatMap { entity($0, incident) } }
            .sorted {
                ($1.observed - $1.expected, $0.account.id, $0.region) < (
                    $0.observed - $0.expected, $1.account.id, $1.region
                )
            }
    }

    private static func entity(_ parts: [IncidentCase.Part], _ incident: IncidentCase) -> Incident.Entity? {
        let rank: [EntityAnomaly.Channel: Int] = [.count: 0, .call: 0, .opensearch: 1, .firstUse: 2, .spend: 3]
        let ordered = parts.sorted {
            (rank[$0.anomaly.channel] ?? 9, $0.anomaly.start) < (rank[$1.anomaly.channel] ?? 9, $1.anomaly.start)
        }
        guard let lead = ordered.first else { return nil }
        let same = ordered.filter { $0.anomaly.channel == lead.anomaly.channel }
        let usage = incident.usage(lead)
        let amounts = amounts(lead, same, incident)
        let history =
            incident.counts.coveredTime(of: lead.anomaly.account).map { lead.anomaly.start - $0.lowerBound } ?? 0
        return Incident.Entity(
            usage: usage.name,
            title: usage.title,
            account: incident.account(lead),
            region: incident.region(lead),
            observed: amounts.observed,
            expected: amounts.expected,
            unit: usage.unit,
            grade: min(1, max(parts.map(\.anomaly.score).max() ?? 0, lead.anomaly.channel == .firstUse ? 0.5 : 0)),
            confidence: min(1, Double(history) / Double(14 * 86400)),
            channel: lead.anomaly.channel.rawValue,
            start: parts.map(\.anomaly.start).min() ?? lead.anomaly.start,
            end: parts.map(\.anomaly.end).max() ?? lead.anomaly.end,
            reason: reason(lead, incident)
        )
    }

    /// What was observed and expected, in the usage's unit whatever the channel.
    private static func amounts(
        _ lead: IncidentCase.Part,
        _ same: [IncidentCase.Part],
        _ incident: IncidentCase
    ) -> (observed: Double, expected: Double) {
        switch lead.anomaly.channel {
        case .count, .call, .opensearch:
            return (same.reduce(0) { $0 + $1.anomaly.observed }, same.reduce(0) { $0 + $1.anomaly.expected })
        case .firstUse: return (lead.anomaly.observed, 0)
        case .spend:
            let expected = same.reduce(0) { $0 + incident.expectedQuantity($1.anomaly) }
            return (same.reduce(0) { $0 + $1.evidence.quantity }, expected)
        }
    }

    private static func reason(_ part: IncidentCase.Part, _ incident: IncidentCase) -> String {
        let anomaly = part.anomaly
        switch anomaly.channel {
        case .count, .call, .opensearch: return anomaly.reason
        case .spend:
            return "$\(Decimal.grouped(anomaly.observed, decimals: 2)) an hour started where "
                + "$\(Decimal.grouped(anomaly.expected, decimals: 2)) is ordinary"
        case .firstUse:
            let value = Hostile.shown(incident.counts.names[anomaly.noveltyValue] ?? "", limit: 60)
            switch anomaly.novelty {
            case .region: return "first watched use in Region \(value) by the account"
            case .family: return "first use of instance family \(value) by the account"
            case .model: return "first use of model \(value) by the account"
            case .api, nil: return "first use of this API by the account"
            }
        }
    }

    private static func pattern(_ incident: IncidentCase) -> Incident.Pattern {
        let accounts = incident.accountIds.count
        if accounts <= 1 { return .singleAccount }
        return accounts * 2 > max(incident.counts.accounts.count, 5) ? .organizationWide : .multiAccount
    }

    private static func recommendations(_ incident: IncidentCase, _ causes: [Cause]) -> [String] {
        let named = Set(causes.filter { $0.confidence > .low }.map(\.id))
        let types = Set(incident.parts.compactMap { incident.account($0).type })
        var advice: [String] = []
        if named.contains("credential-abuse") { advice += Phrases.containment(incident) }
        for usage in incident.usages {
            for recommendation in usage.recommendations {
                if let cause = recommendation.cause, !named.contains(cause) { continue }
                if let type = recommendation.accountType, !types.contains(type) { continue }
                advice.append(recommendation.text)
            }
        }
        return unique(advice).prefix(8).map { $0 }
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
