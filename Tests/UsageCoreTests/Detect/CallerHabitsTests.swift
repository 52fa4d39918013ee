import Testing

@testable import UsageCore

@Suite struct CallerHabitsTests {
    private static let day: Int64 = 86400

    private func firsts(_ notes: [(UInt64, Int64)]) -> CallerHabits.Firsts {
        var firsts = CallerHabits.Firsts()
        for (hash, seconds) in notes { firsts.note(hash, seconds) }
        return firsts
    }

    @Test func `the values that came first are kept, in whatever order they are met and merged`() {
        let notes = (0..<100).map { (UInt64($0 % 50 + 1), Int64($0 * 10)) }
        let expected = (1...24).map { Optional(Int64($0 - 1) * 10) }
        for order in [notes, notes.reversed(), notes.sorted { $0.0 % 7 < $1.0 % 7 }] {
            var halves = firsts(Array(order[..<37]))
            halves.merge(firsts(Array(order[37...])))
            for kept in [firsts(order), halves] {
                #expect((1...24).map { kept.first(of: UInt64($0)) } == expected)
                // Of the others it is known that they came no earlier than the last of these.
                #expect(kept.first(of: 40) == 230)
            }
        }
    }

    @Test func `one new address a week is settled, one a day is not, whatever comes after`() {
        var habit = CallerHabits.Habit(firstSeen: 0)
        habit.records = 100
        let moment = 16 * Self.day
        let weekly = firsts(
            [(1, 0), (2, 5 * Self.day), (3, 12 * Self.day)] + (0..<60).map { (UInt64($0 + 10), moment + $0) }
        )
        let daily = firsts((0..<16).map { (UInt64($0 + 1), Int64($0) * Self.day) })
        #expect(habit.isSettled(weekly, before: moment))
        #expect(!habit.isSettled(daily, before: moment))
    }
}
