/// What pass one over the records yields: series of counts and of money, first uses, habits of callers, and the time that the input covers.
///
/// The same records in any order, and in any number of parts that are merged, give the same counts.
package struct UsageCounts: Sendable {
    /// A series: one usage of one account in one Region by one class of callers, counted or priced.
    package struct SeriesKey: Hashable, Sendable {
        package let usage: Int
        package let measure: Measure
        package let callers: CallerClass
        package let account: AccountKey
        package let region: UInt64

        package init(usage: Int, measure: Measure, callers: CallerClass, account: AccountKey, region: UInt64) {
            self.usage = usage
            self.measure = measure
            self.callers = callers
            self.account = account
            self.region = region
        }
    }

    /// What a series measures.
    package enum Measure: UInt8, Sendable {
        /// The usage's quantity in each interval.
        case count
        /// List price of what was started in each interval, US cents per hour.
        case spend
    }

    /// Something an account used, for the question whether it did so before.
    package struct NoveltyKey: Hashable, Sendable {
        package let account: AccountKey
        package let usage: Int
        package let novelty: Usage.Novelty
        package let value: UInt64

        package init(account: AccountKey, usage: Int, novelty: Usage.Novelty, value: UInt64) {
            self.account = account
            self.usage = usage
            self.novelty = novelty
            self.value = value
        }
    }

    /// One watched record, as it is counted.
    package struct Entry: Sendable {
        package var identity: Digest128
        package var seconds: Int64
        package var usage: Int
        package var account: AccountKey
        package var region: UInt64
        package var quantity: Double
        package var centsPerHour: Double
        /// The hash of the instance family, or of the model.
        package var kind: UInt64
        package var callers: CallerClass
    }

    /// One UTC day of the input.
    package struct Day: Sendable {
        package var records: Int
        /// The event time of its last record.
        package var last: Int64

        package init(records: Int, last: Int64) {
            self.records = records
            self.last = last
        }
    }

    package struct AccountSpan: Sendable {
        package var first: Int64
        package var last: Int64
        package var records: Int

        package init(first: Int64, last: Int64, records: Int) {
            self.first = first
            self.last = last
            self.records = records
        }
    }

    package var series: [SeriesKey: SparseCounts] = [:]
    /// When something was first used, in seconds.
    package var firstUses: [NoveltyKey: Int64] = [:]
    package var accounts: [AccountKey: AccountSpan] = [:]
    /// Of every caller where records are read to be counted; a store that counts by itself leaves them out.
    package var habits = CallerHabits()
    /// When records of any kind came, where records are read to be counted; a store answers for itself.
    package var activity = Activity()
    /// UTC days since 1970 and what they hold, for finding the time that the input is really of.
    package var days: [Int64: Day] = [:]
    /// Names behind account keys that are no 12 digits, behind Regions, families and models.
    package var names: [UInt64: String] = [:]

    package var recordCount = 0
    /// Records outside the time that was asked for.
    package var passedByCount = 0
    package var watchedCount = 0
    package var repeatedCount = 0
    package var filter = RepetitionFilter()

    package init() {}

    /// Counts a watched record unless it came before.
    package mutating func add(_ entry: Entry, _ usage: Usage) {
        guard filter.isNew(entry.identity, account: entry.account, seconds: entry.seconds) else {
            repeatedCount += 1
            return
        }
        watchedCount += 1
        let bucket = Int32(clamping: EventTime.floorDivide(entry.seconds, usage.detector.intervalSeconds))
        func key(_ measure: Measure) -> SeriesKey {
            SeriesKey(
                usage: entry.usage,
                measure: measure,
                callers: entry.callers,
                account: entry.account,
                region: entry.region
            )
        }
        series[key(.count), default: SparseCounts()].add(entry.quantity, to: bucket)
        if entry.centsPerHour > 0 { series[key(.spend), default: SparseCounts()].add(entry.centsPerHour, to: bucket) }
        for novelty in usage.novelty {
            let value: UInt64 =
                switch novelty {
                case .region: entry.region
                case .family, .model: entry.kind
                case .api: 1
                }
            guard value != 0 else { continue }
            // A Region is new to the account whatever the usage; the rest is told apart by usage.
            let owner = novelty == .region ? -1 : entry.usage
            let novel = NoveltyKey(account: entry.account, usage: owner, novelty: novelty, value: value)
            firstUses[novel] = min(firstUses[novel] ?? .max, entry.seconds)
        }
    }

    /// Adds what another worker saw of accounts, days, callers and names.
    package mutating func merge(_ part: Tally.Seen) {
        recordCount += part.recordCount
        passedByCount += part.passedByCount
        for (account, span) in part.accounts {
            if let known = accounts[account] {
                accounts[account] = AccountSpan(
                    first: min(known.first, span.first),
                    last: max(known.last, span.last),
                    records: known.records + span.records
                )
            } else {
                accounts[account] = span
            }
        }
        for (day, held) in part.days {
            var known = days[day] ?? Day(records: 0, last: held.last)
            known.records += held.records
            known.last = max(known.last, held.last)
            days[day] = known
        }
        names.merge(part.names) { known, _ in known }
        habits.merge(part.habits)
        activity.merge(part.activity)
    }

    /// Adds what was counted of other records.
    package mutating func merge(_ other: UsageCounts) {
        for (key, values) in other.series { series[key, default: SparseCounts()].merge(values) }
        for (key, first) in other.firstUses { firstUses[key] = min(firstUses[key] ?? .max, first) }
        watchedCount += other.watchedCount
        var seen = Tally.Seen()
        seen.recordCount = other.recordCount
        seen.accounts = other.accounts
        seen.days = other.days
        seen.names = other.names
        seen.habits = other.habits
        seen.activity = other.activity
        merge(seen)
    }

    /// The account's id, or what stands for it.
    package func accountId(_ key: AccountKey) -> String { key.digits ?? names[key.value] ?? "unknown" }

    /// The time that the input is of: from the first second of its first day to the last record's.
    ///
    /// Records far from all others (a wild clock) stretch nothing: from the day that holds the middle record, days are added on both sides
    /// while no gap is longer than 31 days, and not beyond `longestTimeline`, since every series is as long as this.
    package var timeline: ClosedRange<Int64>? {
        let sorted = days.keys.sorted()
        guard !sorted.isEmpty else { return nil }
        var passed = 0
        let half = days.values.reduce(0) { $0 + $1.records } / 2
        var middle = 0
        for (index, day) in sorted.enumerated() {
            passed += days[day]?.records ?? 0
            middle = index
            if passed > half { break }
        }
        var low = middle
        func isNear(_ index: Int) -> Bool { abs(sorted[index] - sorted[middle]) <= Self.longestTimeline / 2 }
        while low > 0, sorted[low] - sorted[low - 1] <= 31, isNear(low - 1) { low -= 1 }
        var high = middle
        while high + 1 < sorted.count, sorted[high + 1] - sorted[high] <= 31, isNear(high + 1) { high += 1 }
        return sorted[low] * 86400...(sorted[high] + 1) * 86400 - 1
    }

    /// In days, about twenty years: more than any trail, and short enough to be judged in seconds.
    private static let longestTimeline: Int64 = 7300

    /// Records whose day lies outside `timeline`.
    package var strayCount: Int {
        guard let timeline else { return 0 }
        return days.reduce(0) { $0 + (timeline.contains($1.key * 86400) ? 0 : $1.value.records) }
    }
}
