import Glibc
import TestSupport
import Testing

/// Measures what MultiAccountLogs does with an event, where `make bench` asks for it; the figures go to standard output.
///
/// Each figure comes from a process of its own that does nothing else, as it is shipped.
@Suite(.serialized, .enabled(if: getenv("BENCH") != nil, "run by make bench"))
struct IngestBenchmark {
    /// Records a second on one core, for 5,000 real records.
    private static let speedBudget = 200_000.0
    /// Of the time that base64 and inflate take alone: what is aimed at, not a gate.
    private static let ratioAim = 2.0
    /// MiB at most.
    private static let memoryBudget = 64.0
    private static let sizes = [100, 1000, 5000]

    /// The programs as they are shipped.
    private static let programs = getenv("ANOMALYCTL").map { path in
        String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }
    private static let peer = SharedData.packageRoot + "/Tests/Benchmarks/peer.mjs"

    /// The figures that a program printed, by name.
    private static func figures(_ command: String) throws -> [String: Double] {
        let run = try ProgramRun(shell: command)
        try #require(run.code == 0, "\(run.messages)")
        return run.output.split(separator: "\n").reduce(into: [:]) { figures, line in
            let words = line.split(separator: " ")
            if words.count == 2 { figures[String(words[0])] = Double(words[1]) }
        }
    }

    @Test func `simulated records are decoded, enriched and written into bulk bodies`() throws {
        let programs = try #require(Self.programs, "ANOMALYCTL names no program; run make bench")
        let work = try TemporaryFolder()
        let trail = try ProgramRun(
            shell: "'\(programs)/anomalyctl' simulate --days 1 --accounts 3 --seed 7 -o '\(work.path)/simulated'"
        )
        try #require(trail.code == 0, "\(trail.messages)")
        try Self.measure("simulated", files: "$(find '\(work.path)/simulated/trail' -name '*.gz' | sort)", work)
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `real records are decoded, enriched and written into bulk bodies`() throws {
        let work = try TemporaryFolder()
        let speed = try Self.measure("real", files: "'\(SharedData.path("cloudtrail"))'/*.gz", work)
        #expect(speed >= Self.speedBudget)
    }

    /// Prints the figures for events of each size; records a second of the largest are handed back.
    @discardableResult
    private static func measure(
        _ name: String,
        files: String,
        _ work: TemporaryFolder
    ) throws -> Double {
        let programs = try #require(programs, "ANOMALYCTL names no program; run make bench")
        let program = "\(programs)/ingest-bench"
        let hasPeer = try ProgramRun(shell: "command -v node").code == 0
        var largest = 0.0
        for count in sizes {
            let event = "\(work.path)/event-\(count)"
            let packed = try ProgramRun(shell: "'\(program)' pack \(count) \(files) >'\(event)'")
            try #require(packed.code == 0, "\(packed.messages)")
            let rounds = max(15, 60_000 / count)
            let figures = try figures("'\(program)' measure '\(event)' \(rounds)")
            let ingest = try #require(figures["ingest"])
            let inflate = try #require(figures["inflate"])
            let decode = try #require(figures["decode"])
            #expect(figures["records"] == Double(count))
            let peak = try #require(Self.figures("'\(program)' ingest '\(event)' 3")["peak"]) / 1024
            #expect(peak > 0 && peak <= memoryBudget)
            let speed = Double(count) / ingest * 1e9
            largest = speed
            print(
                "ingest of \(count) \(name) records: \(Int(speed)) records/s on one core,",
                "\(text(ingest / inflate)) times base64 and inflate alone (\(Int(Double(count) / inflate * 1e9))/s),",
                "decoding \(text(decode / inflate)) times; \(text(peak)) MiB at most",
                "(budgets: \(Int(speedBudget))/s, \(Int(memoryBudget)) MiB; aim: \(ratioAim) times)"
            )
            guard hasPeer else {
                print("  no comparison: node is not installed; install nodejs for one")
                continue
            }
            let other = try Self.figures("node '\(peer)' '\(event)' \(max(15, rounds / 4))")
            #expect(other["records"] == Double(count))
            let time = try #require(other["ingest"])
            print(
                "  a Node.js handler: \(Int(Double(count) / time * 1e9)) records/s, \(text(time / ingest)) times as long,",
                "\(text((other["peak"] ?? 0) / 1024)) MiB at most"
            )
        }
        return largest
    }

    private static func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}
