import Glibc

/// The count of one entity in one interval from which the count channel would tell of it.
///
/// Left by an evaluation for whoever counts next, who then need not wait for the next evaluation: a count that reaches it is looked at at
/// once. It is as the channel stood before its last interval; a count below it may still be told for other reasons.
package struct CountLimit: Equatable, Sendable {
    /// The usage's place in the catalog.
    package let usage: Int
    /// The account's id.
    package let account: String
    /// The Region's name, empty where records have none.
    package let region: String
    /// The callers whose counts these are.
    package let callers: CallerClass
    /// In the usage's unit; `SparseCounts.largestSum` where no count would be told.
    package let limit: Double

    /// A limit with all its parts.
    package init(usage: Int, account: String, region: String, callers: CallerClass, limit: Double) {
        self.usage = usage
        self.account = account
        self.region = region
        self.callers = callers
        self.limit = limit
    }

    /// How far `count` is beyond `limit`: 0 from the limit on, 1 from twice of it on, 2 from four times, and so on; nil below it.
    package static func step(of count: Double, limit: Double) -> Int? {
        guard limit > 0, count >= limit, count < .infinity else { return nil }
        return Int(log2(count / limit).rounded(.down))
    }

    /// Whether a limit is so different from what was left before that it is worth a write: by more than a quarter.
    package static func differs(_ limit: Double, from left: Double) -> Bool {
        limit > 1.25 * left || left > 1.25 * limit
    }
}
