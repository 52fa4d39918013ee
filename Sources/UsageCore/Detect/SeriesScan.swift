/// Runs the detector over one series of counts and gives the stretches that were above the ordinary.
package struct SeriesScan: Sendable {
    /// Seconds a bucket covers.
    package let interval: Int64
    /// The first and last bucket; what is between and not in the counts is zero.
    package let buckets: ClosedRange<Int32>
    /// The score that makes an anomaly.
    package let level: Double

    /// An incident stays open over gaps of this many seconds (design: 6 hours).
    package static let bridgedGap: Int64 = 6 * 3600

    /// Buckets belong to an alarm that hold at least this share of what its own does.
    private static let kindred = 0.1

    /// A stretch of buckets above the ordinary.
    package struct Stretch: Equatable, Sendable {
        package var first: Int32
        package var last: Int32
        package var alarm: Int32
        package var observed: Double
        package var expected: Double
        package var limit: Double
        package var score: Double
        package var reason: String
    }

    package init(interval: Int64, buckets: ClosedRange<Int32>, level: Double) {
        self.interval = interval
        self.buckets = buckets
        self.level = level
    }

    /// The stretches, in their order in time.
    package func stretches(_ counts: SparseCounts) -> [Stretch] { look(counts).stretches }

    /// The stretches, and the detector as it stood before the last bucket, if that is wanted.
    func look(
        _ counts: SparseCounts,
        keepingDetector keeps: Bool = false
    ) -> (stretches: [Stretch], before: SeriesDetector?) {
        var detector = SeriesDetector(level: level)
        var before: SeriesDetector?
        var found: [Stretch] = []
        var place = counts.lowerBound(buckets.lowerBound)
        var bucket = buckets.lowerBound
        while bucket <= buckets.upperBound {
            if keeps, bucket == buckets.upperBound { before = detector }
            let isBusy = place < counts.buckets.count && counts.buckets[place] == bucket
            guard isBusy else {
                // Silence is not what this product warns of here; it is fed for the detector to learn.
                var next =
                    place < counts.buckets.count
                    ? min(counts.buckets[place], buckets.upperBound + 1) : buckets.upperBound + 1
                if keeps, bucket < buckets.upperBound { next = min(next, buckets.upperBound) }
                _ = detector.observeZeros(count: Int(next - bucket), from: Int64(bucket) * interval, step: interval)
                bucket = next
                continue
            }
            let value = counts.values[place]
            let verdict = detector.observe(value, at: Int64(bucket) * interval)
            if isAlarm(verdict, bucket, found.last), value > verdict.expected {
                if let last = found.indices.last, bucket <= found[last].last {
                    found[last].score = max(found[last].score, verdict.score)
                } else {
                    let stretch = stretch(counts, alarm: bucket, verdict: verdict, value: value)
                    if let stretch { found.append(stretch) }
                }
            }
            place += 1
            bucket += 1
        }
        return (found, before)
    }

    /// The smallest amount in the last bucket that would raise an alarm, to one in a hundred; nil where none would.
    ///
    /// - Parameters:
    ///   - detector: as it stood before that bucket.
    ///   - last: the last stretch before it.
    /// - Returns: a whole number.
    func smallestAlarm(_ detector: SeriesDetector, after last: Stretch?) -> Double? {
        let bucket = buckets.upperBound
        var prepared = detector
        // Once instead of in each trial.
        prepared.expectBusy()
        func raises(_ value: Double) -> Bool {
            var trial = prepared
            let verdict = trial.observe(value, at: Int64(bucket) * interval)
            return isAlarm(verdict, bucket, last) && value > verdict.expected
        }
        var low = 0.0
        var high = 1.0
        while !raises(high) {
            low = high
            high *= 2
            guard high < SparseCounts.largestSum else { return nil }
        }
        while high - low > 1, high - low > high / 100 {
            let middle = ((low + high) / 2).rounded()
            if raises(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// Whether the row raises an alarm.
    ///
    /// The detector's cool-down keeps it quiet for a share of its history; an incident stays open for six hours only,
    /// so what is as strange behind that is an alarm of its own.
    private func isAlarm(_ verdict: Verdict, _ bucket: Int32, _ last: Stretch?) -> Bool {
        if verdict.isAnomaly { return true }
        guard let last, verdict.evidence >= SeriesDetector.evidence(at: level) else { return false }
        return Int64(bucket - last.last) * interval > Self.bridgedGap
    }

    /// The stretch around an alarm: backward and forward while buckets stay above the ordinary, with gaps bridged.
    private func stretch(
        _ counts: SparseCounts,
        alarm: Int32,
        verdict: Verdict,
        value: Double
    ) -> Stretch? {
        let baseline = SeriesBaseline(counts, interval: interval, first: buckets.lowerBound, until: alarm)
        let reach = max(1, Int32(clamping: Self.bridgedGap / interval))
        var first = alarm
        var last = alarm
        let place = counts.lowerBound(alarm)
        func isHigh(_ index: Int) -> Bool {
            let value = counts.values[index]
            // Beside a burst of hundreds, a handful more than ordinary is another matter.
            return value > baseline.high(counts.buckets[index]) && value >= Self.kindred * counts.values[place]
        }
        var index = place - 1
        // A slow burn begins before the alarm; a day back at most, and never into what was ordinary.
        while index >= 0, counts.buckets[index] >= buckets.lowerBound, first - counts.buckets[index] <= reach,
            Int64(alarm - counts.buckets[index]) * interval <= 86400
        {
            if isHigh(index) { first = counts.buckets[index] }
            index -= 1
        }
        index = place + 1
        while index < counts.buckets.count, counts.buckets[index] <= buckets.upperBound,
            counts.buckets[index] - last <= reach
        {
            if isHigh(index) { last = counts.buckets[index] }
            index += 1
        }
        let observed = counts.sum(from: first, through: last)
        var expected = 0.0
        for bucket in first...last { expected += baseline.expected(bucket) }
        // Strange, but not more than what is ordinary at this hour.
        guard observed > expected else { return nil }
        return Stretch(
            first: first,
            last: last,
            alarm: alarm,
            observed: observed,
            expected: expected,
            limit: limit(counts, alarm: alarm, from: max(0, min(verdict.expected, value)), to: value),
            score: max(verdict.score, level),
            reason: verdict.reason.description
        )
    }

    /// The smallest amount in the alarm's bucket that would have raised it, by bisection over the detector as it stood before.
    private func limit(_ counts: SparseCounts, alarm: Int32, from low: Double, to high: Double) -> Double {
        var low = low.rounded(.down)
        var high = high
        guard high - low > 1 else { return high }
        let before = detector(counts, before: alarm)
        while high - low > 1, high - low > high / 1000 {
            let middle = ((low + high) / 2).rounded()
            var trial = before
            if trial.observe(middle, at: Int64(alarm) * interval).isAnomaly { high = middle } else { low = middle }
        }
        return high
    }

    /// The detector after the buckets before `end`.
    private func detector(_ counts: SparseCounts, before end: Int32) -> SeriesDetector {
        var detector = SeriesDetector(level: level)
        var place = counts.lowerBound(buckets.lowerBound)
        var bucket = buckets.lowerBound
        while bucket < end {
            let next = place < counts.buckets.count ? min(counts.buckets[place], end) : end
            _ = detector.observeZeros(count: Int(next - bucket), from: Int64(bucket) * interval, step: interval)
            bucket = next
            if bucket < end {
                _ = detector.observe(counts.values[place], at: Int64(bucket) * interval)
                place += 1
                bucket += 1
            }
        }
        return detector
    }
}
