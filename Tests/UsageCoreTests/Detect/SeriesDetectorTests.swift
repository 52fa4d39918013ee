import Glibc
import Testing

@testable import UsageCore

@Suite struct SeriesDetectorTests {
    /// Rows of a dense series; unoptimised code takes a thousand times as long.
    private static let length = DetectSupport.isOptimised ? 4_000 : 900

    @Test func `a copy goes on as the original would and neither disturbs the other`() {
        let values = wave(Self.length, seed: 3)
        var whole = SeriesDetector()
        var half = SeriesDetector()
        let verdicts = values.enumerated().map { whole.observe($1, at: Int64($0) * 300) }
        for index in 0..<(values.count / 2) {
            #expect(half.observe(values[index], at: Int64(index) * 300) == verdicts[index])
        }
        var copy = half
        for index in (values.count / 2)..<values.count {
            _ = half.observe(1_000_000, at: Int64(index) * 300)
            #expect(copy.observe(values[index], at: Int64(index) * 300) == verdicts[index])
        }
    }

    @Test func `a spike is found in a daily wave, explained and reported once`() {
        var values = wave(Self.length, seed: 4)
        let spike = values.count - 100
        values[spike] = 90
        values[spike + 1] = 88
        var detector = SeriesDetector()
        let verdicts = values.enumerated().map { detector.observe($1, at: Int64($0) * 300) }
        #expect(verdicts[spike].isAnomaly)
        #expect(!verdicts[spike + 1].isAnomaly)
        #expect(verdicts[spike].score > 0.7)
        #expect(verdicts[spike].high < 60)
        #expect((5...40).contains(verdicts[spike].expected))
        #expect(verdicts[spike].reason != .none)
        #expect(verdicts[..<150].allSatisfy { $0.score == 0 && $0.high == 0 })
    }

    @Test func `seeds give other scores and the same large alert`() {
        var values = wave(Self.length, seed: 4)
        values[values.count - 100] = 120
        var firsts: Set<Double> = []
        for seed: UInt32 in [1, 2, 3] {
            var detector = SeriesDetector(seed: seed)
            var last = Verdict()
            for (index, value) in values.enumerated() {
                let verdict = detector.observe(value, at: Int64(index) * 300)
                if index == values.count - 100 { last = verdict }
            }
            #expect(last.isAnomaly)
            firsts.insert(last.score)
        }
        #expect(firsts.count > 1)
    }

    @Test func `multiplying a series changes no alert`() {
        var values = wave(Self.length, seed: 6)
        values[values.count - 50] = 95.5
        var one = SeriesDetector()
        var other = SeriesDetector()
        for (index, value) in values.enumerated() {
            let first = one.observe(value, at: Int64(index) * 300)
            let second = other.observe(value * 1_024, at: Int64(index) * 300)
            #expect(first.isAnomaly == second.isAnomaly)
            #expect(abs(first.score - second.score) < 1e-6)
        }
    }

    @Test func `the level decides alerts and is kept to its range`() {
        var values = wave(Self.length, seed: 4)
        values[values.count - 100] = 90
        var alerts: [Int] = []
        for level in [0.3, 0.5, 0.9] {
            var detector = SeriesDetector(level: level)
            var count = 0
            for (index, value) in values.enumerated() {
                let verdict = detector.observe(value, at: Int64(index) * 300)
                #expect(verdict.isAnomaly == (verdict.score >= level))
                if verdict.isAnomaly { count += 1 }
            }
            alerts.append(count)
        }
        #expect(alerts[0] > alerts[1])
        #expect(alerts[1] > alerts[2])
        #expect(SeriesDetector(level: .nan).level == 0.5)
        #expect(SeriesDetector(level: 7).level == 0.999)
    }

    @Test func `a constant series is never strange`() {
        var detector = SeriesDetector()
        for index in 0..<600 {
            #expect(detector.observe(0.1, at: Int64(index) * 300).score < 0.3)
        }
    }

    @Test func `what is not finite is passed over`() {
        let values = wave(400, seed: 8)
        var plain = SeriesDetector()
        var gappy = SeriesDetector()
        for (index, value) in values.enumerated() {
            let expected = plain.observe(value, at: Int64(index) * 300)
            for odd in [Double.nan, .infinity, -.infinity] {
                #expect(gappy.observe(odd, at: Int64(index) * 300) == Verdict())
            }
            #expect(gappy.observe(value, at: Int64(index) * 300) == expected)
        }
    }

