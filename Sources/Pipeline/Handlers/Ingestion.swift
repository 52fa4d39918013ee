import AWSAccess
import UsageCore

/// The way of a batch of decoded records: enrich, store, count, and set aside what no store takes.
package struct Ingestion: Sendable {
    private let directory: OrganizationDirectory?
    let records: BulkStore?
    /// nil where there is none.
    let table: StateTable?
    let letters: DeadLetterQueue?
    private let clock: CallClock

    /// The homes that the settings name.
    ///
    /// - Parameters:
    ///   - settings: Where records go.
    ///   - session: Who brings them there.
    ///   - directory: What is known of accounts; nil where they are not enriched.
    ///   - setsAside: Whether what no store takes goes to the dead-letter queue; else it counts as failed.
    package init(
        _ settings: Settings,
        _ session: AWSSession,
        directory: OrganizationDirectory?,
        setsAside: Bool = true
    ) {
        self.directory = directory
        clock = session.clock
        records = settings.openSearchEndpoint.map {
            BulkStore(
                session: session,
                endpoint: $0,
                maxBytes: settings.bulkMaxBytes,
                gzips: settings.bulkGzip
            )
        }
        var table = StateTable(settings, session: session)
        table?.keepsHints = settings.earlySignalTarget != nil
        self.table = table
        letters = (setsAside ? settings.deadLetterQueueURL : nil).map {
            DeadLetterQueue(session: session, url: $0, bucket: settings.deadLetterBucket)
        }
    }

    /// Takes `batch` its whole way; never throws, so that what failed is known for each delivery.
    package func settle(_ batch: IngestBatch, deadline: ContinuousClock.Instant) async -> Settlement {
        var settlement = Settlement()
        settlement.report.passedOver = batch.passedOver.count
        settlement.origins = batch.origins.map { origin in
            var part = IngestReport()
            (part.received, part.leftOut) = (origin.outsideScope, origin.outsideScope)
            for run in origin.heard { part.heard[batch.senders[Int(run.sender)], default: 0] += run.records }
            return part
        }
        for record in batch.records {
            let origin = Int(record.origin)
            settlement.origins[origin].received += 1
            if !record.isTimely { settlement.origins[origin].apart += 1 }
            if record.isOwn { settlement.origins[origin].own += 1 }
        }
        let known = await directory?.contexts(of: batch.accounts, deadline: deadline) ?? [:]
        let contexts = batch.accounts.map { known[$0] ?? .missing($0) }

        // What must be set aside needs time as well: a fifth of what is left, three seconds at most.
        let now = clock.instant()
        let storing = deadline - min(.seconds(3), max(.zero, deadline - now) / 5)
        var aside = unread(batch, &settlement)
        var refused: Set<Int> = []
        if let records, !batch.records.isEmpty {
            let outcome = await records.store(batch, contexts: contexts, deadline: storing)
            settlement.report.requests += outcome.requests
            note(outcome, batch, &settlement)
            if !outcome.unresolved.isEmpty {
                let failure = IngestFailure.unresolved(
                    count: outcome.unresolved.count,
                    detail: outcome.failure ?? "no time was left"
                )
                settlement.fail(outcome.unresolved.map { item(of: batch.records[$0], batch) }, failure)
            }
            for refusal in outcome.refusals {
                refused.insert(refusal.record)
                aside.append(Aside(refusal, batch))
            }
        }
        await count(batch, except: refused, &aside, &settlement, deadline: storing)
        await setAside(aside, &settlement, deadline: deadline)
        settlement.close(batch)
        return settlement
    }

    /// Counts by origin what the store has said.
    private func note(_ outcome: BulkStore.Outcome, _ batch: IngestBatch, _ settlement: inout Settlement) {
        func origin(_ record: Int) -> Int { Int(batch.records[record].origin) }
        var stored = [Int](repeating: 0, count: batch.origins.count)
        for record in batch.records { stored[Int(record.origin)] += 1 }
        for record in outcome.duplicates {
            settlement.origins[origin(record)].duplicates += 1
            stored[origin(record)] -= 1
        }
        for record in outcome.unresolved {
            settlement.origins[origin(record)].unresolved += 1
            stored[origin(record)] -= 1
        }
        for refusal in outcome.refusals { stored[origin(refusal.record)] -= 1 }
        // The store's own count decides: were a record lost sight of, the first origin would not add up.
        stored[0] += outcome.stored - stored.reduce(0, +)
        for index in stored.indices { settlement.origins[index].stored += stored[index] }
    }

    private func item(of record: IngestBatch.Record, _ batch: IngestBatch) -> Int {
        batch.origins[Int(record.origin)].item
    }
}
