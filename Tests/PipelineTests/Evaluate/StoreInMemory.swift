import Pipeline
import Synchronization
import UsageCore

/// A store of texts and incidents whose conditional writes hold, and which a test can let fail.
final class StoreInMemory: UsageStore, CheckpointStore {
    /// The process behind it is gone.
    struct Gone: Error {}

    private struct State {
        var incidents: [String: (incident: StoredIncident, version: Int)] = [:]
        var checkpoints: [String: (document: String, version: Int)] = [:]
        var writesLeft = Int.max
        var lookback: Int64?
        /// Called before a write, with the store unlocked: what another one does in between.
        var before: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let source: RecordsInMemory
    private let now: @Sendable () -> Int64

    init(texts: [String], catalog: UsageCatalog, now: @escaping @Sendable () -> Int64) {
        source = RecordsInMemory(texts: texts, catalog: catalog)
        self.now = now
    }

    /// After so many writes every further one fails.
    func fail(afterWrites count: Int) { state.withLock { $0.writesLeft = count } }

    /// Seconds of the past that are looked at; nil for all.
    var lookback: Int64? {
        get { state.withLock { $0.lookback } }
        set { state.withLock { $0.lookback = newValue } }
    }

    /// Does `work` once, just before the next write of an incident.
    func interrupt(_ work: @escaping @Sendable () -> Void) { state.withLock { $0.before = work } }

    var kept: [StoredIncident] { state.withLock { $0.incidents.values.map(\.incident) } }

    /// Writes as somebody else would.
    func overwrite(_ incident: StoredIncident) {
        state.withLock { $0.incidents[incident.incidentID, default: (incident, 0)] = (incident, 99) }
    }

    /// Records that have happened by now.
    private var current: RecordsInMemory {
        let end = now()
        let start = lookback.map { end - $0 } ?? .min
        let texts = source.texts.filter { text in
            guard let mark = text.firstRange(of: #""eventTime":""#) else { return false }
            return EventTime.parse(String(text[mark.upperBound...].prefix(20))).map { (start...end).contains($0) }
                ?? false
        }
        return RecordsInMemory(texts: texts, catalog: source.catalog)
    }

    func counts(_ progress: Progress) async throws -> UsageCounts { try await current.counts(progress) }

    func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity {
        counts.activity
    }

    func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        try await current.evidence(plan, of: counts, progress)
    }

    func incidents(endingSince since: Int64) async throws -> [KeptIncident] {
        state.withLock { state in
            state.incidents.values.filter { $0.incident.state == "open" || $0.incident.end >= since }
                .map { KeptIncident(incident: $0.incident, version: String($0.version)) }
        }
    }

    func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) async throws -> KeptIncident? {
        let before = state.withLock { state in
            defer { state.before = nil }
            return state.before
        }
        before?()
        return try state.withLock { state in
            guard state.writesLeft > 0 else { throw Gone() }
            state.writesLeft -= 1
            let stands = state.incidents[incident.incidentID]?.version
            guard stands.map(String.init) == replaced?.version else { return nil }
            state.incidents[incident.incidentID] = (incident, (stands ?? 0) + 1)
            return KeptIncident(incident: incident, version: String((stands ?? 0) + 1))
        }
    }

    func checkpoint(_ name: String) async throws -> KeptCheckpoint? {
        state.withLock { state in
            state.checkpoints[name].map { KeptCheckpoint(document: $0.document, version: String($0.version)) }
        }
    }

    func keep(
        _ document: String,
        as name: String,
        replacing replaced: KeptCheckpoint?
    ) async throws -> KeptCheckpoint? {
        state.withLock { state in
            let stands = state.checkpoints[name]?.version
            guard stands.map(String.init) == replaced?.version else { return nil }
            state.checkpoints[name] = (document, (stands ?? 0) + 1)
            return KeptCheckpoint(document: document, version: String((stands ?? 0) + 1))
        }
    }
}

/// A channel that remembers what it was given, and refuses where it is told to.
final class ChannelInMemory: NoticeChannel {
    struct Refused: Error {}

    let name: String
    private let state = Mutex((sent: [Notice](), refusals: 0))

    init(_ name: String = "topic") { self.name = name }

    var sent: [Notice] { state.withLock(\.sent) }

    func refuse(_ count: Int) { state.withLock { $0.refusals = count } }

    func send(_ notice: Notice, deadline: ContinuousClock.Instant) async throws {
        try state.withLock { state in
            if state.refusals > 0 {
                state.refusals -= 1
                throw Refused()
            }
            state.sent.append(notice)
        }
    }
}

/// A time that a test sets.
final class SettableTime: Sendable {
    private let seconds: Mutex<Int64>

    init(_ seconds: Int64) { self.seconds = Mutex(seconds) }

    var now: Int64 {
        get { seconds.withLock { $0 } }
        set { seconds.withLock { $0 = newValue } }
    }
}
