/// How many random numbers the channels would have drawn for a row, had they been there.
///
/// A channel draws once its sample is full, which depends on the row and its time only; so a series can do without
/// channels and still have the generator where it would stand with them.
struct ChannelDraws: Sendable {
    /// Rows from which one more number is drawn: two samples of neighbours and seven calibrators, all but the season's.
    private static let starts = [200, 201, 250, 250, 300, 355, 515, 535, 609]

    /// Two bits an hour of day: rows seen, at most 3.
    private var hours: UInt64 = 0
    private var seasonRows = 0

    /// Numbers drawn by the channels for `row` at `time`; rows come in order.
    @inline(__always)
    mutating func count(row: Int, time: Int64, firstTime: Int64) -> Int {
        guard row >= EvidenceChannels.seasonStart else { return 0 }
        var count = 0
        let shift = UInt64(2 * EvidenceChannels.hourOfDay(time))
        if hours >> shift & 3 == 3 {
            if time &- firstTime > EvidenceChannels.seasonDelay {
                seasonRows += 1
                if seasonRows > Calibrator.sampleCapacity { count = 1 }
            }
        } else {
            hours += 1 << shift
        }
        if row >= 609 { return count + Self.starts.count }
        for start in Self.starts where row >= start {
            count += 1
        }
        return count
    }
}
