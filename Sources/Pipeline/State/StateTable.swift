import AWSAccess
import UsageCore

/// The DynamoDB home of watched usages and incidents, for deployments without a domain; beside one, its counters are a hint.
///
/// `StateKey` says what the items mean.
package struct StateTable: UsageStore {
    let dynamo: DynamoDB
    let clock: CallClock
    let now: @Sendable () -> Int64
    package let name: String
    let catalog: UsageCatalog
    let retentionSeconds: Int64
    let lookbackDays: Int64
    let accountTimes = AccountTimes()
    /// Counters that are added together, 1 to `CounterBatch.partSize`; a batch that comes again must come in the same parts.
    var countersPerPart = CounterBatch.partSize
    /// Whether `add` keeps count for early signals of what no counter counts as a whole.
    package var keepsHints = false
    /// When the questions of a `UsageStore` must have been answered.
    private(set) var deadline: ContinuousClock.Instant

    /// Days of the past that are looked at, today not counted: a fortnight has two of each day of the week.
    package static let lookbackDays = 14
    /// Writes and queries under way at the same time.
    static let concurrency = 16
    /// A batch may be delivered again for this long: queues keep messages for 14 days at most (SQS Developer Guide, "Quotas").
    static let redelivery: Int64 = 15 * 86400
    private static let longestAnswer: Duration = .seconds(60)

    /// - Parameters:
    ///   - session: Who calls.
    ///   - table: Its name.
    ///   - catalog: What is watched.
    ///   - retentionDays: How long after its event a record or counter is kept.
    ///   - lookbackDays: How far back `counts` and `evidence` look.
    ///   - now: Seconds since 1970; the session's clock if nil.
    package init(
        session: AWSSession,
        table: String,
        catalog: UsageCatalog,
        retentionDays: Int,
        lookbackDays: Int = StateTable.lookbackDays,
        now: (@Sendable () -> Int64)? = nil
    ) {
        var session = session
        // Counters are met by many at a time: a transaction that meets another one did nothing, and tries again until the deadline.
        session.policy.mostTries = 40
        session.policy.cap = .seconds(1)
        dynamo = DynamoDB(session: session)
        clock = session.clock
        let clock = session.clock
        self.now = now ?? { clock.now().milliseconds / 1000 }
        name = table
        self.catalog = catalog
        retentionSeconds = Int64(retentionDays) * 86400
        self.lookbackDays = Int64(lookbackDays)
        deadline = session.clock.instant() + Self.longestAnswer
    }

    /// The table that the settings name; nil where they name none.
    package init?(_ settings: Settings, session: AWSSession) {
        guard let name = settings.stateTable else { return nil }
        self.init(session: session, table: name, catalog: settings.catalog, retentionDays: settings.retentionDays)
    }

    /// The same table for questions that must be answered by `deadline`.
    package func until(_ deadline: ContinuousClock.Instant) -> StateTable {
        var table = self
        table.deadline = deadline
        return table
    }

    /// Adds what a batch holds: low-volume usages record by record, the others to counters.
    ///
    /// What was added before, in this delivery or another, changes nothing; after a failure the same batch is added again as a whole.
    ///
    /// - Parameters:
    ///   - items: The same for each delivery of the batch, in any order.
    ///   - batch: Names the batch and no other: a hash of its log event ids.
    ///   - receivedAt: When it came, seconds since 1970.
    ///   - deadline: When the last write must have ended.
    /// - Returns: What became of each item.
    /// - Throws: `ServiceFailure` where a write failed; others may have been made.
    package func add(
        _ items: [WatchedItem],
        batch: String,
        receivedAt: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> StateReport {
        var report = StateReport()
        try await put(items, receivedAt: receivedAt, into: &report, deadline: deadline)
        let counters = CounterBatch(items, catalog, partSize: countersPerPart)
        try await count(counters, batch: batch, receivedAt: receivedAt, into: &report, deadline: deadline)
        if keepsHints {
            let hints = HintBatch(items, catalog, partSize: countersPerPart)
            try await hint(hints, batch: batch, receivedAt: receivedAt, deadline: deadline)
            report.touched = hints.intervals.union(counters.intervals(catalog))
        }
        try await note(items, deadline: deadline)
        return report
    }
}
