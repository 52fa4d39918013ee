import Testing

@testable import UsageCore

@Suite struct NeighbourSampleTests {
    @Test(arguments: [3, 8, 9, 100, 512])
    func `the third nearest neighbour is found among any number of points`(count: Int) throws {
        var random = Xorshift32(seed: 5)
        var columns = [Float](repeating: NeighbourSample.far, count: 3 * NeighbourSample.capacity)
        var twos: [Float] = []
        var threes: [Float] = []
        let point = (Float(300), Float(500), Float(700))
        for index in 0..<count {
            let a = Float(random.next() % 1_000)
            let b = Float(random.next() % 1_000)
            let c = Float(random.next() % 1_000)
            columns[index] = a
            columns[NeighbourSample.capacity + index] = b
            columns[2 * NeighbourSample.capacity + index] = c
            let flat = (a - point.0) * (a - point.0) + (b - point.1) * (b - point.1)
            twos.append(flat.squareRoot())
            threes.append((flat + (c - point.2) * (c - point.2)).squareRoot())
        }
        try columns.withUnsafeMutableBufferPointer { buffer in
            let base = try #require(buffer.baseAddress)
            #expect(NeighbourSample.distance(base, point.0, point.1, used: count) == twos.sorted()[2])
            #expect(NeighbourSample.distance(base, point.0, point.1, point.2, used: count) == threes.sorted()[2])
        }
    }
}
