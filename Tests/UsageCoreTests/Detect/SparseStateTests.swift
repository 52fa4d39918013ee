import Testing

@testable import UsageCore

@Suite struct SparseStateTests {
    private static let length = DetectSupport.isOptimised ? 3_000 : 700

    @Test(arguments: [0.0, 0.002, 0.01, 0.03, 0.1, 0.14, 0.16, 0.3, 0.7])
    func `a thrifty detector says exactly what one that keeps everything says`(share: Double) {
        for seed: UInt32 in 1...(DetectSupport.isOptimised ? 8 : 2) {
            var maker = SeriesMaker(seed: seed + UInt32(share * 1_000))
            var values = maker.rare(Self.length, share: share)
            if seed % 2 == 0 {
                // A stretch in which the series is busier than it ever was.
                for index in (Self.length / 2)..<(Self.length / 2 + 100) where maker.uniform() < 0.5 {
                    values[index] = 3 + maker.poisson(2)
                }
            }
            compare(values.enumerated().map { ($1, Int64($0) * 900 + 1_700_000_000) }, seed: seed)
        }
    }

    @Test(.enabled(if: DetectSupport.isOptimised, "takes minutes without optimisation"))
    func `a history beyond the horizon of the calibrators changes nothing`() {
        for share in [0.004, 0.12] {
            var maker = SeriesMaker(seed: 21)
            let values = maker.rare(50_000, share: share)
            compare(values.enumerated().map { ($1, Int64($0) * 300) }, seed: 4)
        }
    }

    @Test func `times that leave the grid change nothing`() {
        var maker = SeriesMaker(seed: 5)
        let values = maker.rare(Self.length, share: 0.05)
        for leap in [20, 98, 99, 100, 101, 400] {
            compare(values.enumerated().map { ($1, Int64($0) * 900 + ($0 >= leap ? 13 : 0)) }, seed: 3)
        }
    }

    @Test func `fractions and negative values change nothing`() {
        for (place, odd) in [(0, 0.5), (50, 0.5), (98, -1), (99, 0.5), (99, -1), (150, 0.5), (300, -2), (300, 1e15)] {
            var maker = SeriesMaker(seed: 5)
            var values = maker.rare(Self.length, share: 0.05)
            values[place] = odd
            compare(values.enumerated().map { ($1, Int64($0) * 900) }, seed: 3)
        }
    }

    @Test func `a series that is nearly always empty stays below a kilobyte`() {
        var detector = SeriesDetector(seed: 9)
        _ = detector.observeZeros(count: 1_000, from: 0, step: 300)
        #expect(detector.stateBytes < 320)
        var large = 0
        for row in 1_000..<5_500 {
            _ = detector.observe(row % 1_000 == 0 ? 2 : 0, at: Int64(row) * 300)
            if detector.stateBytes > 1_024 { large += 1 }
        }
        #expect(detector.stateBytes < 1_024)
        // Calibrators are there for a while after a busy bucket only.
        #expect((1..<300).contains(large))
    }

    @Test func `a busy series takes at most 26 KB`() {
        var detector = SeriesDetector()
        var maker = SeriesMaker(seed: 2)
        for row in 0..<700 {
            _ = detector.observe(maker.poisson(20), at: Int64(row) * 300)
        }
        #expect(detector.stateBytes <= 26 * 1_024)
        #expect(detector.stateBytes > 20 * 1_024)
    }

    @Test func `a burst in an empty series is an alert and says why`() {
        var detector = SeriesDetector()
        var maker = SeriesMaker(seed: 2)
        let values = maker.rare(1_500, share: 0.02)
        for (row, value) in values.enumerated() {
            _ = detector.observe(value, at: Int64(row) * 600)
        }
        let verdict = detector.observe(47, at: 1_500 * 600)
        #expect(verdict.isAnomaly)
        #expect(verdict.reason == .rareBurst)
        #expect(verdict.expected < 0.2)
        #expect(verdict.high < 10)
    }

    @Test func `where every busy bucket held one, a two is no alert and a forty is`() {
        for (value, alerts) in [(2.0, false), (40.0, true)] {
            var detector = SeriesDetector()
            for row in 0..<200 {
                _ = detector.observe(row % 40 == 7 ? 1 : 0, at: Int64(row) * 600)
            }
            #expect(detector.observe(value, at: 200 * 600).isAnomaly == alerts)
        }
    }

    @Test func `runs of zeros give what single zeros give, silence included`() {
        var single = SeriesDetector(level: 0.3)
        var run = SeriesDetector(level: 0.3)
        var maker = SeriesMaker(seed: 3)
        for row in 0..<1_500 {
            let value = maker.uniform() < 0.13 ? 1 + maker.poisson(1) : 0.0
            #expect(single.observe(value, at: Int64(row)) == run.observe(value, at: Int64(row)))
        }
        var expected: [Int] = []
        for row in 0..<200 where single.observe(0, at: Int64(1_500 + row)).isAnomaly {
            expected.append(row)
        }
        let found = run.observeZeros(count: 200, from: 1_500, step: 1)
        #expect(found.map(\.index) == expected)
        #expect(!expected.isEmpty)
        #expect(single.observe(1, at: 1_700) == run.observe(1, at: 1_700))
        #expect(run.observeZeros(count: -5, from: 0, step: 1).isEmpty)
    }

    private func compare(_ rows: [(value: Double, time: Int64)], seed: UInt32) {
        var thrifty = SeriesDetector(level: 0.5, seed: seed)
        var whole = SeriesDetector(level: 0.5, seed: seed, keepsEverything: true)
        for (index, row) in rows.enumerated() {
            let verdict = thrifty.observe(row.value, at: row.time)
            let expected = whole.observe(row.value, at: row.time)
            #expect(verdict == expected, "row \(index) of seed \(seed)")
            if verdict != expected { return }
        }
    }
}
