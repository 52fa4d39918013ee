import AWSAccess
import UsageCore

/// Taking turns at writing.
extension Evaluation {
    func checkpoint() async throws -> (kept: KeptCheckpoint?, value: EvaluationCheckpoint) {
        let kept = try await parts.checkpoints.checkpoint(EvaluationCheckpoint.name)
        let value = kept.flatMap { EvaluationCheckpoint(document: $0.document) }
        return (kept, value ?? EvaluationCheckpoint(watchedSince: parts.now() - parts.evaluationSeconds))
    }

    /// A turn at writing.
    struct Turn {
        var value: EvaluationCheckpoint
        let kept: KeptCheckpoint
    }

    /// Waits until nobody else writes incidents.
    func takeTurn() async throws -> Turn {
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
    func end(_ turn: Turn, evaluatedAt: Int64?) async throws {
        var value = turn.value
        value.turn = nil
        if let evaluatedAt { value.evaluatedAt = max(value.evaluatedAt ?? .min, evaluatedAt) }
        _ = try await save(value, turn.kept)
    }

    private func save(_ value: EvaluationCheckpoint, _ kept: KeptCheckpoint?) async throws -> KeptCheckpoint? {
        try await parts.checkpoints.keep(value.document, as: EvaluationCheckpoint.name, replacing: kept)
    }
}
