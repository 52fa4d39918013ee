import AWSAccess
import UsageCore

/// The way of a batch of decoded records: enrich, store, count, and set aside what no store takes.
package struct Ingestion: Sendable {
    /// What became of a batch.
    package struct Settlement: Sendable {
        package var report = IngestReport()
        /// The same numbers by the stream that the records came from, as far as they are of records.
        package var streams: [String: IngestReport] = [:]
        /// What was added to in the state table, for early signals.
        package var touched: Set<CountedInterval> = []
        /// Deliveries that must come again, by their place in the event.
        package var failedItems: Set<Int> = []
        /// Why, in the order in which it was met.
        package var failures: [IngestFailure] = []

        /// The numbers by the origin in the batch that is being settled.
        fileprivate var origins: [IngestReport] = []

        package init() {}

        /// Adds what became of another part of the same invocation.
        mutating func add(_ other: Settlement) {
            report.add(other.report)
            for (stream, part) in other.streams { streams[stream, default: IngestReport()].add(part) }
            failedItems.formUnion(other.failedItems)
            failures += other.failures
            touched.formUnion(other.touched)
        }

        /// Sums what was counted by origin.
        fileprivate mutating func close(_ batch: IngestBatch) {
            for (origin, part) in zip(batch.origins, origins) where part.received > 0 {
                report.add(part)
                streams[LedgerEntry.stream(of: origin.source), default: IngestReport()].add(part)
            }
            origins = []
        }

        mutating func fail(_ items: some Sequence<Int>, _ failure: IngestFailure) {
            failedItems.formUnion(items)
            failures.append(failure)
        }
    }

    private let catalog: UsageCatalog
    private let directory: OrganizationDirectory?
    private let records: BulkStore?
    /// nil where there is none.
    let table: StateTable?
    private let letters: DeadLetterQueue?
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
        catalog = settings.catalog
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

    // MARK: counting

    /// Adds watched records to the state table, batch by batch as they were delivered.
    ///
    /// A batch of which something is unresolved is left for its next delivery: it is counted as a whole or not yet.
    private func count(
        _ batch: IngestBatch,
        except refused: Set<Int>,
        _ aside: inout [Aside],
        _ settlement: inout Settlement,
        deadline: ContinuousClock.Instant
    ) async {
        guard let table else { return }
        var entries: [[Entry]] = Array(repeating: [], count: batch.origins.count)
        for entry in Entry.all(of: batch) where !refused.contains(entry.record) {
            let record = batch.records[entry.record]
            // What our own functions did does not count; what they ended runs no more.
            if record.isTimely, !(record.isOwn && record.watched >= 0) { entries[Int(record.origin)].append(entry) }
        }
        let isOnlyStore = records == nil
        if isOnlyStore {
            for record in batch.records { settlement.origins[Int(record.origin)].leftOut += 1 }
            for (origin, entries) in entries.enumerated() { settlement.origins[origin].leftOut -= entries.count }
        }
        for (origin, entries) in entries.enumerated() where !entries.isEmpty {
            let item = batch.origins[origin].item
            guard !settlement.failedItems.contains(item) else {
                if isOnlyStore { settlement.origins[origin].unresolved += entries.count }
                continue
            }
            do {
                let report = try await table.add(
                    entries.map { $0.item(batch) },
                    batch: batch.origins[origin].identity.hexadecimal,
                    receivedAt: batch.receivedAt,
                    deadline: deadline
                )
                settlement.touched.formUnion(report.touched)
                settlement.origins[origin].counted += report.stored + report.counted
                guard isOnlyStore else { continue }
                settlement.origins[origin].stored += report.stored + report.counted
                settlement.origins[origin].duplicates += report.repeated + report.countedBefore
                aside += report.refused.map { refusal in
                    Aside(
                        BulkStore.Refusal(
                            record: entries[refusal.index].record,
                            reason: refusal.reason,
                            detail: refusal.detail
                        ),
                        batch
                    )
                }
            } catch {
                settlement.fail([item], .unresolved(count: entries.count, detail: "\(error)"))
                if isOnlyStore { settlement.origins[origin].unresolved += entries.count }
            }
        }
    }

    /// A record that counts, or that ends what counted.
    private struct Entry {
        let record: Int
        let usage: Int
        let quantity: Double
        let kind: String
        let region: String
        let callers: CallerClass

        /// In the order of the records.
        static func all(of batch: IngestBatch) -> [Entry] {
            let counting = batch.watched.map {
                Entry(
                    record: $0.record,
                    usage: $0.usage,
                    quantity: $0.quantity,
                    kind: $0.kind,
                    region: $0.region,
                    callers: $0.callers
                )
            }
            // Only of usages whose records are kept one by one: a counter has no room for an end.
            let ending = batch.endings.filter { batch.catalog.usages[$0.usage].isLowVolume }.map {
                Entry(
                    record: $0.record,
                    usage: $0.usage,
                    quantity: 0,
                    kind: "",
                    region: $0.region,
                    callers: .others
                )
            }
            return ending.isEmpty ? counting : (counting + ending).sorted { $0.record < $1.record }
        }

        func item(_ batch: IngestBatch) -> WatchedItem {
            let record = batch.records[self.record]
            return WatchedItem(
                account: batch.accounts[Int(record.account)],
                region: region,
                seconds: record.seconds,
                identity: batch.identity(of: record),
                usage: usage,
                quantity: quantity,
                kind: kind,
                callers: callers,
                body: Array(batch.bytes(of: record))
            )
        }
    }

    // MARK: setting aside

    /// Something for the dead-letter queue, and the delivery that it belongs to.
    private struct Aside {
        let letter: DeadLetter
        let item: Int
        /// Where in the batch it came from.
        let origin: Int

        init(letter: DeadLetter, item: Int, origin: Int) {
            self.letter = letter
            self.item = item
            self.origin = origin
        }

        init(_ refusal: BulkStore.Refusal, _ batch: IngestBatch) {
            let record = batch.records[refusal.record]
            let origin = batch.origins[Int(record.origin)]
            let bytes = Array(batch.bytes(of: record))
            letter = DeadLetter(
                reason: refusal.reason,
                detail: Hostile.shown(refusal.detail, limit: 1000),
                source: origin.source,
                items: [DeadLetter.Item(eventId: batch.eventId(of: record), bytes: bytes)]
            )
            item = origin.item
            self.origin = Int(record.origin)
        }
    }

    private func unread(_ batch: IngestBatch, _ settlement: inout Settlement) -> [Aside] {
        var aside: [Aside] = []
        for unread in batch.unread {
            // A comma too many or too few between two records costs neither of them.
            if unread.rest.failure == .strayComma || unread.rest.failure == .missingComma { continue }
            settlement.origins[unread.origin].received += 1
            let origin = batch.origins[unread.origin]
            guard unread.rest.bytes.count == unread.rest.count || origin.source.hasPrefix("s3://") else {
                settlement.origins[unread.origin].unresolved += 1
                settlement.fail(
                    [origin.item],
                    .keptInPart(bytes: unread.rest.count, reason: unread.rest.failure.name)
                )
                continue
            }
            let letter = DeadLetter(
                reason: unread.rest.failure.name,
                detail: "\(unread.rest.failure)",
                source: origin.source,
                items: [DeadLetter.Item(eventId: Self.eventId(of: unread), bytes: unread.rest.bytes)]
            )
            aside.append(Aside(letter: letter, item: origin.item, origin: unread.origin))
        }
        return aside
    }

    /// The `eventID` if the bytes are a record with one, else the id of the log event.
    private static func eventId(of unread: IngestBatch.Unread) -> String {
        let found = unread.rest.bytes.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            var fields = RecordFields()
            return fields.scan(&scanner) ? JSONString.text(fields.eventID, in: bytes) : nil
        }
        return found ?? unread.eventId
    }

    private func setAside(
        _ aside: [Aside],
        _ settlement: inout Settlement,
        deadline: ContinuousClock.Instant
    ) async {
        guard !aside.isEmpty else { return }
        for part in aside { settlement.origins[part.origin].setAside += 1 }
        guard let letters else {
            let first = aside[0].letter
            let reason = "\(first.reason), the first of them: \(Hostile.shown(first.detail, limit: 200))"
            return settlement.fail(aside.map(\.item), .noQueue(count: aside.count, reason: reason))
        }
        // What has reason, detail and source in common goes together.
        var groups: [(letter: DeadLetter, parts: [Aside])] = []
        var places: [String: Int] = [:]
        for part in aside {
            let key = [part.letter.reason, part.letter.detail, part.letter.source].joined(separator: "\n")
            if let place = places[key] {
                groups[place].letter.append(part.letter)
                groups[place].parts.append(part)
            } else {
                places[key] = groups.count
                groups.append((part.letter, [part]))
            }
        }
        let failures = await letters.send(groups.map(\.letter), deadline: deadline)
        for (index, group) in groups.enumerated() {
            if let detail = failures[index] {
                settlement.fail(group.parts.map(\.item), .unresolved(count: group.parts.count, detail: detail))
            } else {
                for part in group.parts { settlement.origins[part.origin].deadLettered += 1 }
            }
        }
    }
}