    @Test func `a later negative value turns counts into plain values and starts anew`() {
        var values = (0..<300).map { Double($0 % 7) }
        values += [-3] + wave(400, seed: 9)
        var detector = SeriesDetector()
        var fresh = SeriesDetector()
        for (index, value) in values.enumerated() {
            let verdict = detector.observe(value, at: Int64(index) * 60)
            if index < 300 {
                #expect(detector.isCounting)
            } else {
                #expect(!detector.isCounting)
                // The first value says plain at once, so a fresh detector sees the same.
                #expect(verdict == fresh.observe(value, at: Int64(index) * 60))
            }
        }
    }

    @Test func `wild values and times neither trap nor grow the state`() {
        let wild: [Double] = [
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 1e15, -1e15, 0.1, 1e300,
        ]
        let times: [Int64] = [.min, .max, 0, -1, 1 << 60, -62_135_596_800, 4_102_444_800]
        for start in [0, 50, 120] {
            var detector = SeriesDetector()
            var maker = SeriesMaker(seed: 77)
            for index in 0..<start {
                _ = detector.observe(Double(index % 3), at: Int64(index))
            }
            for _ in 0..<600 {
                let value = wild[Int(maker.uniform() * Double(wild.count))]
                let time = times[Int(maker.uniform() * Double(times.count))]
                let verdict = detector.observe(value, at: time)
                #expect((0...1).contains(verdict.score))
                #expect(verdict.evidence.isFinite && verdict.expected.isFinite)
                #expect(verdict.low.isFinite && verdict.high.isFinite)
            }
            #expect(detector.stateBytes <= 26 * 1_024)
        }
    }

    @Test func `each evidence but none is described in its own words`() {
        let texts = Evidence.allCases.map(\.description)
        #expect(Set(texts).count == texts.count)
        #expect(texts.allSatisfy { !$0.contains(",") && !$0.hasSuffix(".") })
    }

    @Test(.enabled(if: DetectSupport.isOptimised, "takes minutes without optimisation"))
    func `few of a thousand ordinary counts alert and a spike always does`() {
        let rare = falseAlarms { $0.rare(4_000, share: 0.02) }
        #expect(rare.perThousand < 0.4)
        #expect(rare.spikes == 20)
        let middling = falseAlarms { $0.rare(4_000, share: 0.1) }
        #expect(middling.perThousand < 0.5)
        #expect(middling.spikes == 20)
        let dense = falseAlarms { maker in
            (0..<4_000).map { maker.poisson(100 + 50 * sin(2 * .pi * Double($0) / 288)) }
        }
        #expect(dense.perThousand < 2)
        #expect(dense.spikes == 20)
        print("false alarms per 1000: rare \(rare), one in ten \(middling), dense \(dense)")
    }

    /// Alerts before a spike in 20 series, and how many of the spikes are found.
    private func falseAlarms(_ make: (inout SeriesMaker) -> [Double]) -> (perThousand: Double, spikes: Int) {
        var alarms = 0
        var spikes = 0
        var rows = 0
        for seed: UInt32 in 0..<20 {
            var maker = SeriesMaker(seed: 1_000 + seed)
            var values = make(&maker)
            values[3_500] = (values.max() ?? 0) * 3 + 20
            var detector = SeriesDetector(seed: seed)
            for (index, value) in values.enumerated().prefix(3_501) {
                let verdict = detector.observe(value, at: Int64(index) * 300)
                if index < 3_500 {
                    rows += 1
                    if verdict.isAnomaly { alarms += 1 }
                } else if verdict.isAnomaly {
                    spikes += 1
                }
            }
        }
        return (Double(alarms) / Double(rows) * 1_000, spikes)
    }

    private func wave(_ count: Int, seed: UInt32) -> [Double] {
        var maker = SeriesMaker(seed: seed)
        return (0..<count).map { 20 + 10 * sin(2 * .pi * Double($0) / 288) + 4 * maker.uniform() }
    }
}
