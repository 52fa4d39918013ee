/// Turns a silence into the incident that is told.
package struct SilenceWriter: Sendable {
    /// The `usage` of an incident that is about records which do not come; the catalog has no entry for what is not called.
    package static let usage = "cloudtrail-silence"
    package static let title = "CloudTrail records"
    /// The `channel` of its entities.
    package static let channel = "silence"
    /// What a cause is called that lies in the trail.
    package static let trailChange = "trail-change"
    /// A call so long before the first silent hour may have caused it: it may come with the last records or an hour before them.
    package static let causeReach: Int64 = 2 * 3600
    private static let names = 3

    private let counts: UsageCounts
    private let activity: Activity
    private let directory: AccountDirectory
    /// What is told of calls that stop or change a trail.
    private let changes: [IncidentCase.Part]
    private let catalog: UsageCatalog
    private let analysis: Analysis

    /// `parts`: the parts of all incidents; those that may be a cause are taken from them.
    package init(
        _ counts: UsageCounts,
        _ activity: Activity,
        _ directory: AccountDirectory,
        _ parts: [IncidentCase.Part],
        _ catalog: UsageCatalog,
        _ analysis: Analysis
    ) {
        self.counts = counts
        self.activity = activity
        self.directory = directory
        changes = parts.filter {
            $0.anomaly.channel == .call && catalog.usages[$0.anomaly.usage].outcome == .success
        }
        self.catalog = catalog
        self.analysis = analysis
    }

    /// Whether a call that was made in `time` may be the cause of `silence`.
    package static func mayBeCause(_ time: Range<Int64>, of silence: Silence) -> Bool {
        time.overlaps(silence.begin - causeReach..<silence.begin + 3600)
    }

    /// The incident of `silence`.
    package func incident(_ silence: Silence) -> Incident {
        let entities = silence.members.map { entity($0, silence) }
        let cause = cause(silence)
        return Incident(
            id: identity(silence),
            state: silence.end == nil ? .open : .resolved,
            start: silence.begin,
            end: silence.end ?? max(silence.asOf, silence.begin + 3600),
            detectedAt: silence.toldAt,
            mergedFrom: [],
            eventNames: [],
            severity: severity(silence, cause, entities),
            entities: entities,
            pattern: silence.extent == .trail
                ? .organizationWide : silence.accounts.count > 1 ? .multiAccount : .singleAccount,
            principals: cause.principals,
            sourceAddresses: cause.addresses,
            causes: [cause.cause],
            cost: CostImpact(),
            summary: summary(silence, cause),
            recommendations: advice(silence, cause),
            expectedChange: nil
        )
    }

    private func identity(_ silence: Silence) -> String {
        let first = silence.members.map { "\(id($0.place.account))/\(region($0.place))" }.min() ?? ""
        return Digest128(of: "\(Self.usage)/\(first)/\(EventTime.text(silence.begin))").hexadecimal
    }

    private func entity(_ member: Silence.Member, _ silence: Silence) -> Incident.Entity {
        let end = member.pause.end ?? max(silence.asOf, member.pause.begin + 3600)
        return Incident.Entity(
            usage: Self.usage,
            title: Self.title,
            account: directory[id(member.place.account)],
            region: region(member.place),
            observed: 0,
            expected: member.pause.perDay * Double(end - member.pause.begin) / 86400,
            unit: "records",
            grade: 1,
            confidence: 1,
            channel: Self.channel,
            start: member.pause.begin,
            end: end,
            reason: "silent for longer than \(hours(member.pause.limit)), \(longest(member.pause.longestBefore))"
        )
    }

    // MARK: cause

    private struct Found {
        var cause: Cause
        var isKnown = false
        var stops = false
        var principals: [String] = []
        var addresses: [String] = []
    }

    /// What was done to a trail in the hour before; for part of the accounts only what was done in one of them.
    private func cause(_ silence: Silence) -> Found {
        guard analysis.contains(.causes) else { return Found(cause: .notLookedAt) }
        let accounts = Set(silence.accounts)
        let calls = changes.filter { silence.extent == .trail || accounts.contains($0.anomaly.account) }
            .flatMap(\.evidence.records)
            .filter { Self.mayBeCause($0.seconds..<$0.seconds + 1, of: silence) }
            .sorted { ($0.seconds, $0.eventId) < ($1.seconds, $1.eventId) }
        guard !calls.isEmpty else {
            let text = "no call in the records stopped or changed a trail in the hour before"
            return Found(
                cause: Cause(
                    id: "unknown",
                    title: "Unknown",
                    confidence: .low,
                    evidence: [.init(text: text, eventIds: [])]
                )
            )
        }
        let stops = calls.contains { TrailChange.stops($0) }
        let claims = calls.prefix(Self.names).map { call in
            Cause.Claim(
                text:
                    "\(TrailChange.sentence(call)) in \(spoken(call.accountId)) at \(EventTime.minuteText(call.seconds)) UTC",
                eventIds: [call.eventId]
            )
        }
        return Found(
            cause: Cause(
                id: Self.trailChange,
                title: stops ? "A trail was stopped" : "A trail was changed",
                confidence: stops ? .high : .medium,
                evidence: claims
            ),
            isKnown: true,
            stops: stops,
            principals: Set(calls.map(\.caller.principal)).sorted(),
            addresses: Set(calls.compactMap(\.caller.address)).sorted().prefix(20).map { $0 }
        )
    }

    private func severity(_ silence: Silence, _ cause: Found, _ entities: [Incident.Entity]) -> Severity {
        let isTrail = silence.extent == .trail
        var score = isTrail ? 6.5 : 4.5
        var reasons = [
            isTrail
                ? "nothing is seen of \(Counted.text(silence.accounts.count, "accounts")) while it lasts"
                : "nothing is seen of \(silence.extent == .regions ? "these Regions" : "it") while it lasts"
        ]
        if entities.contains(where: { $0.account.isProduction }) {
            score += 0.5
            reasons.append("a production account is affected")
        }
        if !isTrail, silence.accounts.count > 1 {
            score += 0.5
            reasons.append("\(silence.accounts.count) accounts are affected")
        }
        if cause.isKnown {
            score += 2
            reasons.append(cause.stops ? "a trail was stopped just before" : "a trail was changed just before")
        }
        return Severity(score: score, reasons: reasons)
    }

    // MARK: words

    private func summary(_ silence: Silence, _ cause: Found) -> String {
        let perDay = Counted.text(silence.perDay.rounded(), "records")
        var text = "No CloudTrail records \(silence.end == nil ? "come" : "came") from \(whom(silence))"
        if let end = silence.end {
            text += " from \(EventTime.minuteText(silence.begin)) to \(EventTime.minuteText(end)) UTC"
        } else {
            text += " since \(EventTime.minuteText(silence.begin)) UTC"
        }
        text += ", where \(perDay) a day are ordinary; \(longest(silence.longestBefore))."
        if cause.isKnown, let claim = cause.cause.evidence.first {
            text += " Just before, \(claim.text)."
        } else if cause.cause == .notLookedAt {
            text += " Its cause was not looked for."
        } else {
            text += " The records do not show why."
        }
        return text
    }

    /// `prod-main`, `2 Regions of prod-main (eu-west-1, us-east-1)`, `12 accounts (the whole trail)`.
    private func whom(_ silence: Silence) -> String {
        let accounts = silence.accounts.map { spoken(id($0)) }
        let regions = Set(silence.members.map { Hostile.shown(region($0.place), limit: 40) }).sorted()
        switch silence.extent {
        case .regions:
            let named = regions.prefix(Self.names).joined(separator: ", ")
            let more = regions.count > Self.names ? " and \(regions.count - Self.names) more" : ""
            let word = regions.count == 1 ? "Region" : "\(regions.count) Regions"
            return "\(word) \(named)\(more) of \(accounts.first ?? "")"
        case .account: return accounts.first ?? ""
        case .accounts, .trail:
            let heads = accounts.prefix(Self.names).joined(separator: ", ")
            let more = accounts.count > Self.names ? " and \(accounts.count - Self.names) more" : ""
            let which = silence.extent == .trail ? "the trail: " : ""
            return "\(which)\(Counted.text(accounts.count, "accounts")) (\(heads)\(more))"
        }
    }

    private func longest(_ seconds: Int64) -> String {
        seconds == 0 ? "records came every hour before" : "the longest pause before was \(hours(seconds))"
    }

    private func hours(_ seconds: Int64) -> String { Counted.text(Int(seconds / 3600), "hours") }

    private func advice(_ silence: Silence, _ cause: Found) -> [String] {
        var advice: [String] = []
        if cause.isKnown {
            advice.append(
                "Undo the change to the trail, or start it again (cloudtrail:StartLogging), and ask its caller why."
            )
        }
        switch silence.extent {
        case .trail:
            advice += [
                "Ask the trail how it is (aws cloudtrail get-trail-status): whether it logs, and what its last delivery to CloudWatch Logs or S3 met.",
                "Check the way from the trail: the log group's subscription filter or the bucket's notifications, then errors and throttles of MultiAccountLogs and its dead-letter queue.",
                "When records come again, read the stored log events or trail files of the pause: CloudTrail's event history keeps management events for 90 days.",
            ]
        case .account, .accounts:
            advice += [
                "Ask AWS Organizations for the account's state: one that is suspended, closed or moved out of the organization sends nothing.",
                "Where it is still in use, look for what keeps its records away: another trail's settings, event selectors, a landing zone's change.",
            ]
        case .regions:
            advice += [
                "Ask the account's owner whether the Region was given up, or disabled for the account.",
                "Check that the trail is still one of all Regions (IsMultiRegionTrail).",
            ]
        }
        return advice
    }

    private func id(_ account: AccountKey) -> String {
        account.digits ?? activity.names[account.value] ?? counts.names[account.value] ?? "unknown"
    }

    private func region(_ place: Activity.Place) -> String {
        activity.names[place.region] ?? counts.names[place.region] ?? "unknown"
    }

    private func spoken(_ id: String) -> String { Hostile.shown(directory[id].spoken, limit: 60) }
}
