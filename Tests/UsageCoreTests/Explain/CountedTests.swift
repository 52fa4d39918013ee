import Testing
import UsageCore

@Suite struct CountedTests {
    @Test(
        arguments: [
            (1, "instances", "1 instance"), (0, "instances", "0 instances"), (12, "access keys", "12 access keys"),
            (1, "access keys", "1 access key"), (1, "addresses", "1 address"), (1, "databases", "1 database"),
            (1, "anomalies", "1 anomaly"), (1, "time series", "1 time series"), (1, "GB", "1 GB"),
            (1, "boxes", "1 box"), (1, "batches", "1 batch"), (1, "status", "1 status"),
            (1_234_567, "records", "1,234,567 records"), (0.6, "volumes", "1 volume"), (1.4, "volumes", "1 volume"),
            (1.5, "volumes", "2 volumes"),
        ] as [(Double, String, String)]
    )
    func `a noun stands in the singular behind 1 alone`(count: Double, nouns: String, text: String) {
        #expect(Counted.text(count, nouns) == text)
    }

    @Test(arguments: [(1, "1 hour"), (1.04, "1 hour"), (1.1, "1.1 hours"), (2.5, "2.5 hours"), (0.5, "0.5 hours")])
    func `with decimals the number as it is written decides`(count: Double, text: String) {
        #expect(Counted.text(count, "hours", decimals: 1) == text)
    }

    @Test func `each unit of the catalog has a singular`() throws {
        for usage in try UsageCatalog.builtIn().usages {
            let one = Counted.text(1, usage.unit).dropFirst(2)
            #expect(usage.unit == one + "s" || usage.unit == one + "es", "\(one) of \(usage.unit)")
        }
    }
}
