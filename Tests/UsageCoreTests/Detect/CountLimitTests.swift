import Testing
import UsageCore

/// The limit is where the count channel begins to tell, by the channel itself.
@Suite struct CountLimitTests {
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    private let catalog: UsageCatalog
    private let detection: AnomalyDetection

    init() throws {
        catalog = try UsageCatalog.builtIn()
        detection = AnomalyDetection(catalog, level: 0.6)
    }

    private func key(_ usage: String, _ callers: CallerClass) throws -> UsageCounts.SeriesKey {
        UsageCounts.SeriesKey(
            usage: try #require(catalog.usages.firstIndex { $0.name == usage }),
            measure: .count,
            callers: callers,
            account: AccountKey("111122223333"),
            region: CallerHabits.hash("eu-central-1")
        )
    }

    /// Counts of one series that ends with `last` in its last bucket, `buckets` after the start.
    private func counts(
        _ key: UsageCounts.SeriesKey,
        _ values: [(bucket: Int, value: Double)],
        last: Double,
        buckets: Int
    ) -> UsageCounts {
        let interval = catalog.usages[key.usage].detector.intervalSeconds
        let first = Int32(Self.start / interval)
        var counts = UsageCounts()
        var series = SparseCounts()
        for (bucket, value) in values { series.add(value, to: first + Int32(bucket)) }
        if last > 0 { series.add(last, to: first + Int32(buckets)) }
        counts.series[key] = series
        counts.names[key.region] = "eu-central-1"
        let end = Self.start + Int64(buckets) * interval + 100
        counts.accounts[key.account] = UsageCounts.AccountSpan(first: Self.start, last: end, records: 1)
        for day in Self.start / 86400...end / 86400 { counts.days[day] = UsageCounts.Day(records: 1, last: end) }
        return counts
    }

    /// Series of several kinds: name, usage, callers, busy buckets, number of the last one.
    private struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var usage = "ec2-run-instances"
        var callers = CallerClass.others
        var buckets = 144 * 9 + 60
        let value: @Sendable (Int, inout SeededGenerator) -> Double
    }

    private static let kinds = [
        Kind(testDescription: "never") { _, _ in 0 },
        Kind(testDescription: "once") { bucket, _ in bucket == 700 ? 4 : 0 },
        Kind(testDescription: "rare") { bucket, _ in bucket % 97 == 5 ? 2 : 0 },
        Kind(testDescription: "now and then") { bucket, random in
            Double.random(in: 0..<1, using: &random) < 0.08 ? Double(Int.random(in: 1...4, using: &random)) : 0
        },
        Kind(testDescription: "dense", usage: "lambda-invoke", callers: .all) { _, random in
            Double(Int.random(in: 80...120, using: &random))
        },
        Kind(testDescription: "daily", usage: "lambda-invoke", callers: .all, buckets: 288 * 9 + 120) {
            bucket,
            random in
            Double(Int.random(in: 80...120, using: &random)) * (bucket % 288 < 144 ? 1 : 20)
        },
        Kind(testDescription: "controllers", callers: .controllers) { bucket, random in
            bucket % 6 == 0 ? Double(Int.random(in: 1...3, using: &random)) : 0
        },
        Kind(testDescription: "bursts at noon") { bucket, _ in
            bucket % 144 == 60 ? 40 : bucket % 30 == 0 ? 1 : 0
        },
    ]

    @Test(arguments: kinds) private func `from the limit on it is told, and not from clearly below`(kind: Kind) throws {
        var random = SeededGenerator(seed: 5)
        let key = try key(kind.usage, kind.callers)
        let values = (0..<kind.buckets).map { ($0, kind.value($0, &random)) }.filter { $0.1 > 0 }
        // What the bucket holds so far has no say.
        let open = counts(key, values, last: 1, buckets: kind.buckets)
        let found = try #require(detection.findings(key, open, withLimit: true).limit)
        #expect(found.account == "111122223333" && found.region == "eu-central-1" && found.callers == kind.callers)
        let other = counts(key, values, last: 3000, buckets: kind.buckets)
        #expect(detection.findings(key, other, withLimit: true).limit == found)
        #expect(found.limit >= 2 && found.limit < 20_000)
        let interval = catalog.usages[key.usage].detector.intervalSeconds
        let last = Self.start + Int64(kind.buckets) * interval
        func tells(_ value: Double) -> Bool {
            let counts = counts(key, values, last: value, buckets: kind.buckets)
            return detection.findings(key, counts, withLimit: false).anomalies.contains {
                $0.channel == .count && $0.alarm.lowerBound <= last && $0.end > last
                    && $0.observed >= EntityAnomaly.leastRatio * $0.expected
            }
        }
        #expect(tells((found.limit * 1.05).rounded(.up)))
        #expect(!tells((found.limit * 0.97 - 1).rounded(.down)))
    }

    @Test func `anomalies are the same whether limits are asked for or not`() throws {
        for kind in Self.kinds {
            var random = SeededGenerator(seed: 6)
            let key = try key(kind.usage, kind.callers)
            var values = (0..<kind.buckets).map { ($0, kind.value($0, &random)) }.filter { $0.1 > 0 }
            values.append((kind.buckets - 300, 900))
            let counts = counts(key, values.sorted { $0.0 < $1.0 }, last: 0, buckets: kind.buckets)
            let plain = detection.findings(key, counts, withLimit: false)
            #expect(plain.limit == nil)
            #expect(detection.findings(key, counts, withLimit: true).anomalies == plain.anomalies)
        }
    }

    @Test func `where nothing is judged yet there is no limit, and an account is known after three days`() throws {
        let key = try key("ec2-run-instances", .others)
        for (buckets, isKnown) in [(20, false), (431, false), (432, true)] {
            let counts = counts(key, [(3, 1)], last: 1, buckets: buckets)
            #expect((detection.findings(key, counts, withLimit: true).limit != nil) == isKnown || buckets == 431)
            #expect(detection.accountsWithPast(counts) == (isKnown ? ["111122223333"] : []))
        }
        let controllers = try self.key("ec2-run-instances", .controllers)
        let early = counts(controllers, [(3, 1)], last: 1, buckets: 144 * 4 - 1)
        #expect(detection.findings(controllers, early, withLimit: true).limit == nil)
    }

    @Test(
        arguments: [
            (11, 12, nil), (12, 12, 0), (23.9, 12, 0), (24, 12, 1), (48, 12, 2), (1e12, 1, 39), (0, 0, nil),
            (5, 0, nil),
            (.infinity, 1, nil), (.nan, 1, nil), (5, .nan, nil), (0.5, 0.25, 1),
        ] as [(Double, Double, Int?)]
    ) func `steps double`(count: Double, limit: Double, step: Int?) {
        #expect(CountLimit.step(of: count, limit: limit) == step)
    }

    @Test(arguments: [(10, 10, false), (12, 10, false), (13, 10, true), (8, 10, false), (7, 10, true), (1, 0, true)])
    func `a quarter more or less is worth a write`(limit: Double, left: Double, differs: Bool) {
        #expect(CountLimit.differs(limit, from: left) == differs)
    }
}
