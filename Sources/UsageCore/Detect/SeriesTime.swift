/// The times that series files carry, in seconds since 1970 UTC.
enum SeriesTime {
    /// Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS[.fff]]` with a space or a T, then nothing, Z or an offset (RFC 3339);
    /// or a number since the epoch: seconds, or what is too large for seconds before the year 5138 as milli-, micro- or
    /// nanoseconds.
    ///
    /// - Returns: nil where it is none of these; a time without an offset is UTC; fractions are cut off.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
        var reader = Reader(rest: text)
        if let year = reader.number(digits: 4), reader.take("-") {
            return calendar(year, &reader)
        }
        return epoch(text)
    }

    private static func epoch(_ text: ArraySlice<UInt8>) -> Int64? {
        var reader = Reader(rest: text)
        let negative = reader.take("-")
        var value: Int64 = 0
        var digits = 0
        while let digit = reader.digit() {
            digits += 1
            guard digits <= 18 || digits == 19 && value < 900_000_000_000_000_000 else { return nil }
            value = value * 10 + digit
        }
        guard digits > 0, reader.fraction(), reader.rest.isEmpty else { return nil }
        while value >= 100_000_000_000 {
            value /= 1_000
        }
        return negative ? -value : value
    }

    private static func calendar(_ year: Int64, _ reader: inout Reader) -> Int64? {
        guard let month = reader.number(digits: 2), (1...12).contains(month), reader.take("-"),
            let day = reader.number(digits: 2), (1...EventTime.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        var seconds = EventTime.days(year: year, month: month, day: day) * 86_400
        if reader.rest.isEmpty { return seconds }
        guard reader.take(" ") || reader.take("T") || reader.take("t"),
            let hour = reader.number(digits: 2), hour < 24, reader.take(":"),
            let minute = reader.number(digits: 2), minute < 60
        else { return nil }
        seconds += hour * 3_600 + minute * 60
        if reader.take(":") {
            // 60 is a leap second.
            guard let second = reader.number(digits: 2), second <= 60, reader.fraction() else { return nil }
            seconds += second
        }
        if reader.take("Z") || reader.take("z") || reader.rest.isEmpty {
            return reader.rest.isEmpty ? seconds : nil
        }
        _ = reader.take(" ")
        let east = reader.take("+")
        guard east || reader.take("-"), let hours = reader.number(digits: 2), hours < 24 else { return nil }
        _ = reader.take(":")
        guard let minutes = reader.number(digits: 2), minutes < 60, reader.rest.isEmpty else { return nil }
        return seconds - (east ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let first = rest.first, first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digit() -> Int64? {
            guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
            rest.removeFirst()
            return Int64(first - 0x30)
        }

        mutating func number(digits: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let next = digit() else { return nil }
                value = value * 10 + next
            }
            return value
        }

        /// Passes over a fraction; false where a point has no digit after it.
        mutating func fraction() -> Bool {
            guard take(".") || take(",") else { return true }
            guard digit() != nil else { return false }
            while digit() != nil {}
            return true
        }
    }
}
