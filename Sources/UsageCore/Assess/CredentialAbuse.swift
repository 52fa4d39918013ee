/// Recognises credentials in foreign hands: at least two signs that do not follow from one another.
package enum CredentialAbuse {
    /// One sign and the records that show it.
    package struct Sign: Equatable, Sendable {
        package let name: String
        package let claim: Cause.Claim
    }

    static func cause(_ incident: IncidentCase) -> Cause? {
        let signs = signs(incident)
        let records = incident.culpritRecords.map(\.record)
        let isPerson = records.contains { $0.caller.isConsole || $0.caller.isSingleSignOn }
        // A person who signed in has new addresses and denied calls on ordinary days: it takes more to doubt them.
        guard signs.count >= (isPerson ? 3 : 2) else { return nil }
        return Cause(
            id: "credential-abuse",
            title: "Credentials used by someone else",
            confidence: signs.count >= (isPerson ? 4 : 3) ? .high : .medium,
            evidence: signs.map(\.claim)
        )
    }

    /// The signs that the records of an incident show.
    package static func signs(_ incident: IncidentCase) -> [Sign] {
        let records = incident.culpritRecords.filter { !Principal.isService($0.record.caller.principal) }
        guard !records.isEmpty else { return [] }
        var signs: [Sign] = []
        let callers = unique(records.map(\.record.caller.habitKey))
        add(
            newTrait(incident, records.map(\.record), name: "new-address", what: "address") { caller, habit in
                guard let address = caller.address else { return nil }
                return (address, habit.addresses.first(of: CallerHabits.hash(address)))
            },
            to: &signs
        )
        add(
            newTrait(incident, records.map(\.record), name: "new-tool", what: "tool") { caller, habit in
                (caller.tool, habit.tools.first(of: caller.toolHash))
            },
            to: &signs
        )
        add(newRegion(incident, records), to: &signs)
        add(siblings(incident, callers, .probe, least: 3, "probe", "looked around first"), to: &signs)
        add(siblings(incident, callers, .denied, least: 3, "denied", "was denied"), to: &signs)
        add(accelerated(incident, records.map(\.record)), to: &signs)
        return signs
    }

    private static func add(_ sign: Sign?, to signs: inout [Sign]) {
        if let sign { signs.append(sign) }
    }

    /// A known caller comes from where it never came, or with what it never used.
    private static func newTrait(
        _ incident: IncidentCase,
        _ records: [WatchedRecord],
        name: String,
        what: String,
        _ trait: (Caller, CallerHabits.Habit) -> (value: String, first: Int64?)?
    ) -> Sign? {
        var hits: [WatchedRecord] = []
        var shown = ""
        for record in records {
            guard let habit = incident.caseFile.habits[record.caller.habitKey],
                habit.isFormed(before: incident.start), let (value, first) = trait(record.caller, habit), let first,
                first + 6 * 3600 >= incident.start
            else { continue }
            if hits.isEmpty { shown = value }
            hits.append(record)
        }
        guard let first = hits.first, hits.count * 2 >= records.count else { return nil }
        let who = Hostile.shown(Principal.spoken(first.caller.principal), limit: 80)
        return Sign(
            name: name,
            claim: .init(
                text: "\(who) uses the \(what) \(Hostile.shown(shown, limit: 80)) for the first time",
                eventIds: CauseFinding.ids(hits)
            )
        )
    }

    /// A Region in which the account never used anything that is watched.
    private static func newRegion(
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
                text: "\(account) never used \(Hostile.shown(regions, limit: 100)) before",
                eventIds: CauseFinding.ids(hits.map(\.record))
            )
        )
    }

    /// GPUs and their like where the account had none.
    private static func accelerated(_ incident: IncidentCase, _ records: [WatchedRecord]) -> Sign? {
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

    private static func siblings(
        _ incident: IncidentCase,
        _ callers: [Digest128],
        _ kind: SiblingKind,
        least: Int,
        _ name: String,
        _ verb: String
    ) -> Sign? {
        var count = 0
        var samples: [CaseFile.Sample] = []
        for caller in callers {
            for account in Set(incident.parts.map(\.anomaly.account)).sorted() {
                guard let found = incident.caseFile.siblings(kind, of: caller, in: account) else { continue }
                count += found.count
                samples += found.samples
            }
        }
        let names = Set(samples.map(\.eventName)).sorted()
        // Tools ask who they are on every run; looking around means asking several things.
        guard count >= least, kind == .denied || names.count >= 2 else { return nil }
        samples.sort { ($0.seconds, $0.eventId) < ($1.seconds, $1.eventId) }
        return Sign(
            name: name,
            claim: .init(
                text:
                    "the caller \(verb): \(Counted.text(count, "calls")), among them \(Hostile.shown(names.prefix(4).joined(separator: ", "), limit: 120))",
                eventIds: samples.prefix(Cause.shownIds).map(\.eventId)
            )
        )
    }

    private static func unique(_ keys: [Digest128]) -> [Digest128] {
        var seen: Set<Digest128> = []
        return keys.filter { seen.insert($0).inserted }
    }
}
