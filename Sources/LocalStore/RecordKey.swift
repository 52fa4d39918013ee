import UsageCore

/// The integer that orders the table of records: the second of the event, then 25 bits of its identity's hash.
///
/// With it the table itself is the index by time and the guard against repetition: records that arrive roughly in the order of
/// their times touch neighbouring pages, whereas an index by identity would touch a random page for each record. Two identities
/// of one second that share the 25 bits take neighbouring keys.
enum RecordKey {
    private static let hashBits: Int64 = 25
    private static let hashMask: Int64 = (1 << hashBits) - 1
    /// 0000-01-01T00:00:00Z, in the calendar of RFC 3339.
    static let earliest: Int64 = -62_167_219_200
    /// 9999-12-31T23:59:59Z.
    static let latest: Int64 = 253_402_300_799

    /// The key that a record tries first.
    static func first(time: Int64, identity: String) -> Int64 {
        start(of: time) | (Int64(truncatingIfNeeded: Digest128(of: identity).low) & hashMask)
    }

    /// The key to try after `key` turned out to be another identity's: the next of the same second, in a circle.
    static func next(after key: Int64) -> Int64 {
        (key & ~hashMask) | ((key &+ 1) & hashMask)
    }

    /// The smallest key of a second.
    static func start(of time: Int64) -> Int64 {
        min(max(time, earliest), latest) << hashBits
    }

    /// The smallest key at or after `from`, and the one that no record before `to` reaches; nil stands for no bound.
    static func range(from: Int64?, to: Int64?) -> (lower: Int64, upper: Int64) {
        let upper = to.map { $0 > latest ? start(of: latest) | hashMask : start(of: $0) - 1 } ?? Int64.max
        return (from.map { start(of: $0) } ?? Int64.min, upper)
    }

    /// The second that a key lies in.
    static func time(of key: Int64) -> Int64 {
        key >> hashBits
    }
}
