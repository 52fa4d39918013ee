/// An incident as a message that people read in a mailbox or a channel.
package struct NotificationText: Equatable, Sendable {
    /// Below 100 characters, one line of ASCII as SNS wants it (Amazon SNS API Reference, "Publish").
    package let subject: String
    package let body: String

    /// The message that tells of `incident` for the reason `notice`; `last` is what was told before.
    package init(_ incident: Incident, _ notice: NoticeKind = .opened, last: IncidentThread.Told? = nil) {
        subject = Self.subject(incident, notice)
        body = (Self.news(incident, notice, last).map { $0 + "\n\n" } ?? "") + Self.body(incident)
    }

    /// What has changed, in one line.
    private static func news(_ incident: Incident, _ notice: NoticeKind, _ last: IncidentThread.Told?) -> String? {
        switch notice {
        case .opened: return nil
        case .resolved where incident.entities.first?.channel == SilenceWriter.channel:
            return "RESOLVED: records come again since \(EventTime.minuteText(incident.end)) UTC."
        case .resolved: return "RESOLVED: nothing unusual since \(EventTime.minuteText(incident.end)) UTC."
        case .escalated:
            var changes: [String] = []
            let level = incident.severity.level
            if let last, last.level < level {
                changes.append("severity \(last.level.rawValue) is now \(level.rawValue)")
            }
            if let last, incident.cost.weight >= 2 * last.dollars, incident.cost.weight > 0 {
                changes.append(
                    "$\(Phrases.dollars(last.dollars)) a day are now $\(Phrases.dollars(incident.cost.weight))"
                )
            }
            return changes.isEmpty ? "ESCALATED" : "ESCALATED: \(changes.joined(separator: "; "))."
        }
    }

    private static func subject(_ incident: Incident, _ notice: NoticeKind) -> String {
        let level = incident.severity.level.rawValue
        let tag =
            switch notice {
            case .opened: level
            case .escalated: "ESCALATED \(level)"
            case .resolved: "RESOLVED"
            }
        guard let lead = incident.entities.first else { return "[\(tag)] usage incident" }
        let same = incident.entities.filter { $0.usage == lead.usage }
        let observed = same.reduce(0) { $0 + $1.observed }
        let expected = same.reduce(0) { $0 + $1.expected }
        let accounts = Set(same.map(\.account.id)).count
        let place = accounts == 1 ? Hostile.shown(lead.account.spoken, limit: 30) : "\(accounts) accounts"
        let ratio = expected >= 0.05 ? "\(Decimal.grouped((observed / expected).rounded()))x expected" : "none expected"
        let amount = Counted.text(observed, lead.unit)
        let text =
            lead.channel == SilenceWriter.channel
            ? "[\(tag)] \(lead.title): \(incident.state == .open ? "none come" : "none came") from \(place)"
            : "[\(tag)] \(lead.title): \(amount) in \(place), \(ratio)"
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII ? $0 : "?" }).prefix(99))
    }

    private static func body(_ incident: Incident) -> String {
        var lines = ["ANOMALY SUMMARY", incident.summary]
        lines.append(
            "Severity \(incident.severity.level.rawValue) (\(Decimal.text(incident.severity.score, decimals: 1)) of 10): "
                + incident.severity.reasons.joined(separator: "; ")
        )
        let end = incident.state == .open ? "still open" : "until \(EventTime.minuteText(incident.end))"
        lines.append(
            "From \(EventTime.minuteText(incident.start)) UTC, \(end); detected at \(EventTime.minuteText(incident.detectedAt)) UTC"
        )
        lines += ["", "POTENTIAL CAUSES"]
        for cause in incident.causes {
            lines.append("- \(cause.title) (confidence: \(cause.confidence.rawValue))")
            for claim in cause.evidence {
                let ids = claim.eventIds.prefix(2).map { Hostile.shown($0, limit: 40) }.joined(separator: ", ")
                lines.append("  \(claim.text)" + (ids.isEmpty ? "" : " [\(ids)]"))
            }
        }
        lines += ["", "RECOMMENDED ACTIONS"]
        for (index, advice) in incident.recommendations.enumerated() { lines.append("\(index + 1). \(advice)") }
        lines += ["", "COST IMPACT"]
        lines += cost(incident.cost)
        lines += ["", "AFFECTED ACCOUNTS"]
        lines += accounts(incident)
        lines += ["", "LINKS"]
        if let link = link(incident) { lines.append(link) }
        lines.append("Incident \(incident.id)")
        return lines.joined(separator: "\n")
    }

    private static func cost(_ cost: CostImpact) -> [String] {
        var lines: [String] = []
        if cost.isKnown {
            lines.append(
                "- Per day: $\(Phrases.dollars(cost.perDay.expected)) "
                    + "(from $\(Phrases.dollars(cost.perDay.low)) to $\(Phrases.dollars(cost.perDay.high)))"
            )
            lines.append("- Monthly projection: $\(Phrases.dollars(cost.perMonth.expected)) if nobody acts")
            lines.append("- Accrued so far: $\(Phrases.dollars(cost.accrued))")
            if cost.started > 0 { lines.append("- Still running: \(cost.stillRunning) of \(cost.started) started") }
            lines += cost.assumptions.map { "- Assumed: \($0)" }
        }
        lines += cost.unpriced.map { "- Not priced: \($0)" }
        return lines.isEmpty ? ["- None of its own"] : lines
    }

    /// Accounts shown one by one.
    private static let shownAccounts = 12
    /// Regions and usages shown of each.
    private static let shownEntities = 8

    private static func accounts(_ incident: Incident) -> [String] {
        var order: [String] = []
        var entities: [String: [Incident.Entity]] = [:]
        for entity in incident.entities {
            if entities[entity.account.id] == nil { order.append(entity.account.id) }
            entities[entity.account.id, default: []].append(entity)
        }
        var lines: [String] = []
        for id in order.prefix(shownAccounts) {
            guard let own = entities[id], let first = own.first else { continue }
            lines.append("- " + name(first.account))
            for entity in own.prefix(shownEntities) {
                lines.append(
                    "  \(Hostile.shown(entity.region, limit: 40)): \(entity.title), \(Counted.text(entity.observed, entity.unit)), "
                        + "\(Phrases.times(entity)) (\(entity.reason))"
                )
            }
            if own.count > shownEntities {
                lines.append("  and \(own.count - shownEntities) more of its Regions and usages")
            }
        }
        if order.count > shownAccounts {
            lines.append("- and " + Counted.text(order.count - shownAccounts, "more accounts"))
        }
        return lines
    }

    private static func name(_ account: AccountContext) -> String {
        var text = Hostile.shown(account.spoken, limit: 60)
        if account.alias != nil { text += " (\(Hostile.shown(account.id, limit: 20)))" }
        let context = [account.type, account.ouPath, account.owner].compactMap { $0 }.map {
            Hostile.shown($0, limit: 60)
        }
        if !context.isEmpty { text += ", " + context.joined(separator: ", ") }
        return account.contextMissing ? text + ", not in the list of accounts" : text
    }

    /// The page of CloudTrail's console with the calls; nil for an incident without entities.
    package static func link(_ incident: Incident) -> String? {
        guard let entity = incident.entities.first else { return nil }
        let region =
            entity.region.utf8.count <= 32
                && entity.region.utf8.allSatisfy { $0 == 0x2D || 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 }
            ? entity.region : "us-east-1"
        let name = (incident.eventNames.first ?? "").prefix(128).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let suffix =
            region.hasPrefix("cn-")
            ? "amazonaws.cn" : region.hasPrefix("us-gov-") ? "amazonaws-us-gov.com" : "aws.amazon.com"
        return "https://\(region).console.\(suffix)/cloudtrailv2/home?region=\(region)#/events?EventName=\(name)"
    }
}
