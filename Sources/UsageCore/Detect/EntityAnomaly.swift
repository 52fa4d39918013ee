/// One usage of one account in one Region that was more than expected for a while.
package struct EntityAnomaly: Equatable, Sendable {
    /// What told it apart.
    package enum Channel: String, Sendable {
        /// The count in an interval.
        case count
        /// The money started in an interval.
        case spend
        /// Something the account never used before.
        case firstUse = "first-use"
        /// A call that is told each time.
        case call
        /// The count in an interval, by a detector of OpenSearch's.
        case opensearch
    }

    package let usage: Int
    package let account: AccountKey
    package let region: UInt64
    package let channel: Channel
    /// The callers whose usage it is.
    package let callers: CallerClass
    /// Start of the first interval that counts to it, seconds since 1970.
    package var start: Int64
    /// End of the last one, exclusive.
    package var end: Int64
    /// Start and end of the interval in which it was first told.
    package var alarm: Range<Int64>
    /// What was counted from `start` to `end`: the usage's quantity, or US dollars an hour of list price.
    package var observed: Double
    /// What was expected in that time.
    package var expected: Double
    /// The amount in the alarm's interval that would have been enough.
    package var limit: Double
    /// The detector's score, 0.5...1; for a first use the weight of its points.
    package var score: Double
    /// Why, in a few words.
    package var reason: String
    /// For a first use: what was new (family, model, `api` or the Region), and the hash of it.
    package var novelty: Usage.Novelty?
    package var noveltyValue: UInt64 = 0

    package init(
        usage: Int,
        account: AccountKey,
        region: UInt64,
        channel: Channel,
        callers: CallerClass,
        start: Int64,
        end: Int64,
        alarm: Range<Int64>,
        observed: Double,
        expected: Double,
        limit: Double,
        score: Double,
        reason: String
    ) {
        self.usage = usage
        self.account = account
        self.region = region
        self.channel = channel
        self.callers = callers
        self.start = start
        self.end = end
        self.alarm = alarm
        self.observed = observed
        self.expected = expected
        self.limit = limit
        self.score = score
        self.reason = reason
    }
}

extension EntityAnomaly {
    /// An order that depends on nothing but what they are.
    package static func precedes(_ one: EntityAnomaly, _ other: EntityAnomaly) -> Bool {
        let place = (one.start, one.usage, one.account.value, one.region)
        let otherPlace = (other.start, other.usage, other.account.value, other.region)
        if place != otherPlace { return place < otherPlace }
        return (one.channel.rawValue, one.callers.rawValue, one.noveltyValue, one.end)
            < (other.channel.rawValue, other.callers.rawValue, other.noveltyValue, other.end)
    }

    /// An amount below this many times the expected is not told, however sure the detector is.
    package static let leastRatio = 1.75

    /// The anomaly as its records show it, nil where there is none.
    ///
    /// First uses of which no record was found (all were refused, or came from elsewhere) say nothing; the ends of the others are cut to
    /// the last record before a gap of six hours.
    package func confirmed(by evidence: WindowEvidence, _ catalog: UsageCatalog) -> EntityAnomaly? {
        guard channel == .firstUse else { return observed >= Self.leastRatio * expected ? self : nil }
        let starts = evidence.activeStarts
        guard var last = starts.first else { return nil }
        for next in starts where next <= last + SeriesScan.bridgedGap { last = next }
        var confirmed = self
        confirmed.end = min(end, last + catalog.usages[usage].detector.intervalSeconds)
        confirmed.observed = evidence.quantity
        return confirmed
    }
}
