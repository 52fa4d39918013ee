import UsageCore

/// Whose usage is counted together and held against one limit.
package struct CountedEntity: Hashable, Comparable, Sendable {
    /// The usage's place in the catalog.
    package var usage: Int
    /// `recipientAccountId`, empty where it cannot be read.
    package var account: String
    /// `awsRegion`.
    package var region: String
    package var callers: CallerClass

    package init(usage: Int, account: String, region: String, callers: CallerClass) {
        self.usage = usage
        self.account = account
        self.region = region
        self.callers = callers
    }

    package static func < (one: CountedEntity, other: CountedEntity) -> Bool {
        (one.usage, one.account, one.region, one.callers.rawValue)
            < (other.usage, other.account, other.region, other.callers.rawValue)
    }
}

/// An entity in one interval of its usage.
package struct CountedInterval: Hashable, Comparable, Sendable {
    package var entity: CountedEntity
    /// Start of the interval, seconds since 1970.
    package var start: Int64

    package init(entity: CountedEntity, start: Int64) {
        self.entity = entity
        self.start = start
    }

    package static func < (one: CountedInterval, other: CountedInterval) -> Bool {
        one.start == other.start ? one.entity < other.entity : one.start < other.start
    }
}
