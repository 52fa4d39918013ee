/// The results of OpenSearch's detectors as entity anomalies beside our own.
///
/// They are hints: what they point at is counted again, in the series that our own detection sees, and what it has found already is not
/// found twice.
package enum PluginChannel {
    /// How far back before its interval a result may say that it began, in intervals.
    private static let longestReach: Int64 = 12

    /// The anomalies that `results` add to `own`.
    ///
    /// - Parameters:
    ///   - results: In any order, repeated or not.
    ///   - own: What our own detection has found in the same counts.
    ///   - counts: What is counted again.
    ///   - catalog: What is watched.
    /// - Returns: Those of which the counts show at least what the catalog wants told, and 1.75 times what was expected.
    package static func anomalies(
        _ results: [PluginResult],
        beside own: [EntityAnomaly],
        _ counts: UsageCounts,
        _ catalog: UsageCatalog
    ) -> [EntityAnomaly] {
        var found: [EntityAnomaly] = []
        let ordered = Set(results).sorted {
            ($0.start, $0.end, $0.usage, $0.account, $0.region) < ($1.start, $1.end, $1.usage, $1.account, $1.region)
        }
        for result in ordered {
            guard let anomaly = anomaly(result, counts, catalog) else { continue }
            if own.contains(where: { isSame($0, anomaly) }) { continue }
            if let index = found.lastIndex(where: { isSame($0, anomaly) }) {
                // Intervals that follow each other are one anomaly.
                found[index].end = max(found[index].end, anomaly.end)
                found[index].observed += anomaly.observed
                found[index].expected += anomaly.expected
                found[index].score = max(found[index].score, anomaly.score)
            } else {
                found.append(anomaly)
            }
        }
        return found
    }

    /// Of one entity, and without a gap between them.
    private static func isSame(_ one: EntityAnomaly, _ other: EntityAnomaly) -> Bool {
        one.usage == other.usage && one.account == other.account && one.region == other.region
            && one.start <= other.end && other.start <= one.end
    }

    private static func anomaly(
        _ result: PluginResult,
        _ counts: UsageCounts,
        _ catalog: UsageCatalog
    ) -> EntityAnomaly? {
        guard let usage = catalog.usages.firstIndex(where: { $0.name == result.usage }) else { return nil }
        let interval = catalog.usages[usage].detector.intervalSeconds
        let last = EventTime.floorDivide(result.end - 1, interval)
        let first = max(EventTime.floorDivide(result.start, interval), last - longestReach)
        let region = CallerHabits.hash(result.region)
        let account = AccountKey(result.account)
        // The plugin's detectors do not tell callers apart; whoever did most of it is meant.
        let candidates = [CallerClass.all, .controllers, .others].map { callers in
            UsageCounts.SeriesKey(usage: usage, measure: .count, callers: callers, account: account, region: region)
        }
        let buckets = Int32(clamping: first)...Int32(clamping: last)
        let sums = candidates.map { key in
            (key: key, sum: counts.series[key]?.sum(from: buckets.lowerBound, through: buckets.upperBound) ?? 0)
        }
        guard let most = sums.max(by: { ($0.sum, $0.key.callers.rawValue) < ($1.sum, $1.key.callers.rawValue) }),
            most.sum >= AnomalyDetection.told(catalog.usages[usage])
        else { return nil }
        let expected = max(0, result.expected ?? 0)
        guard most.sum >= EntityAnomaly.leastRatio * expected else { return nil }
        return EntityAnomaly(
            usage: usage,
            account: account,
            region: region,
            channel: .opensearch,
            callers: most.key.callers,
            start: first * interval,
            end: (last + 1) * interval,
            alarm: last * interval..<(last + 1) * interval,
            observed: most.sum,
            expected: expected,
            limit: max(1, EntityAnomaly.leastRatio * expected),
            score: result.grade,
            reason: "OpenSearch's detector gives it a grade of \(Decimal.text(result.grade, decimals: 2))"
        )
    }
}
