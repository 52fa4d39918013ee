import LocalStore
import Pipeline
import UsageCore

/// What a backtest tells people.
enum BacktestText {
    /// The incidents, the heaviest first, after a list of one line each.
    static func text(_ outcome: Stages.Outcome) -> String {
        let incidents = outcome.incidents.sorted {
            ($1.severity.score, $0.start, $0.id) < ($0.severity.score, $1.start, $1.id)
        }
        guard !incidents.isEmpty else { return "No incidents." }
        var lines = [Counted.text(incidents.count, "incidents"), ""]
        for (index, incident) in incidents.enumerated() {
            lines.append("  \(index + 1). \(NotificationText(incident).subject)")
        }
        for (index, incident) in incidents.enumerated() {
            let message = NotificationText(incident)
            lines += ["", String(repeating: "=", count: 100), "\(index + 1). \(message.subject)", "", message.body]
        }
        return lines.joined(separator: "\n")
    }

    /// What became of the input, for standard error.
    static func notes(
        _ outcome: Stages.Outcome,
        _ report: InputReport,
        _ stored: Ingest.Outcome?,
        unfollowed: [String]
    ) -> [String] {
        let counts = outcome.counts
        var notes = [
            "\(said(report.records, "records")) from \(said(report.files, "files")), \(number(counts.watchedCount)) of them watched, "
                + "\(said(counts.repeatedCount, "repetitions")); \(said(counts.accounts.count, "accounts"))"
                + (counts.timeline.map {
                    ", \(EventTime.text($0.lowerBound)) to \(EventTime.text(counts.lastSecond($0)))"
                } ?? "")
        ]
        if let stored {
            let were = stored.repeated == 1 ? "was" : "were"
            notes.append(
                "stored \(said(stored.added, "new records")); \(number(stored.repeated)) \(were) there already"
            )
        }
        notes.append(
            "\(said(outcome.seriesCount, "series")), \(said(outcome.anomalyCount, "anomalies")), \(said(outcome.incidents.count, "incidents")); "
                + "\(said(outcome.immaterialCount, "small deviations")) not told"
        )
        if counts.strayCount > 0 {
            notes.append(
                "\(said(counts.strayCount, "records")) far from the time of all others: not counted"
            )
        }
        if counts.filter.unchecked > 0 {
            notes.append(
                "\(said(counts.filter.unchecked, "records")) came over 48 hours late: whether repeated is not known"
            )
        }
        if counts.passedByCount > 0 {
            notes.append("\(said(counts.passedByCount, "records")) not between --from and --to: passed by")
        }
        if report.withoutRecordsCount > 0 {
            notes.append("\(said(report.withoutRecordsCount, "files")) without records: \(list(report.withoutRecords))")
        }
        if !unfollowed.isEmpty {
            notes.append("\(said(unfollowed.count, "folder links")) not followed: \(list(unfollowed))")
        }
        for (reason, count) in report.setAside.sorted(by: { $0.key < $1.key }) {
            notes.append("set aside: \(number(count)) \(reason)")
        }
        for problem in report.problems { notes.append("  \(problem.description)") }
        return notes
    }

    private static func list(_ paths: [String]) -> String {
        paths.prefix(3).map { Hostile.path($0) }.joined(separator: ", ") + (paths.count > 3 ? ", ..." : "")
    }

    private static func said(_ count: Int, _ nouns: String) -> String { Counted.text(count, nouns) }

    private static func number(_ value: Int) -> String { Decimal.grouped(Double(value)) }
}

extension StoredIncident {
    /// The incident as it is stored.
    init(_ incident: Incident, at now: Int64) {
        self.init(
            incidentID: incident.id,
            state: incident.state.rawValue,
            start: incident.start,
            end: incident.end,
            severity: incident.severity.level.rawValue,
            document: incident.json,
            updatedAt: now
        )
    }
}
