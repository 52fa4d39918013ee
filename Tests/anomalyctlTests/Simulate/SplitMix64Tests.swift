import Testing

@testable import anomalyctl

@Suite struct SplitMix64Tests {
    @Test func `the first numbers of seed 1234567 are the published ones`() {
        // Rosetta Code, Pseudo-random numbers/Splitmix64.
        var random = SplitMix64(seed: 1_234_567)
        let drawn = (0..<5).map { _ in random.next() }
        #expect(
            drawn == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test(arguments: [0.1, 2.0, 30.0, 400.0])
    func `counts have the mean they were asked for`(mean: Double) {
        var random = SplitMix64(seed: 3)
        let draws = 20_000
        let sum = (0..<draws).reduce(0) { sum, _ in sum + random.count(mean: mean) }
        let error = (Double(sum) / Double(draws) - mean).magnitude
        #expect(error < 5 * (mean / Double(draws)).squareRoot() + 0.01)
    }

    @Test func `no bound and no choice draw nothing out of range`() {
        var random = SplitMix64(seed: 3)
        #expect(random.below(0) == 0)
        #expect(random.below(-4) == 0)
        #expect(random.pick([]) == "")
        #expect((0..<1000).allSatisfy { _ in (3...5).contains(random.within(3...5)) })
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (1_791_158_400, "2026-10-05T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
    ])
    func `times are written as the calendar has them`(seconds: Int, text: String) {
        #expect(RecordText.text { $0.time(seconds) } == text)
    }

    @Test func `the default start is a Monday at midnight`() {
        let start = CivilTime(Simulation.defaultStart)
        #expect((start.weekday, start.hour, start.minute, start.second) == (0, 0, 0, 0))
        #expect(Simulation.defaultStart == 1_791_158_400)
    }

    @Test func `text is escaped as JSON asks`() {
        #expect(RecordText.text { $0.quoted("a\"b\\c\n\u{1b}é") } == "\"a\\\"b\\\\c\\n\\u001bé\"")
    }

    @Test func `identifiers have the form of a version 4 UUID`() {
        let id = RecordText.text { $0.identifier(EventID(high: 0x0123_4567_89ab_4def, low: 0x8123_4567_89ab_cdef)) }
        #expect(id == "01234567-89ab-4def-8123-456789abcdef")
        #expect(RecordText.text { $0.resource("i-", 0xfedc_ba98_7654_3210) } == "i-0fedcba9876543210")
        #expect(RecordText.text { $0.number(-1200) } == "-1200")
    }
}
