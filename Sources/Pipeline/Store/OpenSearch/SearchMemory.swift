import Synchronization
import UsageCore

/// What a process that stays warm remembers of the counts, so that an evaluation asks only for what is new.
final class SearchMemory: Sendable {
    /// Counts of a time that is over.
    struct Past: Sendable {
        var counts: UsageCounts
        /// The first second that is counted.
        let start: Int64
        /// The first second that is not.
        var end: Int64
        /// When the store was asked, seconds since 1970.
        var askedAt: Int64
    }

    /// Hours of days that are over for a day at least.
    struct PastActivity: Sendable {
        let activity: Activity
        /// The first second that is counted.
        let start: Int64
        /// The first second that is not.
        let end: Int64
    }

    private let kept = Mutex<Past?>(nil)
    private let keptActivity = Mutex<PastActivity?>(nil)

    init() {}

    var past: Past? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }

    var activity: PastActivity? {
        get { keptActivity.withLock { $0 } }
        set { keptActivity.withLock { $0 = newValue } }
    }
}
