import AWSAccess
import Testing

@Suite("WallTime")
struct WallTimeTests {
    @Test(
        "known moments are written and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func roundTrip(milliseconds: Int64, text: String) {
        #expect(WallTime(milliseconds: milliseconds).rfc3339 == text)
        #expect(WallTime(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func `every day of four hundred years comes back`() {
        for day in Int64(-73_049)...73_048 {
            let time = WallTime(milliseconds: day * 86_400_000 + 43_200_001)
            #expect(WallTime(rfc3339: time.rfc3339) == time)
        }
    }

    @Test func `offsets and fractions are taken into account`() {
        #expect(WallTime(rfc3339: "2026-01-02T05:04:05.6789+02:00")?.rfc3339 == "2026-01-02T03:04:05.678Z")
        #expect(WallTime(rfc3339: "2026-01-01T22:34:05.6-04:30")?.rfc3339 == "2026-01-02T03:04:05.600Z")
        #expect(WallTime(rfc3339: "2016-12-31T23:59:60Z")?.rfc3339 == "2017-01-01T00:00:00.000Z")
        #expect(WallTime(milliseconds: 1_767_323_045_678).basic == "20260102T030405Z")
    }

    @Test(
        "what is no date-time is refused",
        arguments: [
            "", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05",
            "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05+25:00", "2026-1-02T03:04:05Z",
            "\u{0662}026-01-02T03:04:05Z",
        ]
    )
    func refused(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test func `the date of HTTP is read in its preferred form only`() {
        #expect(WallTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.rfc3339 == "1994-11-06T08:49:37.000Z")
        for text in [
            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49 GMT", "",
        ] {
            #expect(WallTime(httpDate: text) == nil)
        }
    }

    @Test func `arithmetic stops at the ends of the range`() {
        #expect(WallTime.latest.adding(seconds: 1) == .latest)
        #expect(WallTime.earliest.adding(seconds: Int64.min) == .earliest)
        #expect(WallTime(milliseconds: 0).adding(seconds: Int64.max) == .latest)
        #expect(WallTime(milliseconds: 5).adding(seconds: 2).milliseconds == 2005)
    }
}
