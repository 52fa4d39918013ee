extension WallTime {
    /// Reads an RFC 3339 date-time such as `2026-01-02T03:04:05Z` or `2026-01-02T03:04:05.123456+02:00`; what is finer than a
    /// millisecond is dropped.
    package init?(rfc3339 text: String) {
        var rest = Reader(text)
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
            let day = rest.number(2), rest.take("T") || rest.take("t") || rest.take(" "),
            let hour = rest.number(2), rest.take(":"), let minute = rest.number(2), rest.take(":"),
            let second = rest.number(2)
        else { return nil }
        var millisecond: Int64 = 0
        if rest.take(".") {
            guard let fraction = rest.fraction() else { return nil }
            millisecond = fraction
        }
        var offsetMinutes: Int64 = 0
        if !(rest.take("Z") || rest.take("z")) {
            let west = rest.take("-")
            guard west || rest.take("+"), let hours = rest.number(2), rest.take(":"), let minutes = rest.number(2),
                hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (west ? -1 : 1)
        }
        guard rest.isAtEnd,
            let local = WallTime(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                millisecond: millisecond
            )
        else { return nil }
        self = local.adding(seconds: -offsetMinutes * 60)
    }

    /// Reads the preferred form of an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7, IMF-fixdate).
    ///
    /// The day of the week is not checked.
    package init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        var date = Reader(parts[1] + "-" + parts[3] + "-" + parts[4])
        guard let day = date.number(2), date.take("-"), let year = date.number(4), date.take("-"),
            let hour = date.number(2), date.take(":"), let minute = date.number(2), date.take(":"),
            let second = date.number(2), date.isAtEnd
        else { return nil }
        self.init(year: year, month: Int64(month) + 1, day: day, hour: hour, minute: minute, second: second)
    }
}

/// Fixed-width fields taken from the front of a text.
private struct Reader {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == mark.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<width {
            guard let digit = nextDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// One or more digits after a decimal point, as whole milliseconds.
    mutating func fraction() -> Int64? {
        guard var value = nextDigit() else { return nil }
        var taken = 1
        while let digit = nextDigit() {
            if taken < 3 { value = value * 10 + digit }
            taken += 1
        }
        for _ in stride(from: taken, to: 3, by: 1) { value *= 10 }
        return value
    }

    private mutating func nextDigit() -> Int64? {
        guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
        rest.removeFirst()
        return Int64(first - 0x30)
    }
}
