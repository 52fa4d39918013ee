import Pipeline
import UsageCore

/// `anomalyctl detect`: the detector on any series.
enum DetectCommand {
    static let declaration = Command(
        name: "detect",
        summary: "score any series of timestamps and values with the same detector",
        operands: .init(name: "SERIES.csv", count: 1...1, help: "lines of timestamp,value"),
        options: [
            .init(
                name: "--interval",
                value: "5m",
                help: "fill gaps that are longer than this: with 0 for counts, else with the last value"
            ),
            .init(
                name: "--profile",
                value: "P",
                help: "how readily to speak: quiet, balanced or sensitive",
                choices: SeriesSettings.Profile.allCases.map(\.rawValue),
                standard: "balanced"
            ),
            .init(name: "--level", value: "X", help: "the score that makes an anomaly, instead of a profile's"),
            .init(
                name: "--format",
                value: "F",
                help: "csv or json (one object a line)",
                choices: ["csv", "json"],
                standard: "csv"
            ),
        ],
        explanation: """
            Reads timestamps and values, writes one row for each row: timestamp,value,anomaly_score,grade,expected,low,
            high,reason. The score is between 0 and 1 and 0 while warming up (the first 150 rows); grade is the score
            where it makes an anomaly, else 0; low and high are where about 97 of 100 values lie.

            Timestamps may be 2026-10-05 14:00:00, RFC 3339, or seconds since 1970; they may repeat and leap. A value
            that is missing (empty, nan, null, na, inf) scores 0; a field that is neither number nor time ends the run
            with its line. The header and further columns may be there or not, and lines may end as on Windows.

            Example:
              anomalyctl detect cpu.csv > scored.csv
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let profile = SeriesSettings.Profile(rawValue: arguments.text("--profile") ?? "") ?? .balanced
        let level = try arguments.number("--level", in: 0.01...0.99) ?? profile.level
        var file = SeriesFile(
            settings: SeriesSettings(
                level: level,
                interval: try arguments.interval("--interval"),
                format: arguments.text("--format") == "json" ? .jsonLines : .csv
            )
        )
        let path = arguments.operands[0]
        var out: [UInt8] = []
        do {
            let bytes = try FileBytes(path, wanted: .series)
            while let piece = try bytes.next() {
                try file.read(Array(piece)[...], into: &out)
                try Console.write(out)
                out.removeAll(keepingCapacity: true)
            }
            try file.finish(into: &out)
        } catch let failure as SeriesFailure {
            throw CommandFailure.at(path, "\(failure)")
        }
        try Console.write(out)
        return .done
    }
}
