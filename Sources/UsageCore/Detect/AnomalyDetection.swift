/// Finds entity anomalies in counts: by the detector on each series, and by what an account never used before.
package struct AnomalyDetection: Sendable {
    private let catalog: UsageCatalog
    private let level: Double
    /// Records before an account's past is long enough to call something its first.
    package static let historyForFirsts: Int64 = 72 * 3600
    /// A first use is followed this long.
    private static let firstUseFollowed: Int64 = 72 * 3600

    /// `level`: the score that makes an anomaly; 0.6 in the product.
    package init(_ catalog: UsageCatalog, level: Double) {
        self.catalog = catalog
        self.level = level
    }

    /// The series of `counts`, in an order that does not depend on how they were counted.
    package func series(_ counts: UsageCounts) -> [UsageCounts.SeriesKey] {
        counts.series.keys.sorted {
            ($0.usage, $0.account.value, $0.region, $0.channel.rawValue)
                < ($1.usage, $1.account.value, $1.region, $1.channel.rawValue)
        }
    }

    /// The anomalies of one series.
    package func anomalies(_ key: UsageCounts.SeriesKey, _ counts: UsageCounts) -> [EntityAnomaly] {
        guard let values = counts.series[key], !isRepeated(key, values, counts),
            let time = counts.coveredTime(of: key.account)
        else { return [] }
        let interval = catalog.usages[key.usage].detector.intervalSeconds
        let first = Int32(clamping: EventTime.floorDivide(time.lowerBound, interval))
        let last = Int32(clamping: EventTime.floorDivide(time.upperBound, interval))
        guard first <= last else { return [] }
        let scan = SeriesScan(interval: interval, buckets: first...last, level: level)
        // Spend is kept in cents an hour; people read dollars.
        let unit = key.channel == .spend ? 0.01 : 1
        return scan.stretches(values).map { stretch in
            EntityAnomaly(
                usage: key.usage,
                account: key.account,
                region: key.region,
                channel: key.channel == .spend ? .spend : key.channel == .callers ? .callers : .count,
                start: Int64(stretch.first) * interval,
                end: (Int64(stretch.last) + 1) * interval,
                alarm: Int64(stretch.alarm) * interval..<(Int64(stretch.alarm) + 1) * interval,
                observed: stretch.observed * unit,
                expected: stretch.expected * unit,
                limit: stretch.limit * unit,
                score: stretch.score,
                reason: stretch.reason
            )
        }
    }

    /// Where no controller is at work, the series without controllers is the whole series.
    private func isRepeated(_ key: UsageCounts.SeriesKey, _ values: SparseCounts, _ counts: UsageCounts) -> Bool {
        guard key.channel == .callers else { return false }
        let whole = UsageCounts.SeriesKey(usage: key.usage, channel: .count, account: key.account, region: key.region)
        return counts.series[whole] == values
    }

    /// First uses by accounts that have a past.
    package func firstUses(_ counts: UsageCounts) -> [EntityAnomaly] {
        var found: [EntityAnomaly] = []
        for (key, first) in counts.firstUses {
            guard let time = counts.coveredTime(of: key.account), time.contains(first),
                first >= time.lowerBound + Self.historyForFirsts
            else { continue }
            for series in counts.series.keys
            where series.channel == .count && series.account == key.account && fits(series, key) {
                guard let start = firstBucket(series, counts, from: first), start < first + Self.firstUseFollowed else {
                    continue
                }
                let interval = catalog.usages[series.usage].detector.intervalSeconds
                var anomaly = EntityAnomaly(
                    usage: series.usage,
                    account: series.account,
                    region: series.region,
                    channel: .firstUse,
                    start: first,
                    end: min(first + Self.firstUseFollowed, time.upperBound + 1),
                    alarm: first..<first + interval,
                    observed: 0,
                    expected: 0,
                    limit: 1,
                    score: 0,
                    reason: "first use by the account"
                )
                anomaly.novelty = key.novelty
                anomaly.noveltyValue = key.value
                found.append(anomaly)
            }
        }
        return found.sorted {
            ($0.start, $0.account.value, $0.usage, $0.region, $0.noveltyValue)
                < ($1.start, $1.account.value, $1.usage, $1.region, $1.noveltyValue)
        }
    }

    private func fits(_ series: UsageCounts.SeriesKey, _ key: UsageCounts.NoveltyKey) -> Bool {
        switch key.novelty {
        case .region: series.region == key.value && catalog.usages[series.usage].novelty.contains(.region)
        case .family, .api, .model: series.usage == key.usage
        }
    }

    /// The start of the first busy bucket of the series that does not end before `seconds`.
    private func firstBucket(_ key: UsageCounts.SeriesKey, _ counts: UsageCounts, from seconds: Int64) -> Int64? {
        guard let values = counts.series[key] else { return nil }
        let interval = catalog.usages[key.usage].detector.intervalSeconds
        let place = values.lowerBound(Int32(clamping: EventTime.floorDivide(seconds, interval)))
        return place < values.buckets.count ? Int64(values.buckets[place]) * interval : nil
    }
}

extension UsageCounts {
    /// From the account's first record to the end of the input, within the time that the input is of.
    package func coveredTime(of account: AccountKey) -> ClosedRange<Int64>? {
        guard let timeline, let span = accounts[account] else { return nil }
        let end = lastSecond(timeline)
        let start = max(span.first, timeline.lowerBound)
        return start <= end ? start...end : nil
    }

    /// The last event time that lies within `timeline`.
    package func lastSecond(_ timeline: ClosedRange<Int64>) -> Int64 {
        accounts.values.reduce(timeline.lowerBound) { timeline.contains($1.last) ? max($0, $1.last) : $0 }
    }
}
