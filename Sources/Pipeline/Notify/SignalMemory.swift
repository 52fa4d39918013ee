import Synchronization

/// What this process knows of limits and of signals that went out, so that it need not ask the table for each batch.
final class SignalMemory: Sendable {
    private struct Known {
        var limit: Double?
        /// Seconds since 1970.
        var readAt: Int64
    }

    private struct State {
        var limits: [CountedEntity: Known] = [:]
        var steps: [CountedInterval: Int] = [:]
    }

    private let state = Mutex(State())

    /// A limit that was read is taken for this long, as is that there was none; seconds.
    static let longest: Int64 = 300
    /// Entries of each kind; beyond it all are forgotten, which costs reads and nothing else.
    private static let most = 20_000

    /// The limits that are known of `entities`, and the entities of which none is.
    func limits(
        of entities: Set<CountedEntity>,
        now: Int64
    ) -> (known: [CountedEntity: Double], unknown: [CountedEntity]) {
        state.withLock { state in
            var known: [CountedEntity: Double] = [:]
            var unknown: [CountedEntity] = []
            for entity in entities {
                if let one = state.limits[entity], one.readAt + Self.longest > now {
                    known[entity] = one.limit
                } else {
                    unknown.append(entity)
                }
            }
            return (known, unknown.sorted())
        }
    }

    /// Takes in what was read.
    func learn(_ limits: [CountedEntity: Double?], now: Int64) {
        state.withLock { state in
            if state.limits.count + limits.count > Self.most { state.limits = [:] }
            for (entity, limit) in limits { state.limits[entity] = Known(limit: limit, readAt: now) }
        }
    }

    /// Whether a signal of that step or a later one is known to have gone out.
    func hasSent(_ interval: CountedInterval, step: Int) -> Bool {
        state.withLock { ($0.steps[interval] ?? -1) >= step }
    }

    /// A signal of that step has gone out, whoever sent it.
    func noteSent(_ interval: CountedInterval, step: Int) {
        state.withLock { state in
            if state.steps.count >= Self.most { state.steps = [:] }
            state.steps[interval] = max(state.steps[interval] ?? step, step)
        }
    }
}
