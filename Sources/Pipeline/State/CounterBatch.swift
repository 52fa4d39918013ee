import AWSAccess
import UsageCore

/// What a batch adds to counters: one sum for each usage, place, kind and interval, in parts that are written each as a whole.
struct CounterBatch {
    struct Key: Hashable, Comparable {
        let usage: Int
        let account: String
        let region: String
        let kind: String
        /// Start of the interval, seconds since 1970.
        let start: Int64

        static func < (one: Key, other: Key) -> Bool {
            let place = (one.start, one.usage, one.account, one.region, one.kind)
            return place < (other.start, other.usage, other.account, other.region, other.kind)
        }
    }

    struct Sum: Equatable {
        /// In steps of `SparseCounts`, so that sums are exact in any order.
        var steps: Int64 = 0
        var records = 0

        /// The quantity as a decimal number: 1024ths have ten decimals at most.
        var quantity: String {
            let perUnit = Int64(1 / SparseCounts.step)
            var rest = steps % perUnit
            var text = String(steps / perUnit)
            if rest > 0 { text += "." }
            while rest > 0 {
                rest *= 10
                text += String(rest / perUnit)
                rest %= perUnit
            }
            return text
        }
    }

    /// Counters that one transaction takes, beside the mark that they were added.
    static let partSize = DynamoDB.mostActionsInTransaction - 1

    /// The same for the same items in any order.
    let parts: [[(key: Key, sum: Sum)]]

    /// Sums the items of high-volume usages.
    init(_ items: [WatchedItem], _ catalog: UsageCatalog, partSize: Int = Self.partSize) {
        var sums: [Key: Sum] = [:]
        for item in items where !catalog.usages[item.usage].isLowVolume {
            let interval = catalog.usages[item.usage].detector.intervalSeconds
            let key = Key(
                usage: item.usage,
                account: item.account,
                region: item.region,
                kind: item.kind,
                start: EventTime.floorDivide(item.seconds, interval) * interval
            )
            sums[key, default: Sum()].add(item.quantity)
        }
        let ordered = sums.sorted { $0.key < $1.key }.map { (key: $0.key, sum: $0.value) }
        parts = stride(from: 0, to: ordered.count, by: partSize).map { start in
            Array(ordered[start..<min(ordered.count, start + partSize)])
        }
    }
}

extension CounterBatch {
    /// The intervals whose counters say what their entities count as a whole.
    func intervals(_ catalog: UsageCatalog) -> Set<CountedInterval> {
        var intervals: Set<CountedInterval> = []
        for counter in parts.joined() where !HintBatch.holds(catalog.usages[counter.key.usage]) {
            let key = counter.key
            let entity = CountedEntity(usage: key.usage, account: key.account, region: key.region, callers: .all)
            intervals.insert(CountedInterval(entity: entity, start: key.start))
        }
        return intervals
    }
}

extension CounterBatch.Sum {
    mutating func add(_ quantity: Double) {
        // NaN compares false with everything and so becomes 0.
        let value = quantity > 0 ? min(quantity, SparseCounts.largestSum) : 0
        let most = Int64(SparseCounts.largestSum / SparseCounts.step)
        steps = min(steps + Int64((value / SparseCounts.step).rounded()), most)
        records += 1
    }
}
