import AWSAccess
import UsageCore

/// Sends a signal as soon as a count reaches the limit that an evaluation left: once for each entity, interval and step.
///
/// A signal never fails the intake of records, and never keeps it for long: what is not sent is found by the next scheduled evaluation.
struct EarlySignals: Sendable {
    /// What has come of it.
    struct Outcome: Equatable {
        var sent = 0
        /// Signals, or looks at the table, that failed.
        var failed = 0
    }

    private let table: StateTable
    private let target: SignalTarget
    private let session: AWSSession
    private let memory = SignalMemory()

    /// What signals may take of an invocation's time.
    private static let longest = Duration.seconds(3)
    /// Seconds after the end of an interval until which its count is held against a limit of now: late records come within minutes.
    private static let oldest: Int64 = 3 * 3600

    init(table: StateTable, target: String, session: AWSSession) {
        self.table = table
        self.target = SignalTarget(arn: target)
        self.session = session
    }

    /// Looks at what an invocation has added to, and sends what has reached a step.
    func raise(
        _ touched: Set<CountedInterval>,
        receivedAt: Int64,
        log: Log,
        deadline: ContinuousClock.Instant
    ) async -> Outcome {
        var outcome = Outcome()
        let deadline = min(deadline, session.clock.instant() + Self.longest)
        var claimed: [(interval: CountedInterval, signal: EarlySignal)] = []
        do {
            let reached = try await reached(touched, receivedAt: receivedAt, deadline: deadline)
            let isOurs = try await Concurrently.map(reached, atMost: StateTable.concurrency) { interval, signal in
                try await table.claim(interval, step: signal.step, at: receivedAt, deadline: deadline)
            }
            claimed = zip(reached, isOurs).filter(\.1).map(\.0)
            for (interval, signal) in reached { memory.noteSent(interval, step: signal.step) }
            guard !claimed.isEmpty else { return outcome }
            try await target.send(claimed.map(\.signal), session: session, deadline: deadline)
            outcome.sent = claimed.count
            for (_, signal) in claimed.prefix(10) { log.info("early signal: sent", Self.fields(signal)) }
        } catch {
            outcome.failed = max(1, claimed.count)
            log.error(
                "early signal: not sent (\(Hostile.shown("\(error)", limit: 400))); the next scheduled evaluation finds what it was for",
                claimed.first.map { Self.fields($0.signal) } ?? ["stage": "notify"]
            )
        }
        return outcome
    }

    /// The intervals whose count is at or beyond a step of which no signal is known.
    private func reached(
        _ touched: Set<CountedInterval>,
        receivedAt: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> [(interval: CountedInterval, signal: EarlySignal)] {
        let recent = touched.filter { end(of: $0) + Self.oldest >= receivedAt }
        guard !recent.isEmpty else { return [] }
        var (limits, unknown) = memory.limits(of: Set(recent.map(\.entity)), now: receivedAt)
        if !unknown.isEmpty {
            let read = try await table.limits(of: unknown, now: receivedAt, deadline: deadline)
            memory.learn(read, now: receivedAt)
            for (entity, limit) in read { limits[entity] = limit }
        }
        let limited = recent.filter { limits[$0.entity] != nil }.sorted()
        guard !limited.isEmpty else { return [] }
        let sums = try await table.sums(of: limited, deadline: deadline)
        return limited.compactMap { interval in
            guard let limit = limits[interval.entity], let count = sums[interval],
                let step = CountLimit.step(of: count, limit: limit), !memory.hasSent(interval, step: step)
            else { return nil }
            let signal = EarlySignal(
                usage: table.catalog.usages[interval.entity.usage].name,
                accountId: interval.entity.account,
                region: interval.entity.region,
                callers: interval.entity.callers,
                start: interval.start,
                end: end(of: interval),
                count: count,
                limit: limit,
                step: step
            )
            return (interval, signal)
        }
    }

    private func end(of interval: CountedInterval) -> Int64 {
        interval.start + table.catalog.usages[interval.entity.usage].detector.intervalSeconds
    }

    private static func fields(_ signal: EarlySignal) -> KeyValuePairs<String, Log.Value> {
        [
            "stage": "notify", "usage": .string(signal.usage),
            "account": .string(Hostile.shown(signal.accountId, limit: 40)),
            "region": .string(Hostile.shown(signal.region, limit: 40)), "count": .double(signal.count),
            "limit": .double(signal.limit), "step": .int(signal.step),
        ]
    }
}
