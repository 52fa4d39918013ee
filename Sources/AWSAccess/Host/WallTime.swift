import Glibc

/// A moment of civil time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Held to the years 0000 to 9999, which is what the four-digit forms below can say.
package struct WallTime: Sendable, Hashable, Comparable {
    /// Milliseconds since the epoch, within `earliest.milliseconds ... latest.milliseconds`.
    package let milliseconds: Int64

    /// 0000-01-01T00:00:00.000Z.
    package static let earliest = WallTime(milliseconds: Int64.min)
    /// 9999-12-31T23:59:59.999Z.
    package static let latest = WallTime(milliseconds: Int64.max)

    /// The moment that many milliseconds after the epoch, clamped to the years 0000 to 9999.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    }

    /// What the machine's clock says.
    package static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec / 1_000_000))
    }

    package static func < (one: WallTime, other: WallTime) -> Bool { one.milliseconds < other.milliseconds }

    /// The moment so many seconds later (earlier if negative), clamped like the initializer.
    package func adding(seconds: Int64) -> WallTime {
        let (span, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let far = seconds < 0 ? WallTime.earliest : WallTime.latest
        guard !overflow else { return far }
        let (sum, passed) = milliseconds.addingReportingOverflow(span)
        return passed ? far : WallTime(milliseconds: sum)
    }

    /// `2026-01-02T03:04:05.678Z` (RFC 3339 with milliseconds).
    package var rfc3339: String {
        let part = civil
        return digits(part.year, 4) + "-" + digits(part.month, 2) + "-" + digits(part.day, 2) + "T"
            + digits(part.hour, 2) + ":" + digits(part.minute, 2) + ":" + digits(part.second, 2) + "."
            + digits(part.millisecond, 3) + "Z"
    }

    /// `20260102T030405Z`, the basic form that Signature Version 4 asks for.
    package var basic: String {
        let part = civil
        return digits(part.year, 4) + digits(part.month, 2) + digits(part.day, 2) + "T"
            + digits(part.hour, 2) + digits(part.minute, 2) + digits(part.second, 2) + "Z"
    }

    private struct Civil {
        var year: Int64
        var month: Int64
        var day: Int64
        var hour: Int64
        var minute: Int64
        var second: Int64
        var millisecond: Int64
    }

    /// Days to a date as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (civil_from_days).
    private var civil: Civil {
        let dayLength: Int64 = 86_400_000
        let ofDay = ((milliseconds % dayLength) + dayLength) % dayLength
        let shifted = (milliseconds - ofDay) / dayLength + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return Civil(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1,
            hour: ofDay / 3_600_000,
            minute: ofDay / 60_000 % 60,
            second: ofDay / 1000 % 60,
            millisecond: ofDay % 1000
        )
    }

    /// The inverse of `civil` (days_from_civil), nil if a part is out of its range; a leap second counts as the next second.
    package init?(
        year: Int64,
        month: Int64,
        day: Int64,
        hour: Int64,
        minute: Int64,
        second: Int64,
        millisecond: Int64 = 0
    ) {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (0...9999).contains(year), (1...12).contains(month), (1...lengths[Int(month) - 1]).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (0...999).contains(millisecond)
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        self.init(milliseconds: ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + millisecond)
    }
}

/// A number that is not negative, in decimal with leading zeros.
private func digits(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
