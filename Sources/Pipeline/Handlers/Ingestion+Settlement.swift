import UsageCore

extension Ingestion {
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
        var origins: [IngestReport] = []

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
        mutating func close(_ batch: IngestBatch) {
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
}
