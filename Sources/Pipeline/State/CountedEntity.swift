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
