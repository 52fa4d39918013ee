import Pipeline
import Testing
import UsageCore

/// The same records in any order, and in any number of parts that are merged, give the same counts.
@Suite struct CountingTests {
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z

    /// What can be compared of counts.
    private struct Summary: Equatable {
        var series: [UsageCounts.SeriesKey: SparseCounts]
        var firstUses: [UsageCounts.NoveltyKey: Int64]
        var accounts: [String: [Int64]]
        var days: [Int64: [Int64]]
        var names: [UInt64: String]
        var numbers: [Int]
        var timeline: ClosedRange<Int64>?

        init(_ counts: UsageCounts) {
            series = counts.series
            firstUses = counts.firstUses
            accounts = [:]
            for (key, span) in counts.accounts {
                accounts[counts.accountId(key)] = [span.first, span.last, Int64(span.records)]
            }
            days = counts.days.mapValues { [Int64($0.records), $0.last] }
            names = counts.names
            numbers = [counts.recordCount, counts.watchedCount, counts.repeatedCount, counts.strayCount]
            timeline = counts.timeline
        }
    }

    /// Counts `parts`, each by a worker of its own and each text an input of its own.
    private func counts(_ parts: [[String]], time: ClosedRange<Int64> = .min ... .max) throws -> UsageCounts {
        let catalog = try UsageCatalog.builtIn()
        var counts = UsageCounts()
        for part in parts {
            var tally = Tally(catalog, UsageMatcher(catalog), time: time)
            for text in part {
                tally.beginInput()
                var reader = RecordReader()
                try Array(text.utf8).withUnsafeBufferPointer { try tally.read($0, &reader) }
                try tally.finish(&reader)
            }
            for entry in tally.entries { counts.add(entry, catalog.usages[entry.usage]) }
            counts.merge(tally.takeSeen())
        }
        return counts
    }

    /// Two days of several accounts, Regions, callers and usages.
    private static func texts() -> [String] {
        var texts: [String] = []
        for (index, account) in ["111122223333", "444455556666", "anonymous"].enumerated() {
            var caller = RecordText()
            caller.account = account
            caller.region = index == 1 ? "us-east-1" : "eu-central-1"
            texts += caller.ordinary(days: 2, from: start)
            for burst in 0..<6 {
                let type = ["t3.micro", "g5.xlarge", "m5.large"][burst % 3]
                texts.append(
                    caller.launch(burst + 1, type, at: start + Int64(burst) * 7000, id: 900 + burst)
                )
                caller.principal = burst == 3 ? "autoscaling.amazonaws.com" : caller.principal
                texts.append(
                    caller.call(
                        "Invoke",
                        source: "lambda.amazonaws.com",
                        at: start + Int64(burst) * 50,
                        id: 950 + burst
                    )
                )
            }
        }
        return texts
    }

    @Test func `no chain of dates stretches the time that is judged beyond twenty years`() throws {
        // A record each thirty days for a thousand years, and as many in one day in the middle.
        let chain = (-6_000..<6_000).map { Self.start + Int64($0) * 30 * 86_400 }
        let texts = (chain + chain.map { _ in Self.start }).enumerated().map { id, seconds in
            RecordText().call("DescribeRegions", source: "ec2.amazonaws.com", at: seconds, id: id)
        }
        let counts = try counts([[texts.joined(separator: "\n")]])
        let timeline = try #require(counts.timeline)
        #expect(timeline.contains(Self.start))
        #expect(timeline.upperBound - timeline.lowerBound <= 7_301 * 86_400)
        #expect(timeline.upperBound - timeline.lowerBound > 7_200 * 86_400)
        #expect((11_700..<12_000).contains(counts.strayCount))
        #expect(counts.recordCount == texts.count)
    }

    @Test func `order and partition of the records change no count`() throws {
        let texts = Self.texts()
        let expected = Summary(try counts([texts]))
        #expect(expected.numbers[0] == texts.count)
        #expect(expected.numbers[1] > 40)
        #expect(expected.series.count > 8)
        var random = SeededRandom(state: 21)
        for workers in 1...6 {
            var parts = [[String]](repeating: [], count: workers)
            for text in texts.shuffled(using: &random) {
                parts[Int.random(in: 0..<workers, using: &random)].append(text)
            }
            #expect(Summary(try counts(parts)) == expected)
            let joined = parts.map { [$0.joined(separator: "\n")] }
            #expect(Summary(try counts(joined)) == expected)
        }
    }

