import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

/// Measures a backtest of ten million records against its budget, where `make bench` asks for it; the figures go to standard output.
@Suite(.serialized, .enabled(if: getenv("BENCH") != nil, "run by make bench"))
struct BacktestBenchmark {
    /// The program as it is shipped, which `make bench` names.
    private static let program = getenv("ANOMALYCTL").map { String(cString: $0) } ?? ProgramRun.anomalyctl
    private static let accounts = 100
    /// About 10 million records.
    private static let days = getenv("BENCH_DAYS").flatMap { Int(String(cString: $0)) } ?? 29
    private static let secondsBudget = 120.0
    private static let memoryBudget = 400.0

    @Test func `ten million records of a hundred accounts are judged within the budget`() async throws {
        var template = Array("/tmp/backtest-benchmark-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = system("rm -rf '\(folder)'") }
        print("conditions: \(Self.conditions())")

        let simulation = try MeasuredRun([
            Self.program, "simulate", "--days", "\(Self.days)", "--accounts", "\(Self.accounts)", "--seed", "3", "-o",
            folder,
        ])
        try #require(simulation.code == 0)

        let files = try InputFiles([folder + "/trail"])
        let inflating = try await Self.inflate(files)
        let whole = try MeasuredRun(Self.backtest(folder), messages: folder + "/whole")
        let half = try MeasuredRun(
            Self.backtest(folder, among: ["--to", Self.day(Self.days / 2)]),
            messages: folder + "/half"
        )
        #expect(whole.code == 0)
        #expect(half.code == 0)
        let records = try Self.records(folder + "/whole")
        let recordsOfHalf = try Self.records(folder + "/half")
        print(
            "backtest: \(records) records, \(Self.days) days, \(Self.accounts) accounts, \(files.count) files:",
            "\(Self.rounded(whole.seconds)) s (budget \(Self.secondsBudget) s for 10 million),",
            "\(Int(Double(records) / whole.seconds)) records/s,",
            "\(Self.rounded(whole.processorSeconds)) processor seconds,",
            "\(Int(whole.peakMiB)) MiB at most (budget \(Self.memoryBudget) MiB)"
        )
        print(
            "inflating the same files alone, as many at a time: \(Self.rounded(inflating)) s;",
            "the backtest, which reads most of them twice, takes \(Self.rounded(whole.seconds / inflating)) times that"
        )
        print("half of the days: \(recordsOfHalf) records, \(Int(half.peakMiB)) MiB at most")
        #expect(Double(recordsOfHalf) > 0.4 * Double(records))
        #expect(whole.peakMiB <= Self.memoryBudget)
    }

    @Test func `the program is there at once`() throws {
        var best = Double.infinity
        var bestOfNothing = Double.infinity
        for _ in 0..<30 {
            best = min(best, try MeasuredRun([Self.program, "--help"]).seconds)
            bestOfNothing = min(bestOfNothing, try MeasuredRun(["/bin/true"]).seconds)
        }
        print("start-up, best of 30: \(Int(best * 1e6)) us for --help, \(Int(bestOfNothing * 1e6)) us for /bin/true")
        #expect(best < 1)
    }

    private static func backtest(_ folder: String, among others: [String] = []) -> [String] {
        [program, "backtest", folder + "/trail", "--accounts", folder + "/accounts.json"] + others
    }

    /// The day after `days` days of the simulation, which begins on 5 October 2026.
    private static func day(_ days: Int) -> String {
        EventTime.text(1_791_158_400 + Int64(days) * 86_400)
    }

    /// The seconds that reading and inflating all `files` takes, as many at a time as there are cores.
    private static func inflate(_ files: InputFiles) async throws -> Double {
        let workers = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let clock = ContinuousClock()
        let start = clock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var sum = 0
                    for index in stride(from: worker, to: files.count, by: workers) {
                        let inflater = Inflater()
                        let bytes = try FileBytes(files[index].path)
                        while let piece = try bytes.next() { try inflater.feed(piece) { sum &+= $0.count } }
                        try inflater.finish()
                    }
                    return sum
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total > files.totalSize)
        return (clock.now - start) / .seconds(1)
    }

    /// The number of records that the summary in the file `path` tells of.
    private static func records(_ path: String) throws -> Int {
        let run = try ProgramRun(shell: "grep -ohE '[0-9,]+ records from' '\(path)'")
        return try #require(Int(run.output.filter(\.isNumber)))
    }

    private static func conditions() -> String {
        let run = try? ProgramRun(
            shell: "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2; nproc; cut -d' ' -f1-3 /proc/loadavg"
        )
        let lines = run?.output.split(separator: "\n").map(String.init) ?? []
        guard lines.count == 3 else { return "unknown" }
        return "\(lines[0]), \(lines[1]) cores, load averages \(lines[2]) at the start"
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
