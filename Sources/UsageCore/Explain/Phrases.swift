/// The sentences of an incident.
///
/// Everything that comes from records is shown escaped and cut.
enum Phrases {
    /// What happened, where, by whom, what it costs: two or three sentences.
    static func summary(
        _ entities: [Incident.Entity],
        _ incident: IncidentCase,
        _ cost: CostImpact,
        _ causes: [Cause]
    ) -> String {
        guard let lead = entities.first else { return "" }
        let place = places(entities)
        let since = "since \(EventTime.minuteText(incident.start)) UTC"
        let who = who(incident)
        let same = entities.filter { $0.usage == lead.usage }
        let observed = same.reduce(0) { $0 + $1.observed }
        let expected = same.reduce(0) { $0 + $1.expected }
        var text =
            "\(lead.title): \(Counted.text(observed, lead.unit)) \(place) \(since) by \(who), \(times(observed, expected))."
        let beside = Set(entities.map(\.title)).subtracting([lead.title]).sorted()
        if !beside.isEmpty { text += " Also \(beside.joined(separator: ", "))." }
        let new = novelties(incident)
        if !new.isEmpty { text += " New to the account: \(new)." }
        if let cause = causes.first, cause.id != "unknown" {
            text += " Likely cause: \(cause.title) (confidence \(cause.confidence.rawValue))."
        } else if causes.first == .notLookedAt {
            text += " Its cause was not looked for."
        } else {
            text += " The cause is not known from the records."
        }
        text += " " + money(cost)
        return text
    }

    /// Who bears the excess: `role ci-deploy`, `role ci-deploy in 3 accounts`, `user ann and 2 more`.
    static func who(_ incident: IncidentCase) -> String {
        let names = incident.principals.map { Hostile.shown(Principal.spoken($0), limit: 80) }
        guard let first = names.first else {
            let isAnyKnown = incident.parts.contains { $0.evidence.isAnyoneKnown }
            return isAnyKnown ? "several callers" : "callers of whom no record is kept"
        }
        if names.count == 1 { return first }
        return Set(names).count == 1 ? "\(first) in \(names.count) accounts" : "\(first) and \(names.count - 1) more"
    }

    /// `in prod-main (eu-west-1)`, `in 3 accounts and 2 Regions`.
    static func places(_ entities: [Incident.Entity]) -> String {
        let accounts = Set(entities.map(\.account.id))
        let regions = Set(entities.map(\.region))
        guard let first = entities.first else { return "" }
        if accounts.count == 1 {
            let name = Hostile.shown(first.account.spoken, limit: 60)
            return regions.count == 1
                ? "in \(name) (\(Hostile.shown(first.region, limit: 40)))" : "in \(name) in \(regions.count) Regions"
        }
        return "in \(accounts.count) accounts" + (regions.count > 1 ? " and \(regions.count) Regions" : "")
    }

    /// `15x the expected 3`, or that nothing was expected.
    static func times(_ observed: Double, _ expected: Double) -> String {
        guard expected >= 0.05 else { return "where none is ordinary" }
        let ratio = observed / expected
        let factor = ratio >= 10 ? Decimal.grouped(ratio) : Decimal.text(ratio, decimals: 1)
        return "\(factor)x the expected \(Decimal.text(expected, decimals: expected < 10 ? 1 : 0))"
    }

    /// The same for an entity; of one that is silent, what was expected alone.
    static func times(_ entity: Incident.Entity) -> String {
        entity.channel == SilenceWriter.channel
            ? "where \(Decimal.grouped(entity.expected.rounded())) were expected"
            : times(entity.observed, entity.expected)
    }

    /// What it costs, in one sentence.
    static func money(_ cost: CostImpact) -> String {
        guard cost.isKnown else {
            return cost.unpriced.isEmpty
                ? "It has no price of its own." : "What it costs is not known: \(cost.unpriced[0])."
        }
        if cost.perDay.expected > 0 {
            let running = cost.started > 0 ? " (still running: \(cost.stillRunning) of \(cost.started))" : ""
            return "It costs $\(dollars(cost.perDay.expected)) a day at list price if nobody acts\(running)."
        }
        return "It has cost $\(dollars(cost.accrued)) at list price; nothing of it still runs."
    }

    /// Dollars, with cents below ten.
    static func dollars(_ amount: Double) -> String { Decimal.grouped(amount, decimals: amount < 10 ? 2 : 0) }

    /// What the accounts never used before: `Regions eu-west-3, sa-east-1; instance family p3`.
    private static func novelties(_ incident: IncidentCase) -> String {
        var values: [Usage.Novelty: Set<String>] = [:]
        for part in incident.parts where part.anomaly.channel == .firstUse {
            guard let novelty = part.anomaly.novelty else { continue }
            let name =
                novelty == .api ? incident.usage(part).title : incident.counts.names[part.anomaly.noveltyValue] ?? ""
            values[novelty, default: []].insert(Hostile.shown(name, limit: 60))
        }
        return Usage.Novelty.allCases.compactMap { novelty in
            guard let names = values[novelty]?.sorted(), let word = words[novelty] else { return nil }
            return (names.count == 1 ? word.one : word.many) + " " + names.prefix(6).joined(separator: ", ")
        }.joined(separator: "; ")
    }

    private static let words: [Usage.Novelty: (one: String, many: String)] = [
        .region: ("Region", "Regions"), .family: ("instance family", "instance families"), .api: ("API", "APIs"),
        .model: ("model", "models"),
    ]

    /// The first steps where credentials are in foreign hands.
    static func containment(_ incident: IncidentCase) -> [String] {
        var advice: [String] = []
        let keys = Set(
            incident.culpritRecords.compactMap(\.record).filter(\.caller.hasLongLivedKey).compactMap(\.caller.accessKey)
        )
        for key in keys.sorted().prefix(3) {
            advice.append(
                "Deactivate access key \(Hostile.shown(key, limit: 40)) now; deactivating can be undone, deleting cannot."
            )
        }
        if keys.isEmpty, let principal = incident.principals.first {
            advice.append("Revoke the active sessions of \(Hostile.shown(Principal.spoken(principal), limit: 80)).")
        }
        advice.append(
            "Stop what was started in Regions that the account never used; keep one instance's disk for the investigation."
        )
        return advice
    }
}
