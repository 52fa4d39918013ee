import Testing
import UsageCore

@Suite struct RepetitionFilterTests {
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    private let account = AccountKey("111122223333")

    private func digest(_ number: Int) -> Digest128 { Digest128(of: "record-\(number)") }

    private func expect(
        _ filter: inout RepetitionFilter,
        _ digest: Digest128,
        _ account: AccountKey,
        _ seconds: Int64,
        isNew expected: Bool,
        location: SourceLocation = #_sourceLocation
    ) {
        let isNew = filter.isNew(digest, account: account, seconds: seconds)
        #expect(isNew == expected, sourceLocation: location)
    }

    @Test func `repetitions are found over 48 hours in any order, per account`() {
        var filter = RepetitionFilter()
        var random = SeededRandom(state: 23)
        let events = (0..<2000).map { ($0, Self.start + Int64.random(in: 0..<48 * 3600, using: &random)) }
        for (number, seconds) in events.shuffled(using: &random) {
            expect(&filter, digest(number), account, seconds, isNew: true)
        }
        for (number, seconds) in events.shuffled(using: &random) {
            expect(&filter, digest(number), account, seconds, isNew: false)
            expect(&filter, digest(number), AccountKey("444455556666"), seconds, isNew: true)
        }
        #expect(filter.unchecked == 0)
    }

    /// How many hours the filter remembers of all accounts, looked up in its stored properties.
    private func rememberedHours(_ value: Any, under name: String? = nil) -> Int {
        let mirror = Mirror(reflecting: value)
        if name == "hours" { return mirror.children.count }
        return mirror.children.reduce(0) { $0 + rememberedHours($1.value, under: $1.label) }
    }

    @Test func `what is remembered is bounded over 400 days and holds the last 48 hours`() {
        var filter = RepetitionFilter()
        var most = 0
        for hour in 0..<400 * 24 {
            let seconds = Self.start + Int64(hour) * 3600
            expect(&filter, digest(hour), account, seconds, isNew: true)
            if hour >= 47 {
                expect(&filter, digest(hour - 47), account, seconds - 47 * 3600, isNew: false)
            }
            if hour.isMultiple(of: 37) { most = max(most, rememberedHours(filter)) }
        }
        #expect(most >= 48 && most <= 96)
        #expect(filter.unchecked == 0)
        // A record from before all that is counted, and told as unchecked.
        expect(&filter, digest(-1), account, Self.start, isNew: true)
        #expect(filter.unchecked == 1)
    }

    @Test func `clocks far ahead do not make the filter forget the present`() {
        var filter = RepetitionFilter()
        for stray in 0..<3 {
            _ = filter.isNew(digest(-stray - 1), account: account, seconds: 253_402_300_799 - Int64(stray) * 3600)
        }
        for hour in 0..<500 {
            let seconds = Self.start + Int64(hour) * 3600
            expect(&filter, digest(hour), account, seconds, isNew: true)
            if hour >= 40 {
                expect(&filter, digest(hour - 40), account, seconds - 40 * 3600, isNew: false)
            }
        }
        #expect(rememberedHours(filter) <= 96)
    }

    @Test func `one time a century ahead pushes nothing out, whenever it comes, and is known itself`() {
        let century = Self.start + 100 * 365 * 86400
        for wildFirst in [true, false] {
            var filter = RepetitionFilter()
            if wildFirst { expect(&filter, digest(-1), account, century, isNew: true) }
            for hour in 0..<300 { expect(&filter, digest(hour), account, Self.start + Int64(hour) * 3600, isNew: true) }
            if !wildFirst { expect(&filter, digest(-1), account, century, isNew: true) }
            for hour in 252..<300 {
                expect(&filter, digest(hour), account, Self.start + Int64(hour) * 3600, isNew: false)
            }
            expect(&filter, digest(-1), account, century, isNew: false)
            #expect(filter.unchecked == 0)
        }
    }

    @Test func `a thousand wild times push nothing out, and no memory is taken for each`() {
        var filter = RepetitionFilter()
        for hour in 0..<300 {
            let seconds = Self.start + Int64(hour) * 3600
            expect(&filter, digest(hour), account, seconds, isNew: true)
            for wild in 1...10 as ClosedRange<Int64> {
                let far = seconds + (wild * 40 + Int64(hour) * 500) * 86400
                expect(&filter, digest(-hour * 10 - Int(wild)), account, far, isNew: true)
            }
            if hour >= 47 {
                expect(&filter, digest(hour - 47), account, seconds - 47 * 3600, isNew: false)
            }
        }
        #expect(rememberedHours(filter) <= 4 * 96)
    }

    @Test func `ten days in any order: the last two are known whole, and each record that may be a repetition is told`()
    {
        var random = SeededRandom(state: 31)
        var filter = RepetitionFilter()
        let events = (0..<3000).map { ($0, Self.start + Int64.random(in: 0..<240 * 3600, using: &random)) }
        for (number, seconds) in events.shuffled(using: &random) {
            expect(&filter, digest(number), account, seconds, isNew: true)
        }
        let told = filter.unchecked
        var missed = 0
        for (number, seconds) in events.shuffled(using: &random)
        where filter.isNew(digest(number), account: account, seconds: seconds) {
            missed += 1
            #expect(seconds < Self.start + 192 * 3600)
        }
        #expect(missed > 0)
        #expect(filter.unchecked - told == missed)
        #expect(rememberedHours(filter) <= 96)
    }

    @Test func `two stretches that grow together are one, with all that both knew`() {
        var filter = RepetitionFilter()
        let days: [Int64] = [0, 40, 20]
        for (number, day) in days.enumerated() {
            expect(&filter, digest(number), account, Self.start + day * 86400, isNew: true)
        }
        for (number, day) in days.enumerated() {
            expect(&filter, digest(number), account, Self.start + day * 86400, isNew: false)
        }
    }

    @Test func `a quiet account that begins anew is known from its first record on`() {
        var filter = RepetitionFilter()
        for hour in 0..<200 { expect(&filter, digest(hour), account, Self.start + Int64(hour) * 3600, isNew: true) }
        for hour in 0..<100 {
            let seconds = Self.start + Int64(hour) * 3600 + 120 * 86400
            expect(&filter, digest(1000 + hour), account, seconds, isNew: true)
            expect(
                &filter,
                digest(1000 + max(0, hour - 47)),
                account,
                seconds - Int64(min(47, hour)) * 3600,
                isNew: false
            )
        }
        #expect(filter.unchecked == 0)
    }

    @Test func `what is forgotten with its whole stretch is told when it comes again`() {
        var filter = RepetitionFilter()
        for hour in 0..<60 { expect(&filter, digest(hour), account, Self.start + Int64(hour) * 3600, isNew: true) }
        for year in 1...5 as ClosedRange<Int64> {
            expect(&filter, digest(-Int(year)), account, Self.start + year * 365 * 86400, isNew: true)
        }
        let told = filter.unchecked
        expect(&filter, digest(-1), account, Self.start + 365 * 86400, isNew: true)
        #expect(filter.unchecked == told + 1)
        expect(&filter, digest(59), account, Self.start + 59 * 3600, isNew: false)
    }
}
