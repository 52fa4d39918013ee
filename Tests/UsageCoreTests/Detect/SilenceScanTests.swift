import Testing
import UsageCore

/// What is a silence, of whom, and what is not.
@Suite struct SilenceScanTests {
    private static let monday: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    private static let day: Int64 = 86400
    private static let hour: Int64 = 3600

    /// Accounts by a digit, each with records in every hour from Monday until `end` for which `isHeard` holds.
    private struct Heard {
        var activity = Activity()

        mutating func add(
            _ account: Int,
            _ region: String = "eu-west-1",
            days: Int64 = 20,
            perHour: Int = 10,
            isHeard: (_ seconds: Int64) -> Bool = { _ in true }
        ) {
            let place = SilenceScanTests.place(account, region)
            activity.names[place.region] = region
            for hour in 0..<days * 24 where isHeard(hour * SilenceScanTests.hour) {
                activity.add(perHour, to: place, at: SilenceScanTests.monday + hour * SilenceScanTests.hour)
            }
        }
    }

    private static func place(_ account: Int, _ region: String = "eu-west-1") -> Activity.Place {
        Activity.Place(account: "\(111_122_220_000 + account)", region: region)
    }

    private func silences(_ heard: Heard, clock: Int64? = nil) -> [Silence] {
        SilenceScan(
            heard.activity,
            clock: clock.map { Self.monday + $0 },
            end: Self.monday + (clock ?? 1000 * Self.day)
        ).silences()
    }

    /// Account 1 goes on for twenty days; account 2 is as the test says.
    private func silences(
        clock: Int64? = nil,
        perHour: Int = 10,
        days: Int64 = 20,
        of two: (_ seconds: Int64) -> Bool
    ) -> [Silence] {
        var heard = Heard()
        heard.add(1)
        heard.add(2, days: days, perHour: perHour, isHeard: two)
        return silences(heard, clock: clock)
    }

    @Test func `an account that stops is silent from the first hour without records`() throws {
        let stop = 15 * Self.day + 10 * Self.hour
        let found = silences { $0 < stop }
        let silence = try #require(found.first)
        #expect(found.count == 1)
        #expect(silence.extent == .account)
        #expect(silence.members.map(\.place) == [Self.place(2)])
        #expect(silence.begin == Self.monday + stop)
        #expect(silence.end == nil)
        // Three hours are allowed, and the fourth must have ended.
        #expect(silence.toldAt == Self.monday + stop + 4 * Self.hour)
        #expect(silence.perDay == 240)
    }

    @Test(arguments: [(3, 0), (4, 1), (10, 1)])
    func `three hours are a pause, four where none is usual a silence that ends with the next record`(
        hours: Int64,
        count: Int
    ) {
        let stop = 15 * Self.day
        let found = silences { !(stop..<stop + hours * Self.hour).contains($0) }
        #expect(found.count == count)
        #expect(found.allSatisfy { $0.end == Self.monday + stop + hours * Self.hour })
    }

    @Test func `a week of past is needed, and as long as the week is not whole nothing is told`() {
        #expect(silences { $0 < 7 * Self.day }.isEmpty)
        #expect(silences { $0 < 7 * Self.day + Self.hour }.count == 1)
    }

    @Test(arguments: [(2, 0), (3, 1)])
    func `of fewer than fifty records a day nothing is told`(perHour: Int, count: Int) {
        #expect(silences(perHour: perHour) { $0 < 15 * Self.day }.count == count)
    }

    @Test func `who rests at night and at weekends may rest as long three times over`() {
        func works(_ seconds: Int64) -> Bool {
            (8 * Self.hour..<18 * Self.hour).contains(seconds % Self.day) && seconds / Self.day % 7 < 5
        }
        #expect(silences(of: works).isEmpty)
        // From Friday evening to Monday morning are 62 hours; 186 may pass, which is more than a week of holidays.
        #expect(silences { works($0) && !(11 * Self.day..<18 * Self.day).contains($0) }.isEmpty)
        var heard = Heard()
        heard.add(1, days: 30)
        heard.add(2, days: 30, perHour: 20) { works($0) && $0 < 12 * Self.day }
        #expect(silences(heard).map(\.extent) == [.account])
    }

    @Test func `a batch that comes once a day is missed after three days`() {
        #expect(silences(perHour: 100) { $0 % Self.day == 0 && $0 <= 18 * Self.day }.isEmpty)
        #expect(silences(perHour: 100) { $0 % Self.day == 0 && $0 <= 17 * Self.day }.count == 1)
    }

    @Test func `the second failure of a fortnight is told as well, the third is how it is`() {
        let pauses = [12, 14, 16].map { $0 * Self.day..<$0 * Self.day + 5 * Self.hour }
        let found = silences { seconds in !pauses.contains { $0.contains(seconds) } }
        #expect(found.map(\.begin) == pauses.prefix(2).map { Self.monday + $0.lowerBound })
    }

