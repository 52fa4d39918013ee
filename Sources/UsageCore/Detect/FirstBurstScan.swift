/// Finds bursts in series too empty for the detector, which needs four busy buckets before it judges.
///
/// A burst counts when it is at least three times what any earlier bucket held, and where none did, three, or fewer where the catalog
/// calls fewer worth telling. Whether it matters is judged later, by money and by the catalog's thresholds.
package enum FirstBurstScan {
    /// Busy buckets from which the detector judges by itself.
    package static let judgedByDetector = 4
    /// Times the largest earlier bucket.
    package static let factor = 3.0
    /// Seconds of past needed before anything is said.
    package static let leastPast: Int64 = 3 * 86400

    /// The bursts, as stretches of one bucket or of neighbours.
    ///
    /// - Parameters:
    ///   - counts: the series.
    ///   - interval: seconds a bucket covers.
    ///   - first: the first bucket of the series, whether busy or not.
    ///   - least: the smallest burst where none was before.
    /// - Returns: the bursts in the order of time.
    package static func stretches(
        _ counts: SparseCounts,
        interval: Int64,
        first: Int32,
        least: Double = factor
    ) -> [SeriesScan.Stretch] {
        var found: [SeriesScan.Stretch] = []
        var largest = 0.0
        for place in counts.buckets.indices.prefix(judgedByDetector * 2) {
            let bucket = counts.buckets[place]
            let value = counts.values[place]
            if let last = found.last, bucket - last.last <= Int32(clamping: max(1, 3600 / interval)) {
                found[found.count - 1].last = bucket
                found[found.count - 1].observed += value
                continue
            }
            let limit = max(min(factor, least), factor * largest)
            let hasPast = Int64(bucket - first) * interval >= leastPast
            if bucket >= first, hasPast, value >= limit, place < judgedByDetector {
                let rate = counts.values[..<place].reduce(0, +) / Double(max(1, bucket - first))
                found.append(
                    SeriesScan.Stretch(
                        first: bucket,
                        last: bucket,
                        alarm: bucket,
                        observed: value,
                        expected: rate,
                        limit: limit,
                        score: 0.75,
                        reason: "a burst where hardly anything was before"
                    )
                )
            }
            largest = max(largest, value)
        }
        return found
    }
}
