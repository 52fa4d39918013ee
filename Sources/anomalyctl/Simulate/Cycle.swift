/// How busy people and their customers are at an hour of the week: 0 at rest, 1 at the peak of a weekday.
struct Cycle: Sendable {
    /// Hours to add to UTC for local time.
    let utcOffset: Int
    /// The local hour of the peak.
    let peak: Double
    /// What remains at night.
    let floor: Double
    /// What a weekend day has of a weekday.
    let weekend: Double

    static func office(_ utcOffset: Int) -> Cycle {
        Cycle(utcOffset: utcOffset, peak: 14, floor: 0, weekend: 0.04)
    }

    static func customers(_ utcOffset: Int) -> Cycle {
        Cycle(utcOffset: utcOffset, peak: 15, floor: 0.18, weekend: 0.6)
    }

    func load(_ time: Int) -> Double {
        let local = CivilTime(time + utcOffset * 3600)
        let hour = Double(local.hour) + Double(local.minute) / 60
        var distance = (hour - peak).magnitude
        if distance > 12 { distance = 24 - distance }
        // A raised quartic: flat around the peak, near the floor from eight hours away.
        let nearness = max(0, 1 - (distance / 9) * (distance / 9))
        let day = floor + (1 - floor) * nearness * nearness
        return local.weekday >= 5 ? day * weekend : day
    }

    /// The local hour at `time`.
    func hour(_ time: Int) -> Int {
        CivilTime(time + utcOffset * 3600).hour
    }

    /// Whether `time` is a working day here.
    func isWeekday(_ time: Int) -> Bool {
        CivilTime(time + utcOffset * 3600).weekday < 5
    }
}
