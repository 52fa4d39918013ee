import Pipeline
import UsageCore

/// `anomalyctl simulate`: a labelled organization to try things on.
enum SimulateCommand {
    static let declaration = Command(
        name: "simulate",
        summary: "write the trail files of a plausible organization with planted anomalies",
        operands: nil,
        options: [
            .init(name: "--days", value: "N", help: "how many days, 1 to 3650", standard: "14"),
            .init(name: "--accounts", value: "N", help: "how many accounts, 1 to 5000", standard: "12"),
            .init(name: "--seed", value: "N", help: "the same seed gives the same organization", standard: "7"),
            .init(name: "--traffic", value: "X", help: "multiplies reads and invocations, 0.01 to 1000", standard: "1"),
            .init(
                name: "--start",
                value: "DAY",
                help: "the first day",
                standard: EventTime.text(Int64(Simulation.defaultStart))
            ),
            .init(name: "-o", value: "DIR", help: "the folder to write to", isRequired: true),
        ],
        explanation: """
            Writes DIR/trail with trail files as a trail fills its bucket, DIR/accounts.json with the accounts, and
            DIR/labels.json with what was planted: a stolen key that mines on GPUs, a Lambda loop, a pipeline that
            starts instances in three production accounts, a storm of volumes, a slow expensive burn, and harmless
            changes that look alike. Ordinary life goes on around them: autoscaling, Karpenter, Spot, deployments,
            people in the console. Where DIR/trail holds files of another run, nothing is written.

            Example:
              anomalyctl simulate --days 14 --accounts 12 --seed 7 -o demo
            """,
        run: run
    )

    /// First seconds that a simulation may have: 1970-01-01 to 2900-01-01.
    private static let starts: ClosedRange<Int64> = 0...29_348_006_400

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let folder = arguments.text("-o") ?? ""
        let days = try arguments.integer("--days", in: 1...3650)
        let accounts = try arguments.integer("--accounts", in: 1...5000)
        let seed = try arguments.integer("--seed", in: 0...Int.max)
        let traffic = try arguments.number("--traffic", in: 0.01...1000) ?? 1
        let start = try arguments.time("--start") ?? Int64(Simulation.defaultStart)
        guard starts.contains(start) else {
            throw UsageFailure.badValue(
                option: "--start",
                value: arguments.text("--start") ?? "",
                allowed: "a day from 1970-01-01 to 2900-01-01"
            )
        }
        let line = ProgressLine()
        defer { line.end() }
        let summary = try Simulate.write(
            days: days,
            accounts: accounts,
            seed: UInt64(seed),
            traffic: traffic,
            start: Int(start),
            to: folder
        ) { records, estimate in
            line.show(.init(stage: "simulating", done: records, total: max(records, estimate), records: records))
        }
        line.end()
        try Console.print(
            "\(folder): \(Counted.text(summary.records, "records")) of \(Counted.text(accounts, "accounts")) and \(Counted.text(days, "days")) in "
                + "\(Counted.text(summary.files, "trail files")), \(Decimal.text(Double(summary.bytes) / 1_048_576, decimals: 1)) MiB"
        )
        for reason in summary.leftOut { try Console.print("not planted: \(reason)") }
        return .done
    }
}
