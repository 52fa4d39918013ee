import AWSAccess
import UsageCore

/// Writing what has changed.
extension Evaluation {
    /// A notice that this evaluation has claimed.
    struct Owed {
        var kept: KeptIncident
        let threaded: ThreadedIncident
        let channels: [String: NoticeKind]
    }

    /// Writes what has changed, with a claim where something is owed.
    func keep(
        _ outcome: Stages.Outcome,
        _ watchedSince: Int64,
        _ since: Int64,
        _ report: inout EvaluationReport
    ) async throws -> [Owed] {
        let found = outcome.incidents
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
                activity: outcome.activity,
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

    func threaded(_ kept: KeptIncident) -> ThreadedIncident? {
        ThreadedIncident(document: Array(kept.incident.document.utf8), parts.catalog)
    }
}
