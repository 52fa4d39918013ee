import AWSAccess
import UsageCore

/// Brings new and changed incidents into the Amazon Q index, and removes what is past its retention.
///
/// The checkpoint moves past an incident only once the index has taken it as it is. A run that ends early loses nothing: what it had
/// put is put again, which replaces the same documents.
struct IncidentSync {
    let store: any IncidentStore
    let checkpoints: any CheckpointStore
    let documents: DocumentPut
    let catalog: UsageCatalog
    let retentionDays: Int
    let clock: CallClock
    let log: Log

    /// Between the moment that an incident bears as its change and the one at which it can be read: a function's longest life.
    private static let settling: Int64 = 900
    /// An incident that changes has ended in that time, or is open; the daily look at all of them finds the rest.
    private static let usualReach: Int64 = 7 * 86400
    private static let sweepInterval: Int64 = 86400
    /// Documents between two writes of the checkpoint.
    private static let portion = 50

    /// The end of retention, the oldest end that is kept.
    private var oldest: Int64 { now - Int64(retentionDays) * 86400 }
    private var now: Int64 { clock.now().milliseconds / 1000 }

    /// What was done, and why somebody has to act, if so.
    struct Outcome {
        var report = SyncReport()
        var failure: ConnectorFailure?
    }

    /// Does what is due until `deadline`; throws where incidents or the checkpoint could not be read or written.
    func run(deadline: ContinuousClock.Instant) async throws -> Outcome {
        var kept = try await read()
        let before = kept.checkpoint
        let isSweepDue = now - before.sweptAt >= Self.sweepInterval
        let since = isSweepDue ? oldest : max(oldest, before.through - Self.usualReach)
        let incidents = try await store.incidents(endingSince: since).map(\.incident)
        // What became known only after the checkpoint had passed it is looked for once a day.
        let isLookingBack = isSweepDue && before.sweptAt > 0
        let from = isLookingBack ? min(before.through, before.sweptAt - Self.settling) : before.through
        let changed = incidents.filter { $0.updatedAt >= from && ($0.state == "open" || $0.end >= oldest) }
            .sorted { ($0.updatedAt, $0.incidentID) < ($1.updatedAt, $1.incidentID) }
        var open = changed.filter { before.put[$0.incidentID] != IncidentDocument.digest($0) }
        var outcome = Outcome()
        outcome.report.unchanged = changed.count - open.count
        var held: [StoredIncident] = []
        var stop: ServiceFailure?
        repeat {
            let part = Array(open.prefix(Self.portion))
            open.removeFirst(part.count)
            stop = try await put(part, &kept.checkpoint, &held, &outcome.report, deadline)
            advance(&kept.checkpoint, changed, held: held + open)
            guard let written = try await write(kept) else {
                log.warn("checkpoint: written by another run; this one ends, and what it has put may be put again")
                outcome.report.deferred += open.count
                return outcome
            }
            kept = written
        } while !open.isEmpty && stop == nil
        outcome.report.deferred += open.count
        outcome.report.through = kept.checkpoint.through
        if let stop {
            outcome.failure = failure(stop, outcome.report)
        } else if isSweepDue {
            let isMissed = held.contains { $0.updatedAt < kept.checkpoint.through }
            try await sweep(incidents, &kept, &outcome, isMissed: isMissed, deadline)
        }
        return outcome
    }

    /// The checkpoint, and what stands in its place in the store.
    private struct Kept {
        var checkpoint = ConnectorCheckpoint()
        var standing: KeptCheckpoint?
    }

    static let name = "connector"

    private func read() async throws -> Kept {
        guard let standing = try await checkpoints.checkpoint(Self.name) else { return Kept() }
        guard let checkpoint = ConnectorCheckpoint(Array(standing.document.utf8)) else {
            throw ConnectorFailure.unreadableCheckpoint(evidence: standing.document)
        }
        return Kept(checkpoint: checkpoint, standing: standing)
    }

