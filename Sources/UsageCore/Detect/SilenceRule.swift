/// When a pause in what used to come steadily is a silence.
///
/// A pause counts by the whole hours (UTC) without a record. It is a silence when
/// - the source had been heard for `leastPast` before it: a week holds a weekend, so that those who rest then are known to;
/// - records came on `leastDays` of the last seven whole days, and `leastPerDay` a day on average of the last fourteen: of less, as where
///   watched usages alone are stored, a pause says nothing;
/// - and it is longer than `leastPause` and than `factor` times the longest pause of the fortnight before it.
///
/// Of the silences of that fortnight, a single one does not count as ordinary, or the second of two failures would go unnoticed; from the
/// second on they do: what happens again and again is how the source is.
package enum SilenceRule {
    /// Seconds.
    package static let leastPast: Int64 = 7 * 86400
    package static let leastDays = 5
    package static let leastPerDay = 50.0
    /// Seconds.
    package static let leastPause: Int64 = 3 * 3600
    package static let factor: Int64 = 3
    /// How far back the rule looks, in days.
    package static let reach: Int64 = 14

    /// A pause that is a silence; times in seconds since 1970.
    package struct Pause: Equatable, Sendable {
        /// The start of the first hour without records.
        package let begin: Int64
        /// The start of the hour in which records came again; nil while none do.
        package let end: Int64?
        /// The longest pause that was ordinary before, in seconds.
        package let longestBefore: Int64
        /// Records a day before.
        package let perDay: Double

        /// Seconds beyond which the pause is a silence.
        package var limit: Int64 { max(leastPause, factor * longestBefore) }
        /// When the rule could first have said so: the end of the hour with which the limit was passed.
        package var toldAt: Int64 { begin + limit + 3600 }
    }

    /// The silences of a source.
    ///
    /// - Parameters:
    ///   - hours: Hours since 1970 in which records came, ascending.
    ///   - end: The hour since 1970 until before which the last pause is judged.
    ///   - records: How many came on a day since 1970.
    /// - Returns: Them, in the order of time; only the last may still go on.
    package static func pauses(
        _ hours: [Int64],
        until end: Int64,
        records: (_ day: Int64) -> Int
    ) -> [Pause] {
        guard let first = hours.first else { return [] }
        var found: [Pause] = []
        var before: [(end: Int64, length: Int64, isSilence: Bool)] = []
        for (index, hour) in hours.enumerated() {
            let next = index + 1 < hours.count ? hours[index + 1] : nil
            let length = ((next ?? end) - hour - 1) * 3600
            guard length > 0 else { continue }
            var isSilence = false
            if length > leastPause, (hour - first) * 3600 >= leastPast {
                before.removeAll { $0.end <= hour - reach * 24 }
                let silences = before.count { $0.isSilence }
                let longest = before.filter { !$0.isSilence || silences > 1 }.map(\.length).max() ?? 0
                let rate = rate(before: hour, first: first, records)
                if let rate, length > max(leastPause, factor * longest) {
                    isSilence = true
                    found.append(
                        Pause(
                            begin: (hour + 1) * 3600,
                            end: next.map { $0 * 3600 },
                            longestBefore: longest,
                            perDay: rate
                        )
                    )
                }
            }
            if let next { before.append((next, length, isSilence)) }
        }
        return found
    }

    /// Records a day before the day of `hour`; nil where they were too few to speak of.
    private static func rate(before hour: Int64, first: Int64, _ records: (Int64) -> Int) -> Double? {
        let today = EventTime.floorDivide(hour, 24)
        let start = max(today - reach, EventTime.floorDivide(first, 24))
        guard start < today else { return nil }
        let days = (start..<today).map(records)
        let mean = Double(days.reduce(0, +)) / Double(days.count)
        return days.suffix(7).count { $0 > 0 } >= leastDays && mean >= leastPerDay ? mean : nil
    }
}
