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
            newTrait(incident, records.map(\.record), name: "new-address", what: "address", \.addresses) { caller in
                caller.address.map { ($0, CallerHabits.hash($0)) }
            },
            to: &signs
        )
        add(
            newTrait(incident, records.map(\.record), name: "new-tool", what: "tool", \.tools) { caller in
                (caller.tool, caller.toolHash)
            },
            to: &signs
        )
        add(newRegion(incident, records), to: &signs)
        add(siblings(incident, callers, .probe, least: 3, "probe", "looked around"), to: &signs)
        add(siblings(incident, callers, .denied, least: 3, "denied", "was denied"), to: &signs)
        add(accelerated(incident, records.map(\.record)) ?? unwonted(incident, records), to: &signs)
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
        _ firsts: KeyPath<CallerHabits.Habit, CallerHabits.Firsts>,
        _ trait: (Caller) -> (value: String, hash: UInt64)?
    ) -> Sign? {
        var hits: [String: [WatchedRecord]] = [:]
        for record in records {
            guard let habit = incident.caseFile.habits[record.caller.habitKey],
                habit.isSettled(habit[keyPath: firsts], before: incident.start),
                let (value, hash) = trait(record.caller), let first = habit[keyPath: firsts].first(of: hash),
                first + 6 * 3600 >= incident.start
            else { continue }
            let who = Hostile.shown(Principal.spoken(record.caller.principal), limit: 80)
            hits["\(who) uses the \(what) \(Hostile.shown(value, limit: 80)) for the first time", default: []]
                .append(record)
        }
        // One sentence and the records that show just that, though there may be more such addresses.
        guard let (text, shown) = hits.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
            hits.values.reduce(0, { $0 + $1.count }) * 2 >= records.count
        else { return nil }
        let others = hits.count - 1
        return Sign(
            name: name,
            claim: .init(
                text: others > 0 ? "\(text), one of \(hits.count) that are new" : text,
                eventIds: CauseFinding.ids(shown)
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
                // What a caller does on ordinary days says nothing about this one.
                let habit = incident.caseFile.habits[caller]
                if kind == .denied, let habit, habit.isOftenDenied(before: incident.start) { continue }
                let calls = found.calls(in: incident.surroundings) { name in
                    kind != .probe || !(habit?.isUsedTo(probe: name, before: incident.start) ?? false)
                }
                count += calls.count
                samples += calls.samples
            }
        }
        let names = Set(samples.map(\.eventName)).sorted()
        // Tools ask who they are on every run; looking around means asking several things.
        guard count >= least, kind == .denied || names.count >= 2 else { return nil }
        samples.sort(by: CaseFile.Sample.precedes)
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