    /// nil where another run was faster and nothing was written.
    private func write(_ kept: Kept) async throws -> Kept? {
        let document = kept.checkpoint.json
        let standing = try await checkpoints.keep(document, as: Self.name, replacing: kept.standing)
        return standing.map { Kept(checkpoint: kept.checkpoint, standing: $0) }
    }

    /// Puts some incidents; gives why no more should be tried.
    private func put(
        _ part: [StoredIncident],
        _ checkpoint: inout ConnectorCheckpoint,
        _ held: inout [StoredIncident],
        _ report: inout SyncReport,
        _ deadline: ContinuousClock.Instant
    ) async throws -> ServiceFailure? {
        guard !part.isEmpty else { return nil }
        let result = try await documents.put(part.map { IncidentDocument.document($0, catalog) }, deadline: deadline)
        for (incident, fate) in zip(part, result.fates) {
            switch fate {
            case .put:
                report.put += 1
                checkpoint.put[incident.incidentID] = IncidentDocument.digest(incident)
                continue
            case .refused(let cause):
                report.refused += 1
                let entry = EntryFailure(index: 0, cause: cause)
                log.error(
                    "document: refused (\(entry)); the checkpoint stays before it",
                    ["incidentId": .string(incident.incidentID)]
                )
            case .deferred: report.deferred += 1
            }
            held.append(incident)
        }
        return result.stop
    }

    /// Moves the checkpoint as far as everything before is in the index, and no nearer to now than changes may still come to light.
    private func advance(
        _ checkpoint: inout ConnectorCheckpoint,
        _ changed: [StoredIncident],
        held: [StoredIncident]
    ) {
        let limit = held.map(\.updatedAt).min() ?? Int64.max
        checkpoint.through = max(checkpoint.through, min(limit, now - Self.settling))
        let remembered = Set(changed.filter { $0.updatedAt >= checkpoint.through }.map(\.incidentID))
        checkpoint.put = checkpoint.put.filter { remembered.contains($0.key) }
    }

    private func failure(_ stop: ServiceFailure, _ report: SyncReport) -> ConnectorFailure? {
        guard stop.mayPass else {
            return .stopped(put: report.put, left: report.deferred + report.refused, stop)
        }
        log.warn("Amazon Q index: \(stop); the rest is put at the next schedule")
        return nil
    }

    /// Removes documents of incidents that are kept no longer, and puts those again that the index took and could not process.
    ///
    /// Where something is missed, has not got in and is not held by the checkpoint either, this look must come again.
    private func sweep(
        _ incidents: [StoredIncident],
        _ kept: inout Kept,
        _ outcome: inout Outcome,
        isMissed: Bool,
        _ deadline: ContinuousClock.Instant
    ) async throws {
        let current = incidents.filter { $0.state == "open" || $0.end >= oldest }
        let sweep = DocumentSweep(documents: documents, oldest: oldest, log: log)
        var failed: [StoredIncident] = []
        do throws(ServiceFailure) {
            let found = try await sweep.run(
                keeping: current.map(\.incidentID),
                merged: Set(current.flatMap(IncidentDocument.merged)),
                deadline: deadline
            )
            outcome.report.removed = found.removed
            failed = current.filter { found.failed.contains($0.incidentID) }
        } catch {
            guard !error.mayPass else {
                log.warn("Amazon Q index: \(error); what is past its retention is removed at a later schedule")
                return
            }
            outcome.failure = .notRemoved(error)
            return
        }
        var held: [StoredIncident] = []
        for start in stride(from: 0, to: failed.count, by: Self.portion) {
            let part = Array(failed[start..<min(start + Self.portion, failed.count)])
            if let stop = try await put(part, &kept.checkpoint, &held, &outcome.report, deadline) {
                outcome.failure = failure(stop, outcome.report)
                return
            }
        }
        guard !isMissed, held.isEmpty else { return }
        kept.checkpoint.sweptAt = now
        _ = try await write(kept)
    }
}
