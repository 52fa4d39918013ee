/// Holds a stretch against the same hours of earlier days: a Monday after a weekend is strange to an average, and still ordinary.
enum OrdinaryDays {
    /// An earlier day held as much where it held at least this share.
    private static let share = 0.8
    /// What is done by the clock is now and then late or early by up to this.
    private static let slackSeconds: Int64 = 2 * 3600

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
