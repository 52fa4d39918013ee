import Testing
import UsageCore

@Suite struct EventTimeTests {
    @Test(
        arguments: [
            ("2023-07-10T12:11:15Z", 1_688_991_075), ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1),
            ("1900-03-01T00:00:00Z", -2_203_891_200), ("2000-02-29T00:00:00Z", 951_782_400),
            ("2100-02-28T23:59:59Z", 4_107_542_399), ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("2038-01-19T03:14:08Z", 2_147_483_648), ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("0000-02-29T00:00:00Z", -62_162_121_600), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("2026-12-31T23:59:60Z", 1_798_761_600), ("2026-01-01t00:00:00z", 1_767_225_600),
            ("2026-01-01 00:00:00Z", 1_767_225_600), ("2026-01-01T00:00:00.123456789Z", 1_767_225_600),
            ("2026-01-01T00:00:00+00:00", 1_767_225_600), ("2026-01-01T05:45:00+05:45", 1_767_225_600),
            ("2025-12-31T16:00:00-08:00", 1_767_225_600), ("2026-01-01T00:00:00.5-00:30", 1_767_227_400),
        ] as [(String, Int64)]
    )
    func `a time is read to the second`(text: String, seconds: Int64) {
        #expect(EventTime.parse(text) == seconds)
    }

    @Test(arguments: [
        "", "now", "2026", "2026-1-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00Zz", "2026-01-01T00:00:00 Z",
        "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60",
        "2026-01-01T00:00:00+01", "-026-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "２０26-01-01T00:00:00Z",
        "1688991075", "2026-01-01X00:00:00Z", "2026/01/01T00:00:00Z", "2026-01-01T00-00-00Z",
    ])
    func `what is no time is refused`(text: String) {
        #expect(EventTime.parse(text) == nil)
    }

    @Test func `no beginning of a time is read as another time's text`() {
        let text = "2026-01-01T00:00:00.250+05:30"
        for count in 0..<text.utf8.count {
            let part = String(text.prefix(count))
            // A day alone, a time without its zone and one with a fraction are understood as UTC.
            let isUnderstood = count == 10 || count == 19 || (21...23).contains(count)
            #expect((EventTime.parse(part) != nil) == isUnderstood, "\(part)")
        }
    }

    @Test func `random times of ten thousand years survive being written and read`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            let seconds = Int64.random(in: -62_167_219_200...253_402_300_799, using: &generator)
            #expect(EventTime.parse(EventTime.text(seconds)) == seconds)
        }
    }

    @Test func `days follow one another over four centuries`() {
        // 400 years of the Gregorian calendar are 146,097 days.
        var previous = "1599-12-31"
        let first = Int64(-135_140)
        for day in first..<first + 146_097 {
            let text = String(EventTime.text(day * 86400).prefix(10))
            #expect(text > previous)
            previous = text
        }
        #expect(previous == "1999-12-31")
    }

    @Test func `times beyond the years that can be written are shown at their bound`() {
        #expect(EventTime.text(.min) == "0000-01-01T00:00:00Z")
        #expect(EventTime.text(.max) == "9999-12-31T23:59:59Z")
        #expect(EventTime.minuteText(951_782_400 + 3661) == "2000-02-29 01:01")
    }

    @Test func `division rounds towards the past`() {
        for (value, quotient) in [(-1, -1), (-86400, -1), (-86401, -2), (0, 0), (86399, 0), (86400, 1)]
            as [(Int64, Int64)]
        {
            #expect(EventTime.floorDivide(value, 86400) == quotient)
        }
        #expect(EventTime.floorDivide(.min, 1) == .min)
    }
}
