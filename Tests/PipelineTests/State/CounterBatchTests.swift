import Testing
import UsageCore

@testable import Pipeline

@Suite struct CounterBatchTests {
    private let catalog: UsageCatalog

    init() throws { catalog = try UsageCatalog.builtIn() }

    private func item(_ quantity: Double, at seconds: Int64 = 1_767_571_200, kind: String = "") throws -> WatchedItem {
        WatchedItem(
            account: "111122223333",
            region: "eu-central-1",
            seconds: seconds,
            identity: "\(seconds) \(quantity)",
            usage: try #require(catalog.usages.firstIndex { !$0.isLowVolume }),
            quantity: quantity,
            kind: kind,
            body: []
        )
    }

    @Test(
        arguments: [
            ([1], "1"), ([0.5, 0.25], "0.75"), ([1.0 / 1024], "0.0009765625"), ([1.0 / 4096], "0"),
            ([0.1], "0.099609375"),
            ([4_398_046_511_104], "4398046511104"), ([4_398_046_511_104, 4_398_046_511_104, 1], "4398046511104"),
            ([.infinity, 1], "4398046511104"), ([.nan, -3, 0], "0"),
            ([4_398_046_511_103, 1.0 / 1024], "4398046511103.0009765625"),
        ] as [([Double], String)]
    )
    func `sums are exact in 1,024ths and stop where the counts do`(values: [Double], text: String) throws {
        let batch = CounterBatch(try values.map { try item($0) }, catalog)
        let sum = try #require(batch.parts.first?.first?.sum)
        #expect(sum.quantity == text)
        #expect(sum.records == values.count)
        var counts = SparseCounts()
        for value in values where value > 0 { counts.add(value, to: 0) }
        #expect((counts.values.first ?? 0) == Double(text))
    }

    @Test func `the same items in any order are the same parts, a hundred actions each at most`() throws {
        let items = try (0..<450).map {
            try item(Double($0), at: 1_767_571_200 + Int64($0 % 230) * 3600, kind: "k\($0 % 2)")
        }
        let batch = CounterBatch(items, catalog)
        var random = SeededRandom(state: 5)
        let other = CounterBatch(items.shuffled(using: &random), catalog)
        #expect(batch.parts.map(\.count) == [99, 99, 32])
        #expect(batch.parts.map { $0.map(\.key) } == other.parts.map { $0.map(\.key) })
        #expect(batch.parts.map { $0.map(\.sum) } == other.parts.map { $0.map(\.sum) })
        #expect(batch.parts.joined().reduce(0) { $0 + $1.sum.records } == 450)
    }

    @Test func `what is of low volume is in no counter`() throws {
        var item = try item(1)
        item.usage = try #require(catalog.usages.firstIndex { $0.isLowVolume })
        #expect(CounterBatch([item], catalog).parts.isEmpty)
    }
}
