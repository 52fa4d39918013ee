import Testing

@testable import UsageCore

@Suite struct OrdinaryDaysTests {
    /// Hourly counts of a Friday, a weekend and a Monday; six busy hours from nine.
    private func week(friday: Double, monday: Double) -> SparseCounts {
        var counts = SparseCounts()
        for (day, amount) in [friday, 1, 1, monday].enumerated() {
            for hour in 9..<15 { counts.add(amount, to: Int32(day * 24 + hour)) }
        }
        return counts
    }

    private func stretch(_ first: Int32, _ last: Int32, _ observed: Double) -> SeriesScan.Stretch {
        SeriesScan.Stretch(
            first: first,
            last: last,
            alarm: first,
            observed: observed,
            expected: 1,
            limit: 1,
            score: 0.7,
            reason: ""
        )
    }

    private func isOrdinary(_ counts: SparseCounts, _ told: [SeriesScan.Stretch]) -> Bool {
        OrdinaryDays.holdAsMuch(as: told[told.count - 1], counts, interval: 3600, first: 0, told: told)
    }

    @Test func `a Monday like the Friday before is ordinary after a quiet weekend`() {
        #expect(isOrdinary(week(friday: 10, monday: 10), [stretch(81, 86, 60)]))
    }

    @Test func `a Monday of twice that is not`() {
        #expect(!isOrdinary(week(friday: 10, monday: 20), [stretch(81, 86, 120)]))
    }

    @Test func `a day that was strange itself is no measure`() {
        #expect(!isOrdinary(week(friday: 10, monday: 10), [stretch(9, 14, 60), stretch(81, 86, 60)]))
    }
}
