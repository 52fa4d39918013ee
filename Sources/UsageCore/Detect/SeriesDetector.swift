import Glibc

/// A causal online anomaly detector for one series of values: the mean of evidences that are each calibrated on their
/// own past.
///
/// Eight channels (hour of day, prediction error, jump, two level shifts, two nearest-neighbour shapes, low level) are
/// ranked among everything they have been, and their mean -log10 probability is the evidence. Count series have a
/// hurdle model beside them, which alone decides while fewer than 15 in 100 buckets are busy. Nothing is said in the
/// first 150 rows (100 for sparse counts).
///
/// A series that is nearly always empty keeps only its busy buckets, and everything else is rebuilt from them when it
/// matters: below 1 KB until then, 26 KB at most. Scores are those of the whole detector, with one exception: where the
/// last 64 buckets were silent and fewer than 1 in 200 is busy, the score is 0 (calculated, it would be below 0.025).
///
/// Values that are NaN or infinite are passed over: they get a verdict of 0 and are not a row. Magnitudes above 1e15
/// count as 1e15. Rows are taken in the order given; times only tell the hour of day, so repeated or backward ones do
/// no harm.
package struct SeriesDetector: Sendable {
    /// How values are made comparable.
    enum Scale: UInt8, Sendable {
        /// Non-negative integers so far; decided after 99 rows.
        case undecided
        /// Counts: the square root evens out their variance (Anscombe, Biometrika 35, 1948).
        case counts
        /// Taken as they are.
        case plain
    }

    /// The score that makes an anomaly.
    package let level: Double
    private let alertEvidence: Double
    let seed: UInt32
    /// Never thrifty with memory: what a thrifty detector is compared with.
    let keepsEverything: Bool

    var scale = Scale.undecided
    var row = 0
    var firstTime: Int64 = 0
    /// The time of row 99 and the distance of the rows after it.
    var gridStart: Int64 = 0
    var gridStep: Int64 = 0
    var lastTime: Int64 = 0
    private var origin = 0.0
    private var lastAlert = 0
    private var lastAlertEvidence = 0.0
    var random: Xorshift32
    var hurdle = Hurdle()
    var draws = ChannelDraws()
    var busy = BusyList()
    var rebuiltRows = 0
    // Unsafe only in name: whoever writes makes sure first that nobody else refers to it.
    nonisolated(unsafe) var ranks: HurdleRanks?
    nonisolated(unsafe) var channels: EvidenceChannels?

    /// Evidence at which the score is 0.5.
    private static let unit = 1.55
    /// Rows before the channels say anything.
    static let warmUpRows = 150
    private static let largestValue = 1e15
    private static let largestTime: Int64 = 1 << 60
    /// The elapsed-time term and the cool-down stop growing here.
    private static let longest = 32_768

    /// A detector that has seen nothing.
    ///
    /// - Parameters:
    ///   - level: the score that makes an anomaly, 0.01...0.999. It also sets which rows start a cool-down, so change
    /// it here     rather than cut the scores higher.
    ///   - seed: decides which past values are remembered; the same seed gives the same scores.
    package init(level: Double = 0.5, seed: UInt32 = 1) {
        self.init(level: level, seed: seed, keepsEverything: false)
    }

    init(level: Double, seed: UInt32, keepsEverything: Bool) {
        self.level = level.isNaN ? 0.5 : max(0.01, min(0.999, level))
        self.seed = seed
        self.keepsEverything = keepsEverything
        alertEvidence = Self.evidence(at: self.level)
        random = Xorshift32(seed: seed)
    }

    /// Whether the values are taken as counts; true as long as nothing speaks against it.
    package var isCounting: Bool { scale != .plain }

    /// The evidence at which the score is `level`.
    package static func evidence(at level: Double) -> Double { unit * -log2(1 - level) }

    /// Bytes that this detector keeps, inline and on the heap.
    package var stateBytes: Int {
        MemoryLayout<SeriesDetector>.size + busy.heapBytes + (ranks == nil ? 0 : HurdleRanks.bytes)
            + (channels == nil ? 0 : EvidenceChannels.bytes)
    }

    /// Judges `value`, then learns from it.
    ///
    /// - Parameters:
    ///   - value: the value; feed 0 for an interval in which a count has no record.
    ///   - seconds: when, in seconds since 1970 UTC; it decides the hour of day.
    /// - Returns: the verdict on this value; it never changes later.
    package mutating func observe(_ value: Double, at seconds: Int64) -> Verdict {
        guard value.isFinite else { return Verdict() }
        let x = max(-Self.largestValue, min(Self.largestValue, value))
        let time = max(-Self.largestTime, min(Self.largestTime, seconds))
        if row == EvidenceChannels.seasonStart, scale == .undecided {
            scale = .counts
            gridStart = time
            gridStep = time &- lastTime
        }
        if x < 0, scale == .counts { restartAsPlain() }
        if row == 0 { firstTime = time }
        if channels == nil, !staysSparse(x, at: time) { buildChannels() }
        lastTime = time
        let verdict = channels == nil ? observeSparse(x, at: time) : observeWhole(x, at: time)
        row += 1
        return verdict
    }

    /// Judges `count` empty buckets, the first at `seconds`, `step` seconds apart, and gives back those that are
    /// anomalies.
    ///
    /// - Returns: for each anomaly its place in 0..<count and the verdict; mostly none.
    package mutating func observeZeros(
        count: Int,
        from seconds: Int64,
        step: Int64
    ) -> [(index: Int, verdict: Verdict)] {
        var found: [(index: Int, verdict: Verdict)] = []
        var time = seconds
        for index in 0..<max(0, count) {
            let verdict = observe(0, at: time)
            if verdict.isAnomaly { found.append((index, verdict)) }
            time &+= step
        }
        return found
    }

    /// A count series has turned out not to be one: everything starts anew on the plain scale.
    private mutating func restartAsPlain() {
        self = SeriesDetector(level: level, seed: seed, keepsEverything: keepsEverything)
        scale = .plain
    }

    /// The row for a series with channels.
    private mutating func observeWhole(_ x: Double, at time: Int64) -> Verdict {
        let isCount = scale == .counts
        var verdict = Verdict()
        var sparse = false
        var reading = Hurdle.Reading()
        if isCount {
            sparse = hurdle.occupancy < Hurdle.sparse
            if sparse { describeSparse(&verdict) }
            if let ranks = uniqueRanks() {
                reading = hurdle.observe(x, row: row, ranks: ranks, random: &random, judging: sparse)
            }
        }
        guard let channels = uniqueChannels() else { return verdict }
        let y = scaled(x)
        let whole = channels.observe(y, at: time, random: &random)
        if sparse {
            conclude(&verdict, reading)
        } else if row >= Self.warmUpRows {
            verdict.expected = unscaled(whole.expected)
            verdict.low = unscaled(whole.expected - whole.usualError)
            verdict.high = unscaled(whole.expected + whole.usualError)
            // The longer the history, the rarer a thing must be.
            let elapsed = log10(max(1, Double(min(row, Self.longest)) / 500))
            conclude(&verdict, max(0, whole.evidence - 0.25 * elapsed), whole.reason)
        }
        return verdict
    }

    /// What a sparse series expects of its next bucket.
    func describeSparse(_ verdict: inout Verdict) {
        guard row >= Hurdle.warmUpRows else { return }
        verdict.expected = hurdle.expected
        verdict.high = hurdle.usualLimit
    }

    /// From evidence to score: a fresh alert silences everything that is not clearly stronger.
    private func cooled(_ evidence: Double) -> Double {
        let length = max(50, 0.06 * Double(min(row + 1, Self.longest)))
        let fresh = Double(row - lastAlert) < length ? lastAlertEvidence : 0
        return evidence > 1.3 * fresh ? 1 - exp2(-evidence / Self.unit) : 0
    }

    /// The verdict of the hurdle.
    @inline(__always)
    mutating func conclude(_ verdict: inout Verdict, _ reading: Hurdle.Reading) {
        conclude(&verdict, Self.unit * reading.evidence, reading.reason)
    }

    private mutating func conclude(_ verdict: inout Verdict, _ evidence: Double, _ reason: Evidence) {
        verdict.evidence = evidence
        verdict.reason = reason
        guard evidence > 0 else { return }
        verdict.score = cooled(evidence)
        guard verdict.score > 0, evidence >= alertEvidence else { return }
        // Rounding may leave the score a hair below the level that its evidence has reached.
        verdict.score = max(verdict.score, level)
        verdict.isAnomaly = true
        lastAlert = row
        lastAlertEvidence = evidence
    }

    /// The value on the scale of the channels, where the series starts at 0.
    @inline(__always)
    mutating func scaled(_ x: Double) -> Double {
        let y = scale == .counts ? 2 * (max(x, 0) + 0.375).squareRoot() : x
        if row == 0 { origin = y }
        return y - origin
    }

    private func unscaled(_ y: Double) -> Double {
        let y = y + origin
        guard scale == .counts else { return y }
        return y > 0 ? max(0, y * y / 4 - 0.375) : 0
    }

    /// The calibrators of the hurdle, referred to by nobody else.
    @inline(__always)
    mutating func uniqueRanks() -> HurdleRanks? {
        if !isKnownUniquelyReferenced(&ranks) { ranks = ranks?.copy() }
        return ranks
    }

    /// The channels, referred to by nobody else.
    @inline(__always)
    mutating func uniqueChannels() -> EvidenceChannels? {
        if !isKnownUniquelyReferenced(&channels) { channels = channels?.copy() }
        return channels
    }
}
