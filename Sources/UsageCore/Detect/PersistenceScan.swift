import Glibc

/// Finds what is done again and again where it was rare: one expensive machine every few hours, for a day.
///
/// No interval of such a series is remarkable, and a detector of intervals needs several past events to judge by. Here the active hours of
/// the last 24 are held against those of the days before, as a negative binomial count whose mean and spread are those days' (the spread
/// of a predictive distribution: few days make it wide).
package struct PersistenceScan: Sendable {
    /// Past days needed before anything is said.
    package static let leastDays = 4
    /// Active hours of 24 below which nothing is said.
    package static let leastHours = 4
    /// -log10 of the probability from which it is told.
    package static let evidence = 4.5

    private static let day: Int32 = 24

    /// A stretch of hours.
    package struct Stretch: Equatable, Sendable {
        package var first: Int32
        package var last: Int32
        /// The hour in which it could first be told.
        package var alarm: Int32
        package var expected: Double
        /// -log10 of the probability at its height.
        package var evidence: Double
    }

    /// The stretches in a series of hourly counts.
    ///
    /// - Parameters:
    ///   - counts: hourly counts.
    ///   - first: the first hour of the series, whether active or not.
    /// - Returns: the stretches in the order of time.
    package static func stretches(_ counts: SparseCounts, first: Int32) -> [Stretch] {
        var found: [Stretch] = []
        for (place, hour) in counts.buckets.enumerated() where hour >= first {
            let start = counts.lowerBound(hour - day + 1)
            let active = place - start + 1
            guard active >= leastHours else { continue }
            // What goes on is held against the days before it began, not against its own first hours.
            let ongoing = found.last.flatMap { hour <= $0.last + Int32(SeriesScan.bridgedGap / 3600) ? $0.first : nil }
            let usual = past(counts, before: min(ongoing ?? hour, hour - day + 1), first: first)
            guard usual.days >= Double(leastDays) else { continue }
            let tail = SpecialFunctions.logNegativeBinomialTail(
                atLeast: Double(active),
                mean: usual.mean,
                variance: usual.variance
            )
            let strength = -tail
            guard strength >= evidence, Double(active) > 2 * usual.mean else { continue }
            let begin = counts.buckets[start]
            if let last = found.indices.last, begin <= found[last].last + Int32(SeriesScan.bridgedGap / 3600) {
                found[last].last = hour
                found[last].evidence = max(found[last].evidence, strength)
                found[last].expected = usual.perHour * Double(hour - found[last].first + 1)
            } else {
                found.append(
                    Stretch(
                        first: begin,
                        last: hour,
                        alarm: hour,
                        expected: usual.perHour * Double(hour - begin + 1),
                        evidence: strength
                    )
                )
            }
        }
        return found
    }

    /// Active hours a day in the days before `end`, and the quantity an hour.
    private static func past(
        _ counts: SparseCounts,
        before end: Int32,
        first: Int32
    ) -> (days: Double, mean: Double, variance: Double, perHour: Double) {
        let days = max(0, (end - first) / day)
        guard days > 0 else { return (0, 0, 0, 0) }
        var perDay = [Double](repeating: 0, count: Int(days))
        var quantity = 0.0
        var place = counts.lowerBound(end - days * day)
        while place < counts.buckets.count, counts.buckets[place] < end {
            let index = Int((end - 1 - counts.buckets[place]) / day)
            if perDay.indices.contains(index) { perDay[index] += 1 }
            quantity += counts.values[place]
            place += 1
        }
        let n = Double(days)
        // Half an active hour more than was seen: never seen is not impossible.
        let mean = (perDay.reduce(0, +) + 0.5) / n
        let spread = perDay.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        let variance = max(spread * (1 + 2 / n), mean * (1 + 1 / n) * 1.05)
        return (n, mean, variance, quantity / (n * Double(day)))
    }
}
