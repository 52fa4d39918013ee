import UsageCore

/// What a batch adds to the hints: one sum for each entity and interval, in parts that are written each as a whole.
///
/// A hint is what early signals go by where no single counter says what an entity has counted: of usages whose records are kept one by
/// one, and of those whose counters are told apart by kind. A record that comes in two batches is in it twice, which costs an evaluation at
/// worst: that one counts again.
struct HintBatch {
    /// The same for the same items in any order.
    let parts: [[(interval: CountedInterval, sum: CounterBatch.Sum)]]

    /// Whether the usage has hints.
    static func holds(_ usage: Usage) -> Bool {
        usage.isLowVolume || usage.novelty.contains(.family) || usage.novelty.contains(.model)
    }

    /// Sums the items that count for something.
    init(_ items: [WatchedItem], _ catalog: UsageCatalog, partSize: Int = CounterBatch.partSize) {
        var sums: [CountedInterval: CounterBatch.Sum] = [:]
        for item in items where item.quantity > 0 && Self.holds(catalog.usages[item.usage]) {
            let usage = catalog.usages[item.usage]
            let entity = CountedEntity(
                usage: item.usage,
                account: item.account,
                region: item.region,
                callers: usage.isLowVolume ? item.callers : .all
            )
            let interval = usage.detector.intervalSeconds
            let start = EventTime.floorDivide(item.seconds, interval) * interval
            sums[CountedInterval(entity: entity, start: start), default: CounterBatch.Sum()].add(item.quantity)
        }
        let ordered = sums.sorted { $0.key < $1.key }.map { (interval: $0.key, sum: $0.value) }
        parts = stride(from: 0, to: ordered.count, by: partSize).map { start in
            Array(ordered[start..<min(ordered.count, start + partSize)])
        }
    }

    var intervals: Set<CountedInterval> { Set(parts.joined().map(\.interval)) }
}
