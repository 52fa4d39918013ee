/// What a sparse count series does without, and how it gets it back: every later state follows from the busy buckets
/// alone.
extension SeriesDetector {
    /// Bytes of busy buckets beyond which the list of them is no longer the thriftier way.
    private static let largestList = 12_288
    /// Rows replayed for each row seen, beyond which calibrators are kept through silences.
    private static let replayBudget = 2

    /// Whether the busy list can take this row in, so that a replay gives what the whole detector would have.
    @inline(__always)
    func staysSparse(_ x: Double, at time: Int64) -> Bool {
        guard scale != .plain, x >= 0, x == x.rounded(.towardZero), busy.count < Self.largestList else { return false }
        if row < EvidenceChannels.seasonStart { return true }
        if keepsEverything || row > EvidenceChannels.seasonStart && time != lastTime &+ gridStep { return false }
        return row < Self.warmUpRows || hurdle.occupancy < Hurdle.sparse
    }

    /// The row for a series without channels.
    @inline(__always)
    mutating func observeSparse(_ x: Double, at time: Int64) -> Verdict {
        var verdict = Verdict()
        let sparse = hurdle.occupancy < Hurdle.sparse
        if sparse { describeSparse(&verdict) }
        let isQuiet = x <= 0 && hurdle.expectsSilence
        if ranks == nil, row >= Hurdle.warmUpRows, hurdle.busyCount >= Hurdle.warmUpBusy, !isQuiet {
            rebuildRanks()
        }
        if let ranks = uniqueRanks() {
            let reading = hurdle.observe(x, row: row, ranks: ranks, random: &random, judging: sparse)
            random.skip(draws.count(row: row, time: time, firstTime: firstTime))
            if sparse { conclude(&verdict, reading) }
        } else {
            hurdle.learn(x)
        }
        if x > 0 {
            busy.append(row: row, value: UInt64(x))
        } else if isQuiet, rebuiltRows <= Self.replayBudget * row {
            ranks = nil
        }
        return verdict
    }

    /// Does beforehand what the next busy row needs; verdicts are the same without it.
    mutating func expectBusy() {
        guard channels == nil, ranks == nil, row >= Hurdle.warmUpRows, hurdle.busyCount >= Hurdle.warmUpBusy else {
            return
        }
        rebuildRanks()
    }

    /// Brings the hurdle's calibrators and the generator to where they would be by now.
    private mutating func rebuildRanks() {
        let made = HurdleRanks.make()
        var rows = BusyList.Reader(busy)
        hurdle = Hurdle()
        random = Xorshift32(seed: seed)
        draws = ChannelDraws()
        for past in 0..<row {
            _ = hurdle.observe(rows.value(at: past), row: past, ranks: made, random: &random, judging: false)
            random.skip(draws.count(row: past, time: gridTime(past), firstTime: firstTime))
        }
        ranks = made
        rebuiltRows += row
    }

    /// Brings everything to where it would be by now; from here on nothing is left out.
    mutating func buildChannels() {
        if scale == .undecided { scale = .plain }
        let made = EvidenceChannels.make(firstTime: firstTime)
        let madeRanks = scale == .counts ? HurdleRanks.make() : nil
        var rows = BusyList.Reader(busy)
        hurdle = Hurdle()
        random = Xorshift32(seed: seed)
        let count = row
        for past in 0..<count {
            row = past
            let x = rows.value(at: past)
            if let madeRanks {
                _ = hurdle.observe(x, row: past, ranks: madeRanks, random: &random, judging: false)
            }
            _ = made.observe(scaled(x), at: gridTime(past), random: &random)
        }
        row = count
        busy = BusyList()
        ranks = madeRanks
        channels = made
    }

    /// The time of a past row; before the season starts it matters to nobody.
    @inline(__always)
    private func gridTime(_ past: Int) -> Int64 {
        past < EvidenceChannels.seasonStart
            ? firstTime : gridStart &+ Int64(past - EvidenceChannels.seasonStart) &* gridStep
    }
}
