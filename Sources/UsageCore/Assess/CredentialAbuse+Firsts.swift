/// Signs that an account or a key does what it never did.
extension CredentialAbuse {
    /// A Region in which the account never used anything that is watched.
    static func newRegion(
        _ incident: IncidentCase,
        _ records: [(part: IncidentCase.Part, record: WatchedRecord)]
    ) -> Sign? {
        let hits = records.filter { pair in
            let key = UsageCounts.NoveltyKey(
                account: pair.part.anomaly.account,
                usage: -1,
                novelty: .region,
                value: pair.part.anomaly.region
            )
            guard let first = incident.counts.firstUses[key],
                let time = incident.counts.coveredTime(of: pair.part.anomaly.account)
            else { return false }
            return first >= time.lowerBound + AnomalyDetection.historyForFirsts && first + 6 * 3600 >= incident.start
        }
        guard let first = hits.first else { return nil }
        let regions = Set(hits.map(\.record.region)).sorted().joined(separator: ", ")
        let account = Hostile.shown(incident.directory[first.record.accountId].spoken, limit: 60)
        return Sign(
            name: "new-region",
            claim: .init(
                text: "\(account) had nothing that is watched in \(Hostile.shown(regions, limit: 100)) before",
                eventIds: CauseFinding.ids(hits.map(\.record))
            )
        )
    }

    /// GPUs and their like where the account had none.
    static func accelerated(_ incident: IncidentCase, _ records: [WatchedRecord]) -> Sign? {
        let hits = records.filter { record in
            guard let type = record.facts.attributes["instanceType"]?.first, InstanceFamily.isAccelerated(type) else {
                return false
            }
            let firsts = incident.parts.compactMap { part -> Int64? in
                let key = UsageCounts.NoveltyKey(
                    account: part.anomaly.account,
                    usage: part.anomaly.usage,
                    novelty: .family,
                    value: CallerHabits.hash(InstanceFamily.of(type))
                )
                return incident.counts.firstUses[key]
            }
            return firsts.contains { $0 + 6 * 3600 >= incident.start }
        }
        guard let first = hits.first, let type = first.facts.attributes["instanceType"]?.first,
            hits.contains(where: { $0.caller.hasLongLivedKey })
        else { return nil }
        return Sign(
            name: "accelerated",
            claim: .init(
                text:
                    "a long-lived key starts accelerated instances (\(Hostile.shown(type, limit: 40))), a first for the account",
                eventIds: CauseFinding.ids(hits)
            )
        )
    }

    /// A long-lived key with a past does what it never did.
    static func unwonted(
        _ incident: IncidentCase,
        _ records: [(part: IncidentCase.Part, record: WatchedRecord)]
    ) -> Sign? {
        let hits = records.filter { part, record in
            guard record.caller.hasLongLivedKey,
                incident.caseFile.habits[record.caller.habitKey]?.isFormed(before: incident.start) ?? false
            else { return false }
            return !incident.caseFile.ordinary.keys.contains { key in
                key.trait == .principal && key.value == record.caller.principal
                    && key.usage == part.anomaly.usage && key.account == part.anomaly.account
            }
        }
        guard let first = hits.first?.record, hits.count * 2 >= records.count else { return nil }
        let same = hits.map(\.record).filter {
            $0.caller.principal == first.caller.principal && $0.eventName == first.eventName
        }
        return Sign(
            name: "unwonted",
            claim: .init(
                text: "the long-lived key of \(Hostile.shown(Principal.spoken(first.caller.principal), limit: 80)) "
                    + "is used for \(Hostile.shown(first.eventName, limit: 60)) for the first time",
                eventIds: CauseFinding.ids(same)
            )
        )
    }
}
