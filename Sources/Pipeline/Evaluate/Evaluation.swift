import AWSAccess
import UsageCore

/// One look at what is new: from the store's counts to incidents that are kept and told.
///
/// Reading and judging need no lock. Then evaluations take turns at writing: each sees what the other has opened, so that one incident
/// never gets two names. A notice is claimed in the stored incident before it is sent and noted there afterwards: what was claimed and
/// not noted is sent by a later evaluation once the claim has expired, and nothing is sent that is claimed by somebody else.
package struct Evaluation: Sendable {
    /// What an evaluation works with.
    package struct Parts: Sendable {
        package var store: any UsageStore
        package var checkpoints: any CheckpointStore
        package var catalog: UsageCatalog
        package var accounts: Stages.Accounts
        package var analysis: Analysis
        package var channels: [any NoticeChannel]
        /// How far back each evaluation looks again for what came late.
        package var evaluationSeconds: Int64
        /// Seconds since 1970.
        package var now: @Sendable () -> Int64
        /// The moment on the clock of deadlines, and waiting.
        package var clock: CallClock
        package var log: Log
        /// Leaves limits for early signals and says how many were new; nil where nobody asks for them.
        ///
        /// Given the limits, and the seconds since 1970 as of which they hold.
        package var leaveLimits: (@Sendable (CountLimits, Int64) async throws -> Int)?

        /// Reads what OpenSearch's detectors have found since a moment, seconds since 1970; nil where there are none.
        package var detectorResults: (@Sendable (Int64) async throws -> [PluginResult])?

        /// Takes the parts as they are; limits are not left, and no other detectors asked.
        package init(
            store: any UsageStore,
            checkpoints: any CheckpointStore,
            catalog: UsageCatalog,
            accounts: @escaping Stages.Accounts,
            analysis: Analysis,
            channels: [any NoticeChannel],
            evaluationSeconds: Int64,
            now: @escaping @Sendable () -> Int64,
            clock: CallClock,
            log: Log
        ) {
            self.store = store
            self.checkpoints = checkpoints
            self.catalog = catalog
            self.accounts = accounts
            self.analysis = analysis
            self.channels = channels
            self.evaluationSeconds = evaluationSeconds
            self.now = now
            self.clock = clock
            self.log = log
        }
    }

    let parts: Parts
    /// Names this evaluation in claims.
    let me: String
    let deadline: ContinuousClock.Instant

    /// The score that makes an anomaly.
    package static let level = 0.6
    /// What sending and noting a notice need at least.
    static let sendingTime = Duration.seconds(3)
    /// How far back a first evaluation asks OpenSearch's detectors, in seconds.
    static let longestLookBack: Int64 = 86400
    /// Rounds of writing when others write at the same time.
    static let rounds = 5

    /// - Parameters:
    ///   - parts: What it works with.
    ///   - me: A name of its own, as the request's id.
    ///   - deadline: When all of it must have ended.
    package init(_ parts: Parts, me: String, deadline: ContinuousClock.Instant) {
        self.parts = parts
        self.me = me
        self.deadline = deadline
    }

    /// Looks, keeps and tells.
    ///
    /// - Throws: What the store throws, before anything was written or told; `EvaluationFailure` where it was not all told.
    package func run() async throws -> EvaluationReport {
        let begun = parts.now()
        let before = try await checkpoint().value
        var stages = Stages(catalog: parts.catalog, level: Self.level, workers: 2, accounts: parts.accounts)
        stages.analysis = parts.analysis
        stages.asOf = begun - parts.evaluationSeconds
        stages.since = since(before, begun)
        stages.findsLimits = parts.leaveLimits != nil
        stages.clock = begun
        stages.alsoFound = { [since = stages.since] in await alsoFound(since: max(since, begun - Self.longestLookBack))
        }
        let outcome = try await stages.run(parts.store, Progress())
        var report = EvaluationReport()
        report.asOf = stages.lastMoment(outcome.counts)
        report.records = outcome.counts.recordCount
        report.series = outcome.seriesCount
        report.anomalies = outcome.anomalyCount
        report.incidents = outcome.incidents.count
        let turn = try await takeTurn()
        let owed: [Owed]
        do {
            owed = try await keep(outcome, turn.value.watchedSince, stages.since, &report)
        } catch {
            try? await end(turn, evaluatedAt: nil)
            throw error
        }
        try await end(turn, evaluatedAt: begun)
        // People first, then the limits, whether all were told or not.
        let untold: (any Error)?
        do {
            try await tell(owed, &report)
            untold = nil
        } catch {
            untold = error
        }
        report.limitsLeft = await leave(outcome.limits, at: begun)
        if let untold { throw untold }
        return report
    }

    /// What OpenSearch's detectors have found; where they cannot be asked our own detection stands alone.
    private func alsoFound(since: Int64) async -> [PluginResult] {
        do {
            return try await parts.detectorResults?(since) ?? []
        } catch {
            parts.log.warn(
                "detector results: not read (\(Hostile.shown("\(error)", limit: 400))); this evaluation goes by its own detection"
            )
            return []
        }
    }

    /// Leaves the limits; where that fails the old ones stand until their time has passed, and nothing else suffers.
    private func leave(_ limits: CountLimits?, at now: Int64) async -> Int {
        guard let limits, let leaveLimits = parts.leaveLimits else { return 0 }
        do {
            return try await leaveLimits(limits, now)
        } catch {
            parts.log.warn(
                "limits: not left (\(Hostile.shown("\(error)", limit: 400))); early signals go by the old ones until the next evaluation"
            )
            return 0
        }
    }

    /// What ended before is not looked at again: records that may still come belong to later times.
    private func since(_ checkpoint: EvaluationCheckpoint, _ now: Int64) -> Int64 {
        guard let last = checkpoint.evaluatedAt else { return .min }
        return min(last, now) - parts.evaluationSeconds - SeriesScan.bridgedGap
    }

    /// This process does not outlive its deadline, so nobody sends under a claim that is older.
    func claimEnd(_ now: Int64) -> Int64 { now + secondsLeft + 5 }

    var timeLeft: Duration { deadline - parts.clock.instant() }

    private var secondsLeft: Int64 { max(0, timeLeft.components.seconds) }
}
