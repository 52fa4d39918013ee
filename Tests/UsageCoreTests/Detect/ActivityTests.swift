import Testing

@testable import UsageCore

@Suite struct ActivityTests {
    private static let here = Activity.Place(account: "111122223333", region: "eu-west-1")
    private static let there = Activity.Place(account: "111122223333", region: "us-east-1")

    @Test func `the first hour since a moment is the first of all that are listed`() {
        var activity = Activity()
        let day: Int64 = 20_000
        for hour: Int64 in [0, 3, 23, 24, 55] { activity.add(2, to: Self.here, at: (day * 24 + hour) * 3600 + 59) }
        for hour: Int64 in [4, 70] { activity.add(1, to: Self.there, at: (day * 24 + hour) * 3600) }
        for place in [[Self.here], [Self.there], [Self.here, Self.there], []] {
            let hours = activity.hours(of: place)
            for since in (day - 1) * 24..<(day + 4) * 24 {
                #expect(activity.firstHour(of: place, since: since) == hours.first { $0 >= since })
            }
        }
    }

    @Test func `hours before 1970 are hours too`() {
        var activity = Activity()
        activity.add(1, to: Self.here, at: -1)
        #expect(activity.hours(of: [Self.here]) == [-1])
        #expect(activity.firstHour(of: [Self.here], since: -30) == -1)
        #expect(activity.firstHour(of: [Self.here], since: 0) == nil)
    }
}
