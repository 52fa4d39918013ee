/// What the records of one anomaly say, gathered without keeping them all.
///
/// The order in which records come makes no difference: sums are sums, and of records the earliest of each interval are kept.
package struct WindowEvidence: Sendable {
    /// How much bears one value of a trait.
    package struct Share: Sendable {
        package var quantity = 0.0
        package var records = 0

        package init(quantity: Double = 0, records: Int = 0) {
            self.quantity = quantity
            self.records = records
        }
    }

    /// What all records of a window add up to.
    package struct Totals: Sendable {
        package var records = 0
        package var quantity = 0.0
        package var traits: [Trait: [String: Share]] = [:]
        /// As `WindowEvidence.alarmSeconds`.
        package var alarmSeconds: [Int64: Double] = [:]
        /// How much each principal bears of each interval, by the interval's start.
        package var flow: [Int64: [String: Share]] = [:]

        package init() {}
    }

    /// In a `flow`, whoever made the calls of which a store has sums alone.
    package static let nobodyKnown = ""

    /// Records kept for each interval.
    package static let keptPerInterval = 40
    /// Records kept in all.
    package static let keptInAll = 2000
    /// Started resources that are followed one by one.
    package static let followed = 20_000

    struct Kept: Sendable {
        let bucket: Int64
        let record: WatchedRecord
    }

    let interval: Int64
    var kept: [Kept] = []
    var perInterval: [Int64: Int] = [:]
    private var seen: Set<Digest128> = []
    package internal(set) var recordCount = 0
    package internal(set) var quantity = 0.0
    package internal(set) var traits: [Trait: [String: Share]] = [:]
    /// How much each principal bears of each interval, by the interval's start.
    var flow: [Int64: [String: Share]] = [:]
    /// The alarm's interval, where records are added one by one.
    var alarm: Range<Int64>?
    /// Quantity of the alarm's interval by the second in which it could be known.
    package internal(set) var alarmSeconds: [Int64: Double] = [:]
    package internal(set) var started: [StartedResource] = []
    /// Quantity started beyond `followed`, or under no identity.
    package internal(set) var unfollowed = 0.0

    /// - Parameter interval: seconds of the usage's interval.
    package init(interval: Int64) { self.interval = max(1, interval) }

    /// Whether anything is known of the callers: not where a store has sums alone.
    package var isAnyoneKnown: Bool {
        !kept.isEmpty || (traits[.principal] ?? [:]).keys.contains { $0 != Self.nobodyKnown }
    }

    /// The earliest records of each interval, in the order of time and event id.
    package var records: [WatchedRecord] { kept.map(\.record) }

    mutating func add(_ record: WatchedRecord, _ identity: Digest128, alarm: Range<Int64>) {
        guard seen.insert(identity).inserted else { return }
        recordCount += 1
        quantity += record.facts.quantity
        note(Trait.values(of: record), record.facts.quantity)
        let start = EventTime.floorDivide(record.seconds, interval) * interval
        flow[start, default: [:]][record.caller.principal, default: Share()].quantity += record.facts.quantity
        flow[start, default: [:]][record.caller.principal, default: Share()].records += 1
        self.alarm = alarm
        if alarm.contains(record.seconds) { alarmSeconds[record.known, default: 0] += record.facts.quantity }
        follow(record)
    }

    /// Takes what a store has summed over all records of the window; `add(sample:)` gives it the earliest of them.
    mutating func take(_ totals: Totals) {
        recordCount = totals.records
        quantity = totals.quantity
        traits = totals.traits
        flow = totals.flow
        alarmSeconds = totals.alarmSeconds
        unfollowed = totals.quantity
    }

    /// Keeps a record whose quantity is in the totals already.
    mutating func add(sample record: WatchedRecord, _ identity: Digest128) {
        guard seen.insert(identity).inserted else { return }
        unfollowed = max(0, unfollowed - record.facts.quantity)
        follow(record)
    }

    private mutating func follow(_ record: WatchedRecord) {
        let resources = StartedResource.all(of: record)
        if resources.isEmpty || started.count >= Self.followed {
            unfollowed += record.facts.quantity
        } else {
            started += resources
        }
        keep(record)
    }

    mutating func note(_ values: [(Trait, String)], _ quantity: Double) {
        for (trait, value) in values {
            traits[trait, default: [:]][value, default: Share()].quantity += quantity
            traits[trait, default: [:]][value, default: Share()].records += 1
        }
    }

    private mutating func keep(_ record: WatchedRecord) {
        let bucket = EventTime.floorDivide(record.seconds, interval)
        var low = 0
        var high = kept.count
        while low < high {
            let middle = (low + high) / 2
            let other = kept[middle].record
            if (other.seconds, other.eventId) < (record.seconds, record.eventId) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        kept.insert(Kept(bucket: bucket, record: record), at: low)
        perInterval[bucket, default: 0] += 1
        if perInterval[bucket, default: 0] > Self.keptPerInterval {
            drop(kept.lastIndex { $0.bucket == bucket })
        } else if kept.count > Self.keptInAll {
            drop(kept.indices.last)
        }
    }

    private mutating func drop(_ place: Int?) {
        guard let place else { return }
        perInterval[kept.remove(at: place).bucket, default: 1] -= 1
    }

    /// The value of `trait` that bears most, with its share of the quantity of all, 0...1.
    package func leading(_ trait: Trait) -> (value: String, share: Double)? {
        guard quantity > 0, let shares = traits[trait],
            let top = shares.max(by: { ($0.value.quantity, $1.key) < ($1.value.quantity, $0.key) })
        else { return nil }
        return (top.key, top.value.quantity / quantity)
    }
}
