import Testing
import UsageCore

@Suite struct DeflaterTests {
    @Test(arguments: [0, 1, 100, 70_000, 3_000_000])
    func `what is deflated inflates to the same, time and again`(count: Int) throws {
        let deflater = Deflater()
        for turn in 0..<3 {
            var random = SeededGenerator(seed: UInt64(count + turn))
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...(turn == 0 ? 255 : 7), using: &random) }
            let packed = try #require(deflater.gzip(bytes))
            #expect(try Gzip.inflated(packed) == bytes)
        }
    }

    @Test func `text becomes smaller`() throws {
        let text = Array(String(repeating: #"{"eventName":"RunInstances"}"#, count: 1000).utf8)
        #expect(try #require(Deflater().gzip(text)).count < text.count / 20)
    }
}
