import Testing
import UsageCore

@Suite struct RareScanTests {
    private func counts(_ pairs: [(Int32, Double)]) -> SparseCounts {
        var counts = SparseCounts()
        for (bucket, value) in pairs { counts.add(value, to: bucket) }
        return counts
    }

    @Test func `something every three hours for a day is told where it was twice in nine days`() throws {
        let past: [(Int32, Double)] = [(20, 1), (130, 1)]
        let burn = stride(from: Int32(220), to: 260, by: 3).map { ($0, Double(1)) }
        let stretch = try #require(PersistenceScan.stretches(counts(past + burn), first: 0).first)
        #expect(stretch.first == 220)
        #expect(stretch.last == 259)
        #expect(stretch.alarm <= 220 + 18)
    }

    @Test func `six active hours each day are an ordinary day`() {
        let days = (0..<14).flatMap { day in (8..<14).map { (Int32(day * 24 + $0), Double(1)) } }
        #expect(PersistenceScan.stretches(counts(days), first: 0).isEmpty)
    }

    @Test func `a burst after a near empty past is told, and one in the first three days is not`() {
        let late = counts([(40, 1), (1000, 12)])
        #expect(FirstBurstScan.stretches(late, interval: 600, first: 0).map(\.first) == [1000])
        let early = counts([(40, 1), (100, 12)])
        #expect(FirstBurstScan.stretches(early, interval: 600, first: 0).isEmpty)
    }

    @Test func `three times the largest is needed`() {
        #expect(
            FirstBurstScan.stretches(counts([(500, 5), (1000, 14)]), interval: 600, first: 0).map(\.first) == [500]
        )
        #expect(
            FirstBurstScan.stretches(counts([(100, 5), (1000, 15)]), interval: 600, first: 0).map(\.first) == [1000]
        )
    }

    @Test func `two are a burst where the catalog calls two worth telling, and three always are`() {
        let two = counts([(1000, 2)])
        #expect(FirstBurstScan.stretches(two, interval: 600, first: 0).isEmpty)
        #expect(FirstBurstScan.stretches(two, interval: 600, first: 0, least: 2).map(\.first) == [1000])
        let three = counts([(1000, 3)])
        #expect(FirstBurstScan.stretches(three, interval: 600, first: 0, least: 20).map(\.first) == [1000])
        #expect(FirstBurstScan.stretches(counts([(500, 1), (1000, 2)]), interval: 600, first: 0, least: 2).isEmpty)
    }

    @Test func `a burst in a busy series is a stretch with what was ordinary at that hour`() throws {
        var series = SparseCounts()
        for bucket in Int32(0)..<2000 { series.add(Double(3 + bucket % 5), to: bucket) }
        series.add(200, to: 1500)
        let scan = SeriesScan(interval: 600, buckets: 0...1999, level: 0.6)
        let stretch = try #require(scan.stretches(series).first { $0.alarm == 1500 })
        #expect(stretch.first == 1500 && stretch.last == 1500)
        #expect(abs(stretch.expected - 5) < 2)
        #expect(stretch.limit > 3 && stretch.limit < 203)
    }
}
