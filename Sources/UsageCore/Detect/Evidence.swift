/// Why a row is strange: the evidence that weighed most.
package enum Evidence: String, Sendable, CaseIterable {
    /// Nothing to say: warming up, or quite ordinary.
    case none
    /// Far from the mean of this hour of day (UTC).
    case season
    /// Far from the value before or from what the last values predict.
    case jump
    /// The last 12 intervals differ from the 144 before.
    case shift12
    /// The last 48 intervals differ from the 288 before.
    case shift48
    /// The last values together have no near neighbour in the past.
    case pattern
    /// One of the lowest values ever.
    case low
    /// A bucket of a mostly empty series is busy, or holds more than busy buckets do.
    case rareBurst
    /// More busy buckets than chance allows in the last 6, 12 or 64.
    case manyBusy
    /// Fewer busy buckets than chance allows in the last 6, 12 or 64.
    case silence

    /// A few plain words, without a final stop; empty for `none`.
    package var description: String {
        switch self {
        case .none: ""
        case .season: "unusual for this hour of day"
        case .jump: "sudden jump"
        case .shift12: "level shift over 12 intervals"
        case .shift48: "level shift over 48 intervals"
        case .pattern: "unusual run of values"
        case .low: "unusually low"
        case .rareBurst: "burst in a series that is rarely active"
        case .manyBusy: "active more often than usual"
        case .silence: "silent for longer than usual"
        }
    }
}
