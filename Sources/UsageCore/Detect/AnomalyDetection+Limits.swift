/// From which count on an entity would be told of.
extension AnomalyDetection {
    /// What is found in one series.
    package struct Findings: Sendable {
        package var anomalies: [EntityAnomaly]
        /// nil where counts are not judged yet, or are none.
        package var limit: CountLimit?
    }

    /// The smallest burst of `usage` that is told where hardly anything was before.
    package static func leastBurst(of usage: Usage) -> Double { min(FirstBurstScan.factor, told(usage)) }

    /// One alone is a first use, not a burst.
    static func told(_ usage: Usage) -> Double { max(2, usage.thresholds(accountType: nil).low) }

    /// Ids of the accounts whose past is long enough for a first burst to be told.
    package func accountsWithPast(_ counts: UsageCounts) -> [String] {
        counts.accounts.keys.filter { account in
            guard let time = counts.coveredTime(of: account) else { return false }
            return time.upperBound - time.lowerBound >= FirstBurstScan.leastPast
        }.map(counts.accountId).sorted()
    }

    /// The limit in the series' last bucket, by the detector as it stood before that.
    ///
    /// - Parameters:
    ///   - key: Which series of counts.
    ///   - values: What it holds.
    ///   - scan: The way in which it was looked at.
    ///   - detector: Before the last bucket.
    ///   - stretches: What was told of it.
    ///   - counts: All counts, for the names.
    /// - Returns: nil where the last bucket is not judged.
    func limit(
        _ key: UsageCounts.SeriesKey,
        _ values: SparseCounts,
        _ scan: SeriesScan,
        before detector: SeriesDetector,
        told stretches: [SeriesScan.Stretch],
        _ counts: UsageCounts
    ) -> CountLimit? {
        let last = scan.buckets.upperBound
        let first = scan.buckets.lowerBound
        let rows = Int64(last) - Int64(first)
        let span = rows * scan.interval
        guard key.callers != .controllers || span >= Self.historyForControllers else { return nil }
        var limit = scan.smallestAlarm(detector, after: stretches.last { $0.last < last })
        let before = values.lowerBound(last)
        if key.callers == .others, before < FirstBurstScan.judgedByDetector, span >= FirstBurstScan.leastPast {
            let largest = values.values[..<before].max() ?? 0
            let burst = max(Self.leastBurst(of: catalog.usages[key.usage]), FirstBurstScan.factor * largest)
            limit = min(limit ?? .infinity, burst)
        }
        guard rows >= Int64(SeriesDetector.warmUpRows) || limit != nil else { return nil }
        // Strange or not, this much is not told.
        let baseline = SeriesBaseline(values, interval: scan.interval, first: first, until: last)
        let ordinary = max(
            OrdinaryDays.most(at: last, values, interval: scan.interval, first: first, told: stretches),
            EntityAnomaly.leastRatio * baseline.expected(last)
        )
        return CountLimit(
            usage: key.usage,
            account: counts.accountId(key.account),
            region: counts.names[key.region] ?? "",
            callers: key.callers,
            limit: min(max(limit ?? .infinity, ordinary), SparseCounts.largestSum)
        )
    }
}
