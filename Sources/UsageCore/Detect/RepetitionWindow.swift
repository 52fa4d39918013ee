/// Names of the records of one account in one stretch of event time, of which the newest hours are remembered.
struct RepetitionWindow: Sendable {
    /// What is known of a record when it is met.
    enum Meeting {
        case new
        case repeated
        /// Not met in what is remembered, and older than that.
        case unchecked
    }

    /// Hours without any record, 31 days, that end a stretch; `UsageCounts.timeline` breaks off there too.
    private static let longestGap: Int64 = 31 * 24
    /// Distinct hours that are remembered at most.
    private static let mostHours = RepetitionFilter.windowHours * 2

    private var hours: [Int64: Set<Digest128>] = [:]
    private var forgottenThrough: Int64
    private var first: Int64
    private var last: Int64
    /// Names that are remembered.
    private(set) var nameCount = 0
    /// When it was last met, in the account's own count.
    var lastMeeting = 0

    /// A window around `hour`; what is not beyond `forgottenThrough` may have been met before.
    init(_ hour: Int64, forgottenThrough: Int64) {
        first = hour
        last = hour
        self.forgottenThrough = forgottenThrough
    }

    /// Whether `hour` belongs to this stretch of time, forgotten hours included.
    func reaches(_ hour: Int64) -> Bool { hour >= first - Self.longestGap && hour <= last + Self.longestGap }

    /// Remembers the record named `digest`.
    mutating func meet(_ digest: Digest128, hour: Int64) -> Meeting {
        first = min(first, hour)
        last = max(last, hour)
        if hours[hour] == nil, hours.count >= Self.mostHours { forget() }
        guard hours[hour, default: []].insert(digest).inserted else { return .repeated }
        nameCount += 1
        return hour <= forgottenThrough ? .unchecked : .new
    }

    /// Takes in the other stretch, which is found to belong to this one.
    mutating func merge(_ other: RepetitionWindow) {
        hours.merge(other.hours) { $0.union($1) }
        forgottenThrough = max(forgottenThrough, other.forgottenThrough)
        first = min(first, other.first)
        last = max(last, other.last)
        lastMeeting = max(lastMeeting, other.lastMeeting)
        nameCount = hours.values.reduce(0) { $0 + $1.count }
        if hours.count > Self.mostHours { forget() }
    }

    /// Forgets the oldest hours but for a window's length and a little more.
    private mutating func forget() {
        for hour in hours.keys.sorted().dropLast(RepetitionFilter.windowHours + 4) {
            nameCount -= hours.removeValue(forKey: hour)?.count ?? 0
            forgottenThrough = max(forgottenThrough, hour)
        }
    }
}
