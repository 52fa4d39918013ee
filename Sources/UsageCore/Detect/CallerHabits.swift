/// From where, with which tools and in which Regions each principal calls, and since when.
///
/// Kept for every principal of the input in a bounded form: hashes and first times, at most `limit` of each kind. A principal that exceeds
/// the limit has no habit in that kind, and nothing is then said to be new for it.
package struct CallerHabits: Sendable {
    package static let limit = 24

    /// Values with the time each was first met.
    package struct Firsts: Sendable {
        package private(set) var values: [(hash: UInt64, first: Int64)] = []
        package private(set) var isOverfull = false

        package init() {}

        /// Takes values, the earliest first where there are more than are kept; `isOverfull`: there are others, not given here.
        package init(_ values: [(hash: UInt64, first: Int64)], isOverfull: Bool) {
            for value in values.sorted(by: { ($0.first, $0.hash) < ($1.first, $1.hash) }) {
                note(value.hash, value.first)
            }
            if isOverfull { self.isOverfull = true }
        }

        @inline(__always)
        mutating func note(_ hash: UInt64, _ seconds: Int64) {
            for index in values.indices where values[index].hash == hash {
                if seconds < values[index].first { values[index].first = seconds }
                return
            }
            if values.count < CallerHabits.limit { values.append((hash, seconds)) } else { isOverfull = true }
        }

        mutating func merge(_ other: Firsts) {
            for value in other.values { note(value.hash, value.first) }
            if other.isOverfull { isOverfull = true }
        }

        /// When `hash` was first met; nil where it never was or nothing can be said.
        package func first(of hash: UInt64) -> Int64? {
            isOverfull ? nil : values.first { $0.hash == hash }?.first
        }
    }

    /// One principal or long-lived key.
    package struct Habit: Sendable {
        package var firstSeen: Int64
        package var records = 0
        package var addresses = Firsts()
        package var tools = Firsts()

        package init(firstSeen: Int64) { self.firstSeen = firstSeen }

        /// Whether two days and twenty records before `seconds` make a habit.
        ///
        /// Hosted pipelines and travellers call from everywhere: one who has a new address every fifty records has no
        /// habit in addresses.
        package func isFormed(before seconds: Int64) -> Bool {
            firstSeen + 2 * 86400 <= seconds && records >= 20 && addresses.values.count <= 3 + records / 50
        }
    }

    private var places: [Digest128: Int] = [:]
    private var habits: [Habit] = []
    private var lastKey = Digest128(high: 0, low: 0)
    private var lastPlace = -1

    package init() {}

    /// The habit of the caller named `key`.
    package subscript(key: Digest128) -> Habit? { places[key].map { habits[$0] } }

    /// Takes what a store has counted of a caller.
    package mutating func take(_ habit: Habit, of key: Digest128) {
        let place = place(of: key, habit.firstSeen)
        habits[place] = habit
    }

    @inline(__always)
    package mutating func note(_ key: Digest128, seconds: Int64, address: UInt64, tool: UInt64) {
        let place = place(of: key, seconds)
        habits[place].records += 1
        if seconds < habits[place].firstSeen { habits[place].firstSeen = seconds }
        if address != 0 { habits[place].addresses.note(address, seconds) }
        if tool != 0 { habits[place].tools.note(tool, seconds) }
    }

    private mutating func place(of key: Digest128, _ seconds: Int64) -> Int {
        if key == lastKey, lastPlace >= 0 { return lastPlace }
        lastKey = key
        if let place = places[key] {
            lastPlace = place
        } else {
            lastPlace = habits.count
            places[key] = lastPlace
            habits.append(Habit(firstSeen: seconds))
        }
        return lastPlace
    }

    mutating func merge(_ other: CallerHabits) {
        for (key, index) in other.places {
            let habit = other.habits[index]
            let place = place(of: key, habit.firstSeen)
            habits[place].firstSeen = min(habits[place].firstSeen, habit.firstSeen)
            habits[place].records += habit.records
            habits[place].addresses.merge(habit.addresses)
            habits[place].tools.merge(habit.tools)
        }
    }

    /// The name under which a caller's habits are kept: a long-lived access key where there is one, else the principal.
    @inline(__always)
    package static func key(_ identity: RecordFields.Identity, _ bytes: UnsafeBufferPointer<UInt8>) -> Digest128 {
        let access = RecordFields.raw(identity.accessKeyId, bytes)
        if access.count >= 16, access[0] == UInt8(ascii: "A"), access[1] == UInt8(ascii: "K") {
            return Digest128(of: UnsafeRawBufferPointer(access))
        }
        return Digest128(of: UnsafeRawBufferPointer(Principal.bytes(identity, bytes)))
    }

    /// The hash of an address or a tool; 0 for none.
    @inline(__always)
    package static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        text.isEmpty ? 0 : Digest128(of: UnsafeRawBufferPointer(text)).low | 1
    }

    /// The hash of `text`; 0 for none.
    package static func hash(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { hash($0) }
    }
}
