/// In which hours each account delivered records from each Region, and how many on each day, whatever the records are of.
///
/// Kept by the day, so that years of many accounts stay small: 24 bits for the hours and one number.
package struct Activity: Equatable, Sendable {
    /// A Region of an account.
    package struct Place: Hashable, Comparable, Sendable {
        package let account: AccountKey
        /// The hash of the Region's name, 0 where a record names none.
        package let region: UInt64

        package init(account: AccountKey, region: UInt64) {
            self.account = account
            self.region = region
        }

        /// The place of that name.
        package init(account: String, region: String) {
            self.init(account: AccountKey(account), region: CallerHabits.hash(region))
        }

        package static func < (one: Place, other: Place) -> Bool {
            (one.account, one.region) < (other.account, other.region)
        }
    }

    /// One UTC day of a place.
    package struct Day: Equatable, Sendable {
        /// Bit n: records came in hour n.
        package var hours: UInt32 = 0
        package var records = 0
    }

    /// By UTC days since 1970.
    package private(set) var places: [Place: [Int32: Day]] = [:]
    /// Names of Regions by their hash, and of accounts whose id is no 12 digits.
    package var names: [UInt64: String] = [:]

    package init() {}

    /// Adds `records` of the hour that `seconds` since 1970 lie in.
    package mutating func add(_ records: Int, to place: Place, at seconds: Int64) {
        guard records > 0 else { return }
        let day = EventTime.floorDivide(seconds, 86400)
        let hour = UInt32(truncatingIfNeeded: (seconds - day * 86400) / 3600)
        places[place, default: [:]][Int32(clamping: day), default: Day()].hours |= 1 << hour
        places[place, default: [:]][Int32(clamping: day), default: Day()].records += records
    }

    /// Adds what was seen elsewhere.
    package mutating func merge(_ other: Activity) {
        for (place, days) in other.places {
            places[place, default: [:]].merge(days) { one, two in
                Day(hours: one.hours | two.hours, records: one.records + two.records)
            }
        }
        names.merge(other.names) { known, _ in known }
    }

    /// The same without what came before `seconds`, the start of a day, since 1970, or at and after `end`.
    package func from(_ seconds: Int64, before end: Int64 = .max) -> Activity {
        let days = EventTime.floorDivide(seconds, 86400)..<EventTime.floorDivide(max(seconds, end), 86400)
        var part = Activity()
        part.names = names
        part.places = places.compactMapValues { known in
            let left = known.filter { days.contains(Int64($0.key)) }
            return left.isEmpty ? nil : left
        }
        return part
    }

    /// Hours since 1970 in which any of `places` delivered, ascending.
    package func hours(of places: some Sequence<Place>) -> [Int64] {
        var masks: [Int32: UInt32] = [:]
        for place in places { for (day, held) in self.places[place] ?? [:] { masks[day, default: 0] |= held.hours } }
        return masks.sorted { $0.key < $1.key }.flatMap { day, mask in
            (0..<24).lazy.filter { mask & (1 << UInt32($0)) != 0 }.map { Int64(day) * 24 + Int64($0) }
        }
    }

    /// The first hour since 1970 at or after `hour` in which any of `places` delivered.
    package func firstHour(of places: some Sequence<Place>, since hour: Int64) -> Int64? {
        let start = EventTime.floorDivide(hour, 24)
        var first: Int64?
        for place in places {
            for (day, held) in self.places[place] ?? [:] where Int64(day) >= start {
                let mask = Int64(day) == start ? held.hours & (.max << UInt32(hour - start * 24)) : held.hours
                guard mask != 0 else { continue }
                first = min(first ?? .max, Int64(day) * 24 + Int64(mask.trailingZeroBitCount))
            }
        }
        return first
    }

    /// Records of `places` on a day since 1970.
    package func records(of places: some Sequence<Place>, on day: Int64) -> Int {
        places.reduce(0) { $0 + (self.places[$1]?[Int32(clamping: day)]?.records ?? 0) }
    }
}
