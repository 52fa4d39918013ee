import UsageCore

extension Ingestion {
    /// Adds watched records to the state table, batch by batch as they were delivered.
    ///
    /// A batch of which something is unresolved is left for its next delivery: it is counted as a whole or not yet.
    func count(
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
}
