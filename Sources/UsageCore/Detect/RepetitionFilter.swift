/// Knows records that came before: CloudTrail and its carriers deliver at least once.
///
/// It remembers 128-bit names by the hour of the event, for each account the newest 48 hours at least, so its memory follows the rate of
/// watched records and not the number of days. What is older than the hours it still knows counts, and is told in `unchecked`.
package struct RepetitionFilter: Sendable {
    /// Hours of event time that are always known for each account.
    package static let windowHours = 48

    fileprivate struct Window: Sendable {
        var hours: [Int64: Set<Digest128>] = [:]
        var forgottenThrough = Int64.min
    }

    private var windows: [AccountKey: Window] = [:]
    /// Records older than what is remembered of their account.
    package private(set) var unchecked = 0

    package init() {}

    /// Whether the record named `digest` is met for the first time.
    package mutating func isNew(_ digest: Digest128, account: AccountKey, seconds: Int64) -> Bool {
        windows[account, default: Window()].isNew(digest, EventTime.floorDivide(seconds, 3600), &unchecked)
    }
}

extension RepetitionFilter.Window {
    fileprivate mutating func isNew(_ digest: Digest128, _ hour: Int64, _ unchecked: inout Int) -> Bool {
        if hour <= forgottenThrough { unchecked += 1 }
        if hours[hour] == nil, hours.count >= RepetitionFilter.windowHours * 2 {
            // The older half goes. A few stray times far ahead stay in the newer half and do no harm there.
            let oldest = hours.keys.sorted().prefix(RepetitionFilter.windowHours - 4)
            for old in oldest { hours[old] = nil }
            forgottenThrough = max(forgottenThrough, oldest.last ?? forgottenThrough)
        }
        return hours[hour, default: []].insert(digest).inserted
    }
}
