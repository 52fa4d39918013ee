/// What a series holds in ordinary times: mean and spread by the hour of day where there are three days to learn from, else over all.
///
/// It is learned from the buckets before `until` alone. Where the detector says that something is strange, this says what would have been
/// ordinary over the whole stretch, and how far the stretch goes.
package struct SeriesBaseline: Sendable {
    private var hourly: [(mean: Double, variance: Double)]
    private let interval: Int64

    /// `first`: the first bucket of the series, whether empty or not.
    ///
    /// `until`: the bucket before which to learn.
    package init(_ counts: SparseCounts, interval: Int64, first: Int32, until: Int32) {
        self.interval = interval
        let total = max(0, Int(until) - Int(first))
        var sums = [(count: Double, sum: Double, squares: Double)](repeating: (0, 0, 0), count: 24)
        let perHour = Double(total) / 24
        var place = counts.lowerBound(first)
        // One burst in the past must not hide the next: what exceeds the largest fiftieth of busy buckets counts as that much.
        let cap = Self.cap(counts, first: first, until: until)
        while place < counts.buckets.count, counts.buckets[place] < until {
            let value = min(counts.values[place], cap)
            let hour = Self.hour(counts.buckets[place], interval)
            sums[hour].sum += value
            sums[hour].squares += value * value
            place += 1
        }
        let days = Double(total) * Double(interval) / 86400
        let allSum = sums.reduce(0) { $0 + $1.sum }
        let allSquares = sums.reduce(0) { $0 + $1.squares }
        func moments(_ sum: Double, _ squares: Double, _ count: Double) -> (mean: Double, variance: Double) {
            guard count >= 1 else { return (0, 0) }
            let mean = sum / count
            return (mean, max(0, squares / count - mean * mean))
        }
        let overall = moments(allSum, allSquares, Double(total))
        hourly = sums.map { days >= 3 ? moments($0.sum, $0.squares, perHour) : overall }
    }

    /// What the bucket holds on average.
    package func expected(_ bucket: Int32) -> Double { hourly[Self.hour(bucket, interval)].mean }

    /// What the bucket rarely exceeds: the mean and three deviations, those of a Poisson count at least.
    package func high(_ bucket: Int32) -> Double {
        let usual = hourly[Self.hour(bucket, interval)]
        return usual.mean + 3 * max(usual.variance, usual.mean).squareRoot()
    }

    private static func hour(_ bucket: Int32, _ interval: Int64) -> Int {
        Int(((Int64(bucket) * interval % 86400 + 86400) % 86400) / 3600)
    }

    private static func cap(_ counts: SparseCounts, first: Int32, until: Int32) -> Double {
        let range = counts.lowerBound(first)..<counts.lowerBound(until)
        guard range.count >= 50 else { return .infinity }
        let sorted = counts.values[range].sorted()
        return sorted[sorted.count - 1 - sorted.count / 50]
    }
}
