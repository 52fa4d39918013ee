import Testing
import UsageCore

@Suite struct SparseCountsTests {
    private func counted(_ values: some Sequence<Double>) -> SparseCounts {
        var counts = SparseCounts()
        for value in values { counts.add(value, to: 7) }
        return counts
    }

    @Test(
        arguments: [
            [16_777_216, 1, 1, 1, 1, 1],
            [1_000_000, 0.1, 0.2, 0.3, 1_000_000, 0.7, 3e9, 1.0 / 3],
            [SparseCounts.largestSum - 1, 0.5, 0.25, 1, 1, 0.125],
        ] as [[Double]]
    )
    func `sums are the same forwards and backwards, in halves, beyond 2^24 and with fractions`(values: [Double]) {
        let forwards = counted(values)
        #expect(forwards == counted(values.reversed()))
        for cut in values.indices {
            var merged = counted(values[cut...])
            merged.merge(counted(values[..<cut]))
            #expect(merged == forwards)
        }
    }

    @Test func `each of many small values counts beside a large one`() {
        #expect(counted([16_777_216] + Array(repeating: 1, count: 100)).values == [16_777_316])
        #expect(counted([1_000_000, 0.5, 0.25]).values == [1_000_000.75])
    }

    @Test func `a sum stops at its ceiling`() {
        #expect(counted([1e300, 1]).values == [SparseCounts.largestSum])
        #expect(counted([.infinity]).values == [SparseCounts.largestSum])
    }
}
