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
        var lines = ["\(incidents.count) incident\(incidents.count == 1 ? "" : "s")", ""]
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
    static func notes(_ outcome: Stages.Outcome, _ report: InputReport, _ stored: Ingest.Outcome?) -> [String] {
        let counts = outcome.counts
        var notes = [
            "\(number(report.records)) records from \(number(report.files)) files, \(number(counts.watchedCount)) of them watched, "
                + "\(number(counts.repeatedCount)) repetitions; \(number(counts.accounts.count)) accounts"
                + (counts.timeline.map {
                    ", \(EventTime.text($0.lowerBound)) to \(EventTime.text(counts.lastSecond($0)))"
                } ?? "")
        ]
        if let stored {
            notes.append("stored \(number(stored.added)) new records; \(number(stored.repeated)) were there already")
        }
        notes.append(
            "\(number(outcome.seriesCount)) series, \(number(outcome.anomalyCount)) anomalies, \(number(outcome.incidents.count)) incidents; "
                + "\(number(outcome.immaterialCount)) small deviations not told"
        )
        if counts.strayCount > 0 {
            notes.append(
                "\(number(counts.strayCount)) records are far from the time of all others and were not counted"
            )
        }
        if counts.filter.unchecked > 0 {
            notes.append(
                "\(number(counts.filter.unchecked)) records came over 48 hours late: whether they are repetitions is not known"
            )
        }
        if !report.withoutRecords.isEmpty {
            notes.append(
                "\(number(report.withoutRecords.count)) JSON files hold no records: \(report.withoutRecords.prefix(3).joined(separator: ", "))"
            )
        }
        for (reason, count) in report.setAside.sorted(by: { $0.key < $1.key }) {
            notes.append("set aside: \(number(count)) \(reason)")
        }
        for problem in report.problems { notes.append("  \(problem.description)") }
        return notes
    }

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
