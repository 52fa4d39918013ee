import AWSAccess
import UsageCore

/// What became of the records of the last 24 hours, by the ledger that MultiAccountLogs keeps.
struct LedgerCheck: DeploymentCheck {
    let name = "ledger"

    /// Hours that are looked at, the present one with them.
    static let hours: Int64 = 24
    /// Of these, the last ones, in which a busy stream that is silent is worth a word.
    static let silentHours: Int64 = 6
    /// Hours before, in which a stream was busy.
    private static let busyHours = 12
    /// Streams that are named.
    private static let mostNamed = 10

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        guard let table = StateTable(settings, session: deployment.session) else { return Self.noTable }
        let hour = LedgerEntry.hour(of: deployment.now)
        let entries = try await table.until(deadline).ledger(
            from: hour - (Self.hours - 1) * LedgerEntry.span,
            to: hour + LedgerEntry.span
        )
        return Self.judge(entries, hour: hour)
    }

    static let noTable = Finding.off("STATE_TABLE is not set: the numbers stand in the metrics alone")

    /// `hour`: the start of the present hour.
    static func judge(_ entries: [LedgerEntry], hour: Int64) -> Finding {
        guard !entries.isEmpty else {
            let fix = "look at the checks \"trail\", \"intake\" and \"errors\""
            return Finding(
                "last \(hours) hours: no records",
                problems: [.init(.broken, "no record has arrived in \(hours) hours", fix: fix)]
            )
        }
        var total = IngestReport()
        for entry in entries { total.add(entry.counts) }
        let streams = Dictionary(grouping: entries, by: \.stream).mapValues { entries in
            entries.reduce(into: IngestReport()) { $0.add($1.counts) }
        }
        let known = total.stored + total.duplicates
        var details = [
            "\(Counted.text(streams.count, "streams")): received \(total.received), new \(total.stored), there before "
                + "\(total.duplicates), left out \(total.leftOut), set aside \(total.setAside), unresolved \(total.unresolved)"
        ]
        let amiss = streams.filter { $0.value.setAside > 0 || $0.value.unresolved > 0 || !$0.value.isBalanced }
            .sorted { ($1.value.missing, $0.key) < ($0.value.missing, $1.key) }
        details += amiss.prefix(mostNamed).map { stream, counts in
            "\(stream): received \(counts.received), set aside \(counts.setAside), unresolved \(counts.unresolved)"
                + (counts.isBalanced ? "" : ", unaccounted \(counts.gap)")
        }
        if amiss.count > mostNamed { details.append("and \(Counted.text(amiss.count - mostNamed, "streams")) more") }
        return Finding(
            "last \(hours) hours: \(Counted.text(total.received, "records")) came, \(known) are known to be stored",
            details: details,
            problems: missing(total) + silent(entries, hour: hour)
        )
    }

    private static func missing(_ total: IngestReport) -> [Finding.Problem] {
        var problems: [Finding.Problem] = []
        if total.gap != 0 {
            let what = "\(total.gap) records are in none of the numbers: a fault of the program"
            problems.append(.init(.broken, what, fix: "report it, with the lines of level ERROR in the function's log"))
        }
        let lost = total.setAside - total.deadLettered
        if lost > 0 {
            problems.append(
                .init(
                    .broken,
                    "\(Counted.text(lost, "records")) set aside and not in the dead-letter queue",
                    fix: "set DEAD_LETTER_QUEUE_URL and DEAD_LETTER_BUCKET; the reasons stand in the function's log"
                )
            )
        }
        if total.deadLettered > 0 {
            let what = "\(Counted.text(total.deadLettered, "records")) went to the dead-letter queue"
            problems.append(.init(.warning, what, fix: "anomalyctl redrive --dry-run shows the reasons"))
        }
        if total.unresolved > 0 {
            problems.append(
                .init(
                    .warning,
                    "tries failed with \(Counted.text(total.unresolved, "records")); what came again was stored or found then",
                    fix: "look at the check \"errors\": what Lambda gave up lies where the function's failures go"
                )
            )
        }
        return problems
    }

    /// Streams that had records in most hours and have none of late.
    private static func silent(_ entries: [LedgerEntry], hour: Int64) -> [Finding.Problem] {
        let late = hour - (silentHours - 1) * LedgerEntry.span
        let streams = Dictionary(grouping: entries.filter { $0.counts.received > 0 }, by: \.stream)
        let silent = streams.filter { _, entries in
            entries.allSatisfy { $0.hour < late } && Set(entries.map(\.hour)).count >= busyHours
        }.keys.sorted()
        guard !silent.isEmpty else { return [] }
        let names = silent.prefix(mostNamed).joined(separator: ", ")
        let more = silent.count > mostNamed ? " and \(silent.count - mostNamed) more" : ""
        return [
            .init(
                .warning,
                "silent for \(silentHours) hours: \(names)\(more)",
                fix:
                    "look whether the account is closed or its trail's delivery is at fault; CloudTrail also begins new streams by itself"
            )
        ]
    }
}

extension IngestReport {
    /// Records that are not where they belong.
    fileprivate var missing: Int { setAside + unresolved + abs(gap) }
}