    @Test func `watched records that come again within two days are counted once, whoever reads them`() throws {
        let texts = Self.texts()
        let once = Summary(try counts([texts]))
        var random = SeededRandom(state: 22)
        for times in [2, 5] {
            var again: [[String]] = (0..<times).map { _ in texts.shuffled(using: &random) }
            again[0].reverse()
            let found = Summary(try counts(again))
            #expect(found.series == once.series)
            #expect(found.firstUses == once.firstUses)
            #expect(found.numbers[1] == once.numbers[1])
            #expect(found.numbers[2] == once.numbers[1] * (times - 1))
        }
    }

    @Test func `records outside the time that is asked for are passed by`() throws {
        let found = try counts([Self.texts()], time: Self.start...Self.start + 3600)
        let inside = Self.texts().filter { $0.contains("2026-01-05T00:") || $0.contains("2026-01-05T01:00:00Z") }
        #expect(found.recordCount == inside.count)
    }

    @Test func `a wild clock stretches no timeline`() throws {
        let texts = Self.texts()
        let timeline = try #require(try counts([texts]).timeline)
        #expect(timeline == Self.start...Self.start + 2 * 86400 - 1)
        let wild = [
            RecordText().launch(5, "t3.micro", at: -62_167_219_200, id: 1),
            RecordText().launch(5, "t3.micro", at: 0, id: 2),
            RecordText().launch(5, "t3.micro", at: Self.start + 36_525 * 86400, id: 3),
            RecordText().launch(5, "t3.micro", at: 253_402_300_799, id: 4),
        ]
        for parts in [[texts + wild], [wild + texts], [wild, texts], [texts, wild]] {
            let found = try counts(parts)
            #expect(found.timeline == timeline)
            #expect(found.strayCount == 4)
            #expect(found.recordCount == texts.count + 4)
        }
        #expect(UsageCounts().timeline == nil)
        #expect(UsageCounts().strayCount == 0)
    }

    @Test func `an account without 12 digits and one without a name are told as they stand`() throws {
        let found = try counts([Self.texts()])
        #expect(
            found.accounts.keys.map { found.accountId($0) }.sorted() == ["111122223333", "444455556666", "anonymous"]
        )
        let nameless = try counts([
            [
                #"{"eventTime":"2026-01-05T00:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances"}"#
            ]
        ])
        #expect(nameless.accounts.keys.map { nameless.accountId($0) } == ["unknown"])
        #expect(nameless.watchedCount == 1)
    }

    @Test func `sparse counts are the same in any order and add up`() {
        var random = SeededRandom(state: 24)
        let items = (0..<800).map { _ in
            (Int32.random(in: -50...50, using: &random), Double(Int.random(in: 1...9, using: &random)))
        }
        func counted(_ items: [(Int32, Double)]) -> SparseCounts {
            var counts = SparseCounts()
            for (bucket, value) in items { counts.add(value, to: bucket) }
            return counts
        }
        let expected = counted(items)
        #expect(counted(items.shuffled(using: &random)) == expected)
        #expect(expected.buckets == expected.buckets.sorted())
        #expect(Set(expected.buckets).count == expected.buckets.count)
        var merged = counted(Array(items[..<300]))
        merged.merge(counted(Array(items[300...])))
        merged.merge(SparseCounts())
        #expect(merged == expected)
        var fromEmpty = SparseCounts()
        fromEmpty.merge(expected)
        #expect(fromEmpty == expected)
        let total = items.reduce(0.0) { $0 + $1.1 }
        #expect(expected.sum(from: -50, through: 50) == total)
        #expect(expected.sum(from: 51, through: .max) == 0)
        #expect(expected.sum(from: 3, through: 2) == 0)
        #expect(expected.sum(from: .min, through: -1) + expected.sum(from: 0, through: .max) == total)
        let longer = expected.merged(by: 7)
        #expect(longer.sum(from: .min, through: .max) == total)
        #expect(longer.sum(from: -1, through: -1) == expected.sum(from: -7, through: -1))
        #expect(longer.sum(from: 0, through: 0) == expected.sum(from: 0, through: 6))
        #expect(expected.lowerBound(.min) == 0 && expected.lowerBound(51) == expected.buckets.count)
    }
}
