/// From where, with which tools and in which Regions each principal calls, and since when.
///
/// Kept for every principal of the input in a bounded form: hashes and first times, the `limit` that came first of each kind.
package struct CallerHabits: Sendable {
    package static let limit = 24

    /// Values with the time each was first met: the `limit` that came first.
    package struct Firsts: Sendable {
        package private(set) var values: [(hash: UInt64, first: Int64)] = []
        /// Whether there are more than are kept.
        package private(set) var isOverfull = false
        /// What is not kept came no earlier than this.
        private var latest = Int64.max

        package init() {}

        /// Takes the earliest values; `isOverfull`: there are others, not given here, which came no earlier.
        package init(_ values: [(hash: UInt64, first: Int64)], isOverfull: Bool) {
            for value in values.sorted(by: { ($0.first, $0.hash) < ($1.first, $1.hash) }) {
                note(value.hash, value.first)
            }
            if isOverfull, !self.isOverfull {
                self.isOverfull = true
                latest = self.values.reduce(.min) { max($0, $1.first) }
            }
        }

        /// Days since 1970 as values, each met on its day.
        package init(days: [Int64]) {
            self.init(days.map { (UInt64(bitPattern: $0), $0 * 86400) }, isOverfull: false)
        }

        @inline(__always)
        mutating func note(_ hash: UInt64, _ seconds: Int64) {
            for index in values.indices where values[index].hash == hash {
                if seconds < values[index].first {
                    values[index].first = seconds
                    if isOverfull { latest = values.reduce(.min) { max($0, $1.first) } }
                }
                return
            }
            if values.count < CallerHabits.limit { values.append((hash, seconds)) } else { replace(hash, seconds) }
        }

        private mutating func replace(_ hash: UInt64, _ seconds: Int64) {
            if !isOverfull { latest = values.reduce(.min) { max($0, $1.first) } }
            isOverfull = true
            guard seconds <= latest else { return }
            // Of several that came last together, those with the smallest hash stay: the same in any order of records.
            let last = values.indices.max {
                (values[$0].first, values[$0].hash) < (values[$1].first, values[$1].hash)
            }
            if let last, (seconds, hash) < (values[last].first, values[last].hash) { values[last] = (hash, seconds) }
            latest = values.reduce(.min) { max($0, $1.first) }
        }

        mutating func merge(_ other: Firsts) {
            for value in other.values { note(value.hash, value.first) }
            if other.isOverfull, !isOverfull {
                isOverfull = true
                latest = values.reduce(.min) { max($0, $1.first) }
            }
        }

        /// When `hash` was first met, or a time before that where it is none of those kept; nil where it never was.
        package func first(of hash: UInt64) -> Int64? {
            values.first { $0.hash == hash }?.first ?? (isOverfull ? latest : nil)
        }

        /// How many were first met in `time`, of those kept.
        package func count(in time: Range<Int64>) -> Int { values.count { time.contains($0.first) } }
    }

    /// One principal or long-lived key.
    package struct Habit: Sendable {
        package var firstSeen: Int64
        package var records = 0
        package var addresses = Firsts()
        package var tools = Firsts()
        /// Names of calls that look around.
        package var probes = Firsts()
        /// Days on which it was refused something.
        package var denials = Firsts()

        private static let day: Int64 = 86400
        /// What came in the hours before an incident belongs to it.
        private static let margin: Int64 = 6 * 3600

        package init(firstSeen: Int64) { self.firstSeen = firstSeen }

        /// Whether two days and twenty records before `seconds` make a habit.
        package func isFormed(before seconds: Int64) -> Bool {
            firstSeen + 2 * Self.day <= seconds && records >= 20
        }

        /// Whether a new value among `firsts` would be something new for this caller.
        ///
        /// Hosted pipelines and travellers call from everywhere: one who has had something new more than once a week, or many in its first
        /// two days, has no habit in it.
        package func isSettled(_ firsts: Firsts, before seconds: Int64) -> Bool {
            let settled = firstSeen + 2 * Self.day
            guard isFormed(before: seconds), firsts.count(in: firstSeen..<settled) <= 6 else { return false }
            let weeks = Double(seconds - settled) / Double(7 * Self.day)
            return Double(firsts.count(in: settled..<max(settled, seconds - Self.margin))) <= max(1, weeks)
        }

        /// Whether it was refused something on a quarter of its days before `seconds`, and on three at least.
        package func isOftenDenied(before seconds: Int64) -> Bool {
            let days = denials.count(in: Int64.min..<seconds - Self.margin)
            return days >= 3 && Int64(days) * 4 * Self.day >= seconds - firstSeen
        }

        /// Whether the caller looked around in this way before `seconds`.
        package func isUsedTo(probe name: String, before seconds: Int64) -> Bool {
            probes.first(of: CallerHabits.hash(name)).map { $0 < seconds - Self.margin } ?? false
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
    package mutating func note(
        _ key: Digest128,
        seconds: Int64,
        address: UInt64,
        tool: UInt64,
        telltale: SiblingKind? = nil,
        name: UInt64 = 0
    ) {
        let place = place(of: key, seconds)
        if let telltale {
            let day = EventTime.floorDivide(seconds, 86400)
            if telltale == .probe {
                habits[place].probes.note(name, seconds)
            } else {
                habits[place].denials.note(UInt64(bitPattern: day), day * 86400)
            }
        }
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
            habits[place].probes.merge(habit.probes)
            habits[place].denials.merge(habit.denials)
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