    @Test func `the end of the records is no silence`() {
        var heard = Heard()
        for account in 1...5 { heard.add(account) }
        #expect(silences(heard).isEmpty)
        heard = Heard()
        heard.add(1)
        #expect(silences(heard).isEmpty)
    }

    @Test func `most accounts ending early is how an input ends; by the clock it is the trail`() {
        var heard = Heard()
        heard.add(1)
        for account in 2...5 { heard.add(account, days: 18) }
        #expect(silences(heard).isEmpty)
        let found = silences(heard, clock: 20 * Self.day)
        #expect(found.map(\.extent) == [.trail])
        #expect(found.first?.accounts.count == 4)
    }

    @Test func `the whole organization is judged by the clock alone`() throws {
        var heard = Heard()
        for account in 1...5 {
            heard.add(account)
            heard.add(account, "us-east-1", perHour: 1)
        }
        #expect(silences(heard).isEmpty)
        #expect(silences(heard, clock: 20 * Self.day + 4 * Self.hour).isEmpty)
        let found = silences(heard, clock: 20 * Self.day + 5 * Self.hour)
        let silence = try #require(found.first)
        #expect(found.count == 1)
        #expect(silence.extent == .trail)
        #expect(silence.members.count == 10)
        #expect(silence.begin == Self.monday + 20 * Self.day)
        #expect(silence.end == nil)
        // Days later it is still one finding, not one for each place as well.
        #expect(silences(heard, clock: 24 * Self.day).count == 1)
    }

    @Test func `a pause of the whole organization is told afterwards too, as one`() {
        let pause = 15 * Self.day + 5 * Self.hour..<15 * Self.day + 11 * Self.hour
        var heard = Heard()
        for account in 1...4 { heard.add(account) { !pause.contains($0) } }
        // One that calls every six hours pauses longer.
        heard.add(5, perHour: 100) { $0 % (6 * Self.hour) == 0 && !pause.contains($0) }
        let found = silences(heard)
        #expect(found.map(\.extent) == [.trail])
        #expect(found.first?.begin == Self.monday + pause.lowerBound)
        #expect(found.first?.end == Self.monday + pause.upperBound)
    }

    @Test func `Regions of an account that fall silent one after the other are one finding`() throws {
        var heard = Heard()
        heard.add(1)
        heard.add(2)
        heard.add(2, "us-east-1") { $0 < 15 * Self.day }
        heard.add(2, "us-west-2") { $0 < 17 * Self.day }
        let found = silences(heard)
        let silence = try #require(found.first)
        #expect(found.count == 1)
        #expect(silence.extent == .regions)
        #expect(Set(silence.members.map(\.place)) == [Self.place(2, "us-east-1"), Self.place(2, "us-west-2")])
        #expect(silence.begin == Self.monday + 15 * Self.day)
    }

    @Test func `three accounts that fall silent together among many are one finding; two are two`() {
        func found(_ silent: ClosedRange<Int>) -> [Silence] {
            var heard = Heard()
            for account in 1...9 {
                heard.add(account) { !silent.contains(account) || $0 < 15 * Self.day + Int64(account) * 600 }
            }
            return silences(heard)
        }
        #expect(found(2...4).map(\.extent) == [.accounts])
        #expect(found(2...4).first?.accounts.count == 3)
        #expect(found(2...3).map(\.extent) == [.account, .account])
    }

    @Test func `accounts that fall silent on different days are findings of their own`() {
        var heard = Heard()
        for account in 1...9 { heard.add(account) { account > 4 || $0 < (12 + Int64(account)) * Self.day } }
        #expect(silences(heard).map(\.accounts.count) == [1, 1, 1, 1])
    }

    @Test func `the order in which hours are added changes nothing`() {
        var one = Heard()
        one.add(1)
        one.add(2) { $0 < 15 * Self.day }
        var parts = [Heard(), Heard()]
        parts[1].add(2) { $0 < 15 * Self.day }
        parts[0].add(1)
        parts[1].activity.merge(parts[0].activity)
        #expect(parts[1].activity.places == one.activity.places)
        #expect(silences(parts[1]) == silences(one))
        // Halves of a day add up to the day.
        var halves = Activity()
        let place = Self.place(1)
        for hour in [13, 5, 5, 23] { halves.add(1, to: place, at: Self.monday + Int64(hour) * Self.hour + 59) }
        #expect(halves.hours(of: [place]).map { $0 - Self.monday / 3600 } == [5, 13, 23])
        #expect(halves.records(of: [place], on: Self.monday / Self.day) == 4)
    }

    @Test func `nothing is silent where nothing came`() {
        #expect(silences(Heard(), clock: 20 * Self.day).isEmpty)
    }
}
