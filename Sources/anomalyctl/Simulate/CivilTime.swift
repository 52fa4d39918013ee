import UsageCore

/// A moment as the calendar writes it, UTC, from seconds since 1970.
struct CivilTime: Sendable, Equatable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    /// 0 is Monday.
    let weekday: Int

    init(_ seconds: Int) {
        let days = EventTime.floorDivide(Int64(seconds), 86_400)
        let rest = seconds - Int(days) * 86_400
        let date = EventTime.date(day: days)
        year = Int(date.year)
        month = Int(date.month)
        day = Int(date.day)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = (Int(days + 3) % 7 + 7) % 7  // 1970-01-01 was a Thursday
    }

    /// Seconds since 1970 at midnight UTC of a date.
    static func seconds(year: Int, month: Int, day: Int) -> Int {
        Int(EventTime.days(year: Int64(year), month: Int64(month), day: Int64(day))) * 86_400
    }
}
