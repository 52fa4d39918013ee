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

    private let kept = Mutex<Past?>(nil)

    init() {}

    var past: Past? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
