/// Finds causes in the records of those who bear the excess.
///
/// What the records do not show is not claimed.
package enum CauseFinding {
    /// The causes, most likely first; `unknown` alone where nothing speaks for any.
    package static func causes(_ incident: IncidentCase) -> [Cause] {
        let records = incident.culpritRecords.map(\.record)
        guard !records.isEmpty else {
            return [unknown("No single caller bears the excess; it is spread over many.", [])]
        }
        let allowed = Set(incident.usages.flatMap(\.causes))
        var causes: [Cause] = []
        let abuse = allowed.contains("credential-abuse") ? CredentialAbuse.cause(incident) : nil
        if let abuse { causes.append(abuse) }
        causes += rules(incident, records, allowed)
        if allowed.contains("lambda-retry-storm"), let storm = LambdaStorm.cause(incident) { causes.append(storm) }
        if allowed.contains("deployment"), let deployment = Deployment.cause(incident, records) {
            // A pipeline's name proves nothing where its key is in foreign hands.
            if abuse == nil || deployment.confidence == .high { causes.append(deployment) }
        }
        if allowed.contains("human-console"), let human = human(records) {
            // Someone who signed in did it, unless what speaks for a stolen key is stronger.
            if abuse.map({ $0.confidence < human.confidence }) ?? true { causes.append(human) }
        }
        // Sorting is stable in its order of finding: tools before the pipeline behind them.
        causes = causes.enumerated()
            .sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }
            .map(\.element)
        if causes.isEmpty {
            let who = incident.principals.first.map(Principal.spoken) ?? "unknown"
            causes = [
                unknown(
                    "\(Hostile.shown(who)) made the calls; no record names a tool, a service or a person.",
                    ids(records)
                )
            ]
        }
        return causes
    }

    private static func unknown(_ text: String, _ ids: [String]) -> Cause {
        Cause(id: "unknown", title: "Unknown", confidence: .low, evidence: [.init(text: text, eventIds: ids)])
    }

    static func ids(_ records: [WatchedRecord]) -> [String] { records.prefix(Cause.shownIds).map(\.eventId) }

    /// Tools and services that the catalog's rules recognise.
    private static func rules(_ incident: IncidentCase, _ records: [WatchedRecord], _ allowed: Set<String>) -> [Cause] {
        let total = records.reduce(0) { $0 + $1.facts.quantity }
        return incident.catalog.causes.filter { allowed.contains($0.id) }.compactMap { rule in
            var claims: [Cause.Claim] = []
            var matched = Set<Int>()
            var shownHits: [CauseRule.Field: [Int]] = [:]
            for sign in rule.signs {
                let hits = records.indices.filter { value(sign.field, records[$0]).contains { $0.contains(sign.text) } }
                guard !hits.isEmpty else { continue }
                matched.formUnion(hits)
                // Two signs in one field of the same records are one sign to a reader.
                guard shownHits[sign.field] != hits else { continue }
                shownHits[sign.field] = hits
                let shown = hits.first.flatMap { index in
                    value(sign.field, records[index]).first { $0.contains(sign.text) }
                }
                claims.append(
                    Cause.Claim(
                        text: "\(of(hits.count, records.count, records[hits[0]].eventName)): \(name(sign.field)) "
                            + Hostile.shown(shown ?? sign.text, limit: 100),
                        eventIds: ids(hits.map { records[$0] })
                    )
                )
            }
            guard total > 0, !matched.isEmpty else { return nil }
            let share = matched.reduce(0) { $0 + records[$1].facts.quantity } / total
            guard share >= 0.15 else { return nil }
            return Cause(
                id: rule.id,
                title: rule.title,
                confidence: share >= 0.8 ? .high : share >= 0.4 ? .medium : .low,
                evidence: claims
            )
        }
    }

    /// `12 of 12 RunInstances calls`.
    static func of(_ part: Int, _ whole: Int, _ eventName: String) -> String {
        "\(part) of \(Counted.text(whole, "\(Hostile.shown(eventName, limit: 60)) calls"))"
    }

    private static func name(_ field: CauseRule.Field) -> String {
        switch field {
        case .userAgent: "user agent"
        case .invokedBy: "invoked by"
        case .principal: "made by"
        case .eventName: "call"
        case .tags: "tag"
        }
    }

    private static func value(_ field: CauseRule.Field, _ record: WatchedRecord) -> [String] {
        switch field {
        case .userAgent: [record.caller.userAgent]
        case .invokedBy: record.caller.invokedBy.map { [$0] } ?? []
        case .principal: [record.caller.principal]
        case .eventName: [record.eventName]
        case .tags: record.facts.attributes["tags"] ?? []
        }
    }

    /// A person: in the console, or signed in through IAM Identity Center.
    private static func human(_ records: [WatchedRecord]) -> Cause? {
        let console = records.filter(\.caller.isConsole)
        let signedOn = records.filter(\.caller.isSingleSignOn)
        var claims: [Cause.Claim] = []
        if let first = console.first {
            claims.append(
                .init(
                    text: "\(of(console.count, records.count, first.eventName)) came from the console, with "
                        + Hostile.shown(first.caller.userAgent, limit: 80),
                    eventIds: ids(console)
                )
            )
        }
        if let first = signedOn.first {
            let person = first.caller.session.map { " as \(Hostile.shown($0, limit: 80))" } ?? ""
            claims.append(
                .init(
                    text:
                        "\(of(signedOn.count, records.count, first.eventName)) by a role of IAM Identity Center\(person)",
                    eventIds: ids(signedOn)
                )
            )
        }
        let share = Double(records.count { $0.caller.isConsole || $0.caller.isSingleSignOn }) / Double(records.count)
        guard share >= 0.4 else { return nil }
        return Cause(
            id: "human-console",
            title: "A person in the console or signed in through single sign-on",
            confidence: share >= 0.8 ? .high : .medium,
            evidence: claims
        )
    }
}
