import AWSAccess
import Glibc
import TestSupport
import Testing

/// Which function was at work when, and what the stand-in was asked, for `scripts/infrastructure/check_asked_rights.py`.
///
/// The stand-in knows one identity, so that functions are told apart by time: the suites run one after the other, and what a test asks
/// for itself falls between the spans. Kept only where `ASKED_RIGHTS` names a folder, which `make integration` does.
extension Stack {
    private static let folder = getenv("ASKED_RIGHTS").map { String(cString: $0) }
    private static let spans = folder.map {
        LineWriter(descriptor: open("\($0)/spans.jsonl", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600))
    }

    /// A function's own program on `events`, with nothing but `environment`.
    func run(
        _ function: String,
        _ events: [String],
        environment: [String: String],
        timeout: Int = 60
    ) throws -> FunctionRun {
        let start = Self.seconds()
        defer { Self.note(function, environment, since: start) }
        return try FunctionRun(function, events, environment: environment, timeout: timeout)
    }

    /// What `work` gives, in which nobody but `function` asks for anything.
    func working<Result>(
        as function: String,
        _ environment: [String: String],
        _ work: () async throws -> Result
    ) async throws -> Result {
        let start = Self.seconds()
        defer { Self.note(function, environment, since: start) }
        return try await work()
    }

    /// Keeps a log before the stand-in forgets it.
    static func keep(_ log: [UInt8]) throws {
        guard let folder else { return }
        let file = try #require(fopen("\(folder)/log-\(seconds()).json", "w"))
        defer { fclose(file) }
        try #require(fwrite(log, 1, log.count, file) == log.count)
    }

    /// Whether logs are kept.
    static var keepsLogs: Bool { folder != nil }

    private static func note(_ function: String, _ environment: [String: String], since start: Double) {
        let settings = environment.filter { !$0.key.hasPrefix("AWS_") }.mapValues { JSONValue.string($0) }
        let span: JSONValue = [
            "function": .string(function), "from": .number("\(start)"), "to": .number("\(seconds())"),
            "settings": .sorted(settings),
        ]
        spans?.write(line: span.bytes)
    }

    /// By the machine's clock, as the stand-in's log has it.
    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
