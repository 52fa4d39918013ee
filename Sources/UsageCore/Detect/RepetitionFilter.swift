/// Knows records that came before: CloudTrail and its carriers deliver at least once.
///
/// It remembers 128-bit names by the hour of the event, in windows that hold the newest 48 hours at least of a stretch of time. So a
/// repetition is known, in whatever order records come, while its account has no record of more than 48 hours later in that stretch.
/// Times that are more than 31 days from all others of the account, as a wild clock writes them, make a stretch of their own and push
/// nothing out. An account has at most `mostWindows` of them: beyond that the one that was not met for longest goes, never the one with
/// the most records. Memory follows the rate of watched records and not the number of days.
///
/// A record that is older than what is still known counts, and is told in `unchecked`.
package struct RepetitionFilter: Sendable {
    /// Hours of event time that are always known of a stretch.
    package static let windowHours = 48
    /// Stretches of time that are told apart for each account.
    package static let mostWindows = 4

    fileprivate struct Account: Sendable {
        var windows: [RepetitionWindow] = []
        var hasForgottenWindow = false
        var meetings = 0
    }

    private var accounts: [AccountKey: Account] = [:]
    /// Records older than what is remembered of their account.
    package private(set) var unchecked = 0

    package init() {}

    /// Whether the record named `digest` is met for the first time.
    package mutating func isNew(_ digest: Digest128, account: AccountKey, seconds: Int64) -> Bool {
        let found = accounts[account, default: Account()].meet(digest, hour: EventTime.floorDivide(seconds, 3600))
        if found == .unchecked { unchecked += 1 }
        return found != .repeated
    }
}

extension RepetitionFilter.Account {
    fileprivate mutating func meet(_ digest: Digest128, hour: Int64) -> RepetitionWindow.Meeting {
        meetings += 1
        let place = place(of: hour)
        windows[place].lastMeeting = meetings
        return windows[place].meet(digest, hour: hour)
    }

    /// The window that `hour` belongs to: one that reaches it, two that it joins, or a new one.
    private mutating func place(of hour: Int64) -> Int {
        if let place = windows.firstIndex(where: { $0.reaches(hour) }) {
            while let other = windows[(place + 1)...].firstIndex(where: { $0.reaches(hour) }) {
                windows[place].merge(windows.remove(at: other))
            }
            return place
        }
        if windows.count == RepetitionFilter.mostWindows {
            let heaviest = windows.indices.max { windows[$0].nameCount < windows[$1].nameCount }
            let others = windows.indices.filter { $0 != heaviest }
            if let idlest = others.min(by: { windows[$0].lastMeeting < windows[$1].lastMeeting }) {
                windows.remove(at: idlest)
                hasForgottenWindow = true
            }
        }
        windows.append(RepetitionWindow(hour, forgottenThrough: hasForgottenWindow ? hour : .min))
        return windows.count - 1
    }
}
