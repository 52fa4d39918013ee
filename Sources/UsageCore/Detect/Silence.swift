/// Records that used to come and stopped coming: one finding, however many Regions and accounts it is about.
package struct Silence: Equatable, Sendable {
    /// What has fallen silent.
    package enum Extent: Equatable, Sendable {
        /// Some Regions of an account that goes on elsewhere.
        case regions
        /// All of an account.
        case account
        /// Several accounts at the same time, most of which go on.
        case accounts
        /// Most accounts, or all: the trail itself, or the way from it.
        case trail
    }

    /// A Region of an account that is silent.
    package struct Member: Equatable, Sendable {
        package let place: Activity.Place
        package let pause: SilenceRule.Pause
    }

    package let extent: Extent
    /// In the order of their places.
    package let members: [Member]
    /// The longest pause that was ordinary before, in seconds, of what fell silent as a whole.
    package let longestBefore: Int64
    /// Seconds since 1970: the start of the first hour without records.
    package let begin: Int64
    /// The start of the hour in which the first records came again; nil while none do.
    package let end: Int64?
    /// The moment as of which it lasts, where it does.
    package let asOf: Int64
    /// When it could first have been told.
    package let toldAt: Int64

    package var accounts: [AccountKey] { Set(members.map(\.place.account)).sorted() }
    package var regions: Set<UInt64> { Set(members.map(\.place.region)) }
    /// Records a day before.
    package var perDay: Double { members.reduce(0) { $0 + $1.pause.perDay } }
}
