import Testing

@testable import UsageCore

/// Gates at half of what is wanted, because other programs may share the machine; what was measured is printed.
@Suite(.serialized, .enabled(if: DetectSupport.isOptimised, "speed means nothing without optimisation"))
struct DetectorSpeedTests {
    @Test func `one series is scored at a hundred thousand points a second and more`() {
        let values = wave(20_000)
        let start = DetectSupport.processorSeconds()
        var sum = 0.0
        for seed: UInt32 in 0..<5 {
            var detector = SeriesDetector(seed: seed)
            for (index, value) in values.enumerated() {
                sum += detector.observe(value, at: Int64(index) * 300).score
            }
        }
        let rate = Double(5 * values.count) / (DetectSupport.processorSeconds() - start)
        print("dense series, hot, one core, 5 x 20,000 points: \(Int(rate)) points/s")
        #expect(sum > 0)
        #expect(rate > 100_000)
    }

    @Test func `two thousand series in turn are scored at sixty thousand points a second and more`() {
        let values = wave(4_000)
        var detectors = (0..<2_000).map { SeriesDetector(seed: UInt32($0)) }
        var sum = 0.0
        var start = 0.0
        for row in 0..<600 {
            // The first rows ask for less than later ones.
            if row == 400 { start = DetectSupport.processorSeconds() }
            for index in detectors.indices {
                sum += detectors[index].observe(values[row + index], at: Int64(row) * 300).score
            }
        }
        let rate = Double(200 * detectors.count) / (DetectSupport.processorSeconds() - start)
        print("2,000 dense series in turn, one core, rows 400 to 599: \(Int(rate)) points/s")
        #expect(sum > 0)
        #expect(rate > 60_000)
    }

    @Test func `two thousand series with five busy rows in four thousand take a few seconds at most`() {
        var maker = SeriesMaker(seed: 1)
        var bytes = 0
        let start = DetectSupport.processorSeconds()
        for seed: UInt32 in 0..<2_000 {
            var detector = SeriesDetector(seed: seed)
            var row = 0
            for busy in 0..<5 {
                let next = busy * 800 + Int(maker.uniform() * 800)
                _ = detector.observeZeros(count: next - row, from: Int64(row) * 300, step: 300)
                _ = detector.observe(1 + maker.poisson(1), at: Int64(next) * 300)
                row = next + 1
            }
            _ = detector.observeZeros(count: 4_032 - row, from: Int64(row) * 300, step: 300)
            bytes += detector.stateBytes
        }
        let seconds = DetectSupport.processorSeconds() - start
        print("2,000 sparse series, 4,032 rows each: \(seconds) s, \(bytes / 2_000) bytes each at the end")
        #expect(seconds < 6)
    }

    @Test func `limits cost little beside finding anomalies`() throws {
        let catalog = try UsageCatalog.builtIn()
        let detection = AnomalyDetection(catalog, level: 0.6)
        let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
        let end = start + 14 * 86400
        for (name, callers, usage, share) in [
            ("sparse", CallerClass.others, "ec2-run-instances", 0.004), ("busier", .others, "ec2-run-instances", 0.1),
            ("dense", .all, "lambda-invoke", 1.0),
        ] {
            let usage = try #require(catalog.usages.firstIndex { $0.name == usage })
            let interval = catalog.usages[usage].detector.intervalSeconds
            var maker = SeriesMaker(seed: 3)
            var counts = UsageCounts()
            counts.accounts[AccountKey("111122223333")] = .init(first: start, last: end, records: 1)
            for day in start / 86400...end / 86400 { counts.days[day] = .init(records: 1, last: end) }
            for region in 0..<500 {
                var values = SparseCounts()
                for bucket in Int32(start / interval)..<Int32(end / interval) where maker.uniform() < share {
                    values.add(Double(1 + maker.poisson(3)), to: bucket)
                }
                let key = UsageCounts.SeriesKey(
                    usage: usage,
                    measure: .count,
                    callers: callers,
                    account: AccountKey("111122223333"),
                    region: UInt64(region)
                )
                counts.series[key] = values
            }
            var seconds: [Double] = []
            for withLimit in [false, true] {
                let begin = DetectSupport.processorSeconds()
                let found = counts.series.keys.map { detection.findings($0, counts, withLimit: withLimit) }
                seconds.append(DetectSupport.processorSeconds() - begin)
                #expect(found.allSatisfy { ($0.limit != nil) == withLimit })
            }
            print("500 \(name) series of 14 days: \(seconds[0]) s, with limits \(seconds[1]) s")
            #expect(seconds[1] < 1.5 * seconds[0] + 0.5)
        }
    }

    private func wave(_ count: Int) -> [Double] {
        var maker = SeriesMaker(seed: 1)
        return (0..<count).map { Double($0 % 288) / 10 + 4 * maker.uniform() }
    }
}
