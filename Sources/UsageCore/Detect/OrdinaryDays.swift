/// Holds a stretch against the same hours of earlier days: a Monday after a weekend is strange to an average, and still ordinary.
enum OrdinaryDays {
    /// An earlier day held as much where it held at least this share.
    private static let share = 0.8
    /// What is done by the clock is now and then late or early by up to this.
    private static let slackSeconds: Int64 = 2 * 3600

    /// What a bucket may hold and still be ordinary, as an earlier day held as much about the same time; 0 where none did.
    ///
    /// - Parameters:
    ///   - bucket: the bucket; only what was before it is looked at.
    ///   - counts: the series.
    ///   - interval: seconds a bucket covers.
    ///   - first: the first bucket of the series, whether busy or not.
    ///   - told: all that is strange in the series.
    /// - Returns: the amount that is only just ordinary.
    static func most(
        at bucket: Int32,
        _ counts: SparseCounts,
        interval: Int64,
        first: Int32,
        told: [SeriesScan.Stretch]
    ) -> Double {
        let day = Int32(clamping: 86400 / interval)
        let slack = Int32(clamping: slackSeconds / interval)
        var most = 0.0
        var middle = bucket - day
        while middle + slack >= first {
            var place = counts.lowerBound(max(first, middle - slack))
            while place < counts.buckets.count, counts.buckets[place] <= min(middle + slack, bucket - 1) {
                let other = counts.buckets[place]
                if !told.contains(where: { $0.first <= other && other <= $0.last }) {
                    most = max(most, counts.values[place] / share)
                }
                place += 1
            }
            middle -= day
        }
        return most
    }

    /// Whether an earlier day held as much as `stretch` at about the same time of day.
    ///
    /// - Parameters:
    ///   - stretch: what is strange.
    ///   - counts: the series.
    ///   - interval: seconds a bucket covers.
    ///   - first: the first bucket of the series, whether busy or not.
    ///   - told: all that is strange in the series; days that were strange themselves are no measure.
    /// - Returns: whether there is such a day.
    static func holdAsMuch(
        as stretch: SeriesScan.Stretch,
        _ counts: SparseCounts,
        interval: Int64,
        first: Int32,
        told: [SeriesScan.Stretch]
    ) -> Bool {
        let day = Int32(clamping: 86400 / interval)
        let slack = Int32(clamping: slackSeconds / interval)
        let length = stretch.last - stretch.first
        var start = stretch.first - day
        while start >= first {
            for offset in -slack...slack {
                let begin = start + offset
                let end = begin + length
                guard begin >= first, end < stretch.first,
                    !told.contains(where: { $0.first <= end && begin <= $0.last })
                else { continue }
                if counts.sum(from: begin, through: end) >= share * stretch.observed { return true }
            }
            start -= day
        }
        return false
    }
}
