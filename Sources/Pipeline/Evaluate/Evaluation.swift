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

        /// Takes the parts as they are.
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
    private static let sendingTime = Duration.seconds(3)
    /// Rounds of writing when others write at the same time.
    private static let rounds = 5

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
            owed = try await keep(outcome.incidents, turn.value.watchedSince, stages.since, &report)
        } catch {
            try? await end(turn, evaluatedAt: nil)
            throw error
        }
        try await end(turn, evaluatedAt: begun)
        try await tell(owed, &report)
        return report
    }

    /// What ended before is not looked at again: records that may still come belong to later times.
    private func since(_ checkpoint: EvaluationCheckpoint, _ now: Int64) -> Int64 {
        guard let last = checkpoint.evaluatedAt else { return .min }
        return min(last, now) - parts.evaluationSeconds - SeriesScan.bridgedGap
    }

    // MARK: Keeping

    /// A notice that this evaluation has claimed.
    private struct Owed {
        var kept: KeptIncident
        let threaded: ThreadedIncident
        let channels: [String: NoticeKind]
    }

    /// Writes what has changed, with a claim where something is owed.
    private func keep(
        _ found: [Incident],
        _ watchedSince: Int64,
        _ since: Int64,
        _ report: inout EvaluationReport
    ) async throws -> [Owed] {
        var owed: [String: Owed] = [:]
        var silent: Set<String> = []
        // All that may be one of those found: what ended within an incident's reach of the earliest.
        let earliest = min(since, found.map(\.start).min() ?? since)
        let reach = earliest > .min + SeriesScan.bridgedGap ? earliest - SeriesScan.bridgedGap : earliest
        for _ in 0..<Self.rounds {
            let all = try await parts.store.incidents(endingSince: max(0, reach))
            let readable = all.compactMap { kept -> (KeptIncident, ThreadedIncident)? in
                guard let one = threaded(kept) else {
                    parts.log.warn(
                        "incident \(Hostile.shown(kept.incident.incidentID, limit: 80)): not readable; left alone"
                    )
                    return nil
                }
                return (kept, one)
            }
            let now = parts.now()
            let situation = IncidentUpdate.Situation(
                me: me,
                now: now,
                asOf: report.asOf,
                watchedSince: watchedSince,
                channels: parts.channels.map(\.name)
            )
            var isContended = false
            for update in IncidentUpdate.updates(found, readable.map(\.1), situation) {
                var next = update.next
                next.thread.claim = update.owed.isEmpty ? nil : IncidentThread.Claim(by: me, until: claimEnd(now))
                let stored = StoredIncident(next, at: now)
                let replaced = update.kept.map { readable[$0].0 }
                guard let kept = try await parts.store.keep(stored, replacing: replaced) else {
                    isContended = true
                    continue
                }
                if update.owed.isEmpty {
                    silent.insert(next.incident.id)
                } else {
                    owed[next.incident.id] = Owed(kept: kept, threaded: next, channels: update.owed)
                }
            }
            if !isContended {
                report.updated = silent.subtracting(owed.keys).count
                for one in owed.values {
                    switch NoticeKind.allCases.first(where: one.channels.values.contains) {
                    case .opened: report.opened += 1
                    case .escalated: report.escalated += 1
                    case .resolved: report.resolved += 1
                    case nil: break
                    }
                }
                return owed.values.sorted { one, other in
                    (other.threaded.incident.severity.score, one.threaded.incident.id)
                        < (one.threaded.incident.severity.score, other.threaded.incident.id)
                }
            }
        }
        throw EvaluationFailure.contended(tries: Self.rounds)
    }

    private func threaded(_ kept: KeptIncident) -> ThreadedIncident? {
        ThreadedIncident(document: Array(kept.incident.document.utf8), parts.catalog)
    }

    /// This process does not outlive its deadline, so nobody sends under a claim that is older.
    private func claimEnd(_ now: Int64) -> Int64 { now + secondsLeft + 5 }

    private var timeLeft: Duration { deadline - parts.clock.instant() }

    private var secondsLeft: Int64 { max(0, timeLeft.components.seconds) }

    // MARK: Telling

    /// Sends what is owed and notes it.
    private func tell(_ owed: [Owed], _ report: inout EvaluationReport) async throws {
        var problems: [String] = []
        for one in owed {
            let incident = one.threaded.incident
            var told: [String] = []
            for channel in parts.channels {
                guard let kind = one.channels[channel.name] else { continue }
                guard timeLeft > Self.sendingTime else {
                    problems.append("\(incident.id) to \(channel.name): the deadline is near")
                    continue
                }
                let notice = Notice(kind, incident, last: one.threaded.thread.told[channel.name])
                do {
                    try await channel.send(notice, deadline: deadline - .seconds(1))
                    told.append(channel.name)
                    report.noticesSent += 1
                } catch {
                    problems.append("\(incident.id) to \(channel.name): \(error)")
                }
            }
            try await note(told, of: one)
        }
        if !problems.isEmpty { throw EvaluationFailure.unsent(problems) }
    }

    /// Notes in the stored incident what was told, and gives the claim up.
    private func note(_ channels: [String], of owed: Owed) async throws {
        var kept = owed.kept
        var current = owed.threaded
        for _ in 0..<Self.rounds {
            let now = parts.now()
            for channel in channels { current.thread.note(owed.threaded.incident, told: channel, at: now) }
            if current.thread.claim?.by == me { current.thread.claim = nil }
            if try await parts.store.keep(StoredIncident(current, at: now), replacing: kept) != nil { return }
            // Somebody has written in between; what was told is noted on top of it.
            let all = try await parts.store.incidents(endingSince: 0)
            guard let other = all.first(where: { $0.incident.incidentID == kept.incident.incidentID }),
                let read = threaded(other)
            else { return }
            // An answer to the first try may have been lost.
            if read.thread == current.thread { return }
            (kept, current) = (other, read)
        }
        throw EvaluationFailure.contended(tries: Self.rounds)
    }

    // MARK: Taking turns

    private func checkpoint() async throws -> (kept: KeptCheckpoint?, value: EvaluationCheckpoint) {
        let kept = try await parts.checkpoints.checkpoint(EvaluationCheckpoint.name)
        let value = kept.flatMap { EvaluationCheckpoint(document: $0.document) }
        return (kept, value ?? EvaluationCheckpoint(watchedSince: parts.now() - parts.evaluationSeconds))
    }

    /// A turn at writing.
    private struct Turn {
        var value: EvaluationCheckpoint
        let kept: KeptCheckpoint
    }

    /// Waits until nobody else writes incidents.
    private func takeTurn() async throws -> Turn {
        var wait = Duration.milliseconds(100)
        while true {
            var (kept, value) = try await checkpoint()
            let other = value.turn.flatMap { $0.by != me && $0.until > parts.now() ? $0.by : nil }
            if other == nil {
                guard timeLeft > Self.sendingTime else { throw EvaluationFailure.noTime(before: "writing") }
                value.turn = IncidentThread.Claim(by: me, until: claimEnd(parts.now()))
                kept = try await save(value, kept)
                if let kept { return Turn(value: value, kept: kept) }
            }
            guard timeLeft > Self.sendingTime + wait else { throw EvaluationFailure.busy(by: other ?? "another") }
            try await parts.clock.sleep(wait)
            wait = min(wait * 2, .seconds(2))
        }
    }

    /// Gives the turn up; `evaluatedAt` is told where all was written.
    ///
    /// Where the turn has expired meanwhile and another one has it, nothing is changed.
    private func end(_ turn: Turn, evaluatedAt: Int64?) async throws {
        var value = turn.value
        value.turn = nil
        if let evaluatedAt { value.evaluatedAt = max(value.evaluatedAt ?? .min, evaluatedAt) }
        _ = try await save(value, turn.kept)
    }

    private func save(_ value: EvaluationCheckpoint, _ kept: KeptCheckpoint?) async throws -> KeptCheckpoint? {
        try await parts.checkpoints.keep(value.document, as: EvaluationCheckpoint.name, replacing: kept)
    }
}
