import LocalStore
import Pipeline
import UsageCore

/// `anomalyctl backtest`: what the product would have told about records that are there already.
enum BacktestCommand {
    /// How readily to speak.
    enum Profile: String, CaseIterable {
        case quiet, balanced, sensitive

        var level: Double {
            switch self {
            case .quiet: 0.7
            case .balanced: 0.6
            case .sensitive: 0.5
            }
        }
    }

    static let declaration = Command(
        name: "backtest",
        summary: "look for incidents in trail files or other CloudTrail records",
        operands: .init(
            name: "INPUT...",
            count: 1...10_000,
            help: "files or folders: trail files, log payloads, events, newline-delimited records"
        ),
        options: [
            .init(
                name: "--accounts",
                value: "FILE",
                help: "what is known of the accounts: aliases, types, organizational units"
            ),
            .init(name: "--from", value: "TIME", help: "pass by records before this time"),
            .init(name: "--to", value: "TIME", help: "pass by records at or after this time"),
            .init(
                name: "--store",
                value: "FILE",
                help: "keep all records and incidents in this SQLite file, and look at all that it holds"
            ),
            .init(
                name: "--profile",
                value: "P",
                help: "how readily to speak: quiet, balanced or sensitive",
                choices: Profile.allCases.map(\.rawValue),
                standard: "balanced"
            ),
            .init(
                name: "--level",
                value: "X",
                help: "the score that makes an anomaly, instead of a profile's: 0.6 for balanced"
            ),
            .init(
                name: "--format",
                value: "F",
                help: "text or json (one incident a line)",
                choices: ["text", "json"],
                standard: "text"
            ),
        ],
        explanation: """
            Reads the input twice: once to count every watched usage of each account and Region, once more for the
            records around what was unusual. Prints each incident: what, where, who, why, what it costs, what to do.
            Memory does not follow the number of records. Every input shape is told by its content; gzip or plain.

            What cannot be read is set aside with its reason, and the exit code is then 3.

            Examples:
              anomalyctl backtest demo/trail --accounts demo/accounts.json
              anomalyctl backtest trail/ --from 2026-10-01 --format json > incidents.jsonl
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let profile = Profile(rawValue: arguments.text("--profile") ?? "") ?? .balanced
        let level = try arguments.number("--level", in: 0.01...0.99) ?? profile.level
        let from = try arguments.time("--from") ?? Int64.min
        let to = try arguments.time("--to") ?? Int64.max
        guard from < to else {
            throw UsageFailure.badValue(
                option: "--to",
                value: arguments.text("--to") ?? "",
                allowed: "a time after --from"
            )
        }
        let catalog = try UsageCatalog.builtIn()
        let directory = try AccountFile.read(arguments.text("--accounts"))
        let files = try InputFiles(arguments.operands)
        if arguments.text("--store") == nil, let path = files.readOnceOnly {
            throw InputFailure.readOnceOnly(path: path)
        }
        let line = ProgressLine()
        defer { line.end() }
        let progress = Progress { line.show($0) }
        let stages = Stages(catalog: catalog, directory: directory, level: level, workers: Processors.count)
        let time = from...(to == Int64.max ? to : to - 1)
        let outcome: Stages.Outcome
        let report: InputReport
        var stored: Ingest.Outcome?
        if let path = arguments.text("--store") {
            let store = try LocalStore(path: path)
            let ingested = try await Ingest(store, catalog, directory, receivedAt: Console.now()).run(files, progress)
            report = ingested.report
            stored = ingested
            outcome = try await stages.run(StoredRecords(store, catalog, time: time), progress)
            let incidents = outcome.incidents.map { StoredIncident($0, at: Console.now()) }
            try await store.replaceIncidents(beginningIn: time, with: incidents)
        } else {
            let source = TrailFiles(files, catalog, time: time, workers: Processors.count)
            outcome = try await stages.run(source, progress)
            report = source.report
        }
        line.end()
        if outcome.counts.recordCount == 0, outcome.counts.passedByCount > 0 {
            throw InputFailure.noneInTime(paths: arguments.operands, passedBy: outcome.counts.passedByCount)
        }
        if report.records == 0 {
            throw InputFailure.noRecords(paths: arguments.operands, setAside: report.problems.first?.description)
        }
        if arguments.text("--format") == "json" {
            for incident in outcome.incidents { try Console.print(incident.json) }
        } else {
            try Console.print(BacktestText.text(outcome))
        }
        for text in BacktestText.notes(outcome, report, stored, unfollowed: files.unfollowed) { Console.say(text) }
        return report.setAsideCount > 0 ? .doneWithSetAsides : .done
    }
}
