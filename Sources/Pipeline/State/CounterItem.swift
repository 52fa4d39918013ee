import AWSAccess
import UsageCore

/// A counter as the state table has it.
struct CounterItem: Sendable {
    let usage: Int
    let account: String
    let region: String
    let kind: String
    /// Start of its interval, seconds since 1970.
    let start: Int64
    let quantity: Double
    let records: Int

    /// Reads an item; nil for a usage that the catalog does not have, or no longer counts by counters.
    init?(_ item: DynamoDB.Item, _ usages: [String: Int]) {
        guard let parts = item[StateKey.sort]?.string.map(StateKey.parts), parts.count == 5,
            let usage = usages[parts[0]], let start = Int64(parts[4]), let quantity = item["quantity"]?.double,
            let records = item["records"]?.int
        else { return nil }
        self.usage = usage
        account = parts[1]
        region = parts[2]
        kind = parts[3]
        self.start = start
        self.quantity = quantity
        self.records = records
    }
}

extension UsageCounts {
    /// Adds a counter as if its records were read: at the start of their interval, by whomever.
    mutating func add(_ counter: CounterItem, _ usage: Usage) {
        let account = AccountKey(counter.account)
        let region = CallerHabits.hash(counter.region)
        let kind = CallerHabits.hash(counter.kind)
        if account.digits == nil { names[account.value] = counter.account.isEmpty ? "unknown" : counter.account }
        if region != 0 { names[region] = counter.region }
        if kind != 0 { names[kind] = counter.kind }
        let key = SeriesKey(usage: counter.usage, measure: .count, callers: .all, account: account, region: region)
        let bucket = Int32(clamping: EventTime.floorDivide(counter.start, usage.detector.intervalSeconds))
        series[key, default: SparseCounts()].add(counter.quantity, to: bucket)
        for novelty in usage.novelty {
            let value: UInt64 =
                switch novelty {
                case .region: region
                case .family, .model: kind
                case .api: 1
                }
            guard value != 0 else { continue }
            let owner = novelty == .region ? -1 : counter.usage
            let novel = NoveltyKey(account: account, usage: owner, novelty: novelty, value: value)
            firstUses[novel] = min(firstUses[novel] ?? .max, counter.start)
        }
        recordCount += counter.records
        watchedCount += counter.records
        widen(account, counter.start...counter.start, records: counter.records)
        let day = EventTime.floorDivide(counter.start, 86400)
        var held = days[day] ?? Day(records: 0, last: counter.start)
        held.records += counter.records
        held.last = max(held.last, counter.start)
        days[day] = held
    }

    /// Makes the account's time reach over `time`.
    mutating func widen(_ account: AccountKey, _ time: ClosedRange<Int64>, records: Int = 0) {
        var span = accounts[account] ?? AccountSpan(first: time.lowerBound, last: time.upperBound, records: 0)
        span.first = min(span.first, time.lowerBound)
        span.last = max(span.last, time.upperBound)
        span.records += records
        accounts[account] = span
    }
}
