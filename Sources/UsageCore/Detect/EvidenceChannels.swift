import Glibc

/// The whole state of the eight channels, in one allocation: scalars in the header, windows, samples and calibrators as
/// floats.
///
/// Each channel turns a row into raw evidence and ranks it against its own past; the mean of the ranks is the
/// strangeness of the row. Values have been made comparable before (square root for counts) and start at 0.
final class EvidenceChannels: ManagedBuffer<EvidenceChannels.Scalars, Float> {
    /// What a row looked like to the channels.
    struct Reading {
        /// Combined evidence, S before the elapsed-time term.
        var evidence = 0.0
        /// The channel group that contributed most.
        var reason = Evidence.none
        /// What was expected, and how far off is usual, on the scale of the channels.
        var expected = 0.0
        var usualError = 0.0
    }

    struct Scalars {
        var row = 0
        /// Largest magnitude so far: evidence below a millionth of it is rounding.
        var largest = 0.0
        var y1 = 0.0
        var y2 = 0.0
        var y3 = 0.0
        var sum12 = 0.0
        var sum144 = 0.0
        var sum48 = 0.0
        var sum288 = 0.0
        var regression = AutoRegression()
        var hours = InlineArray<24, Double>(repeating: 0)
        var hourCounts = InlineArray<24, Float>(repeating: 0)
        var firstTime: Int64 = 0
    }

    /// Values before the current one that the windows need.
    private static let history = 336
    private static let pairs = history
    private static let triples = pairs + 2 * NeighbourSample.capacity
    private static let calibrators = triples + 3 * NeighbourSample.capacity
    private static let floats = calibrators + 8 * Calibrator.size
    /// Rows that the season does not learn from: they were replayed when the scale was known.
    static let seasonStart = 99
    /// Channels look further back than the start of the season for this many seconds before the season counts.
    static let seasonDelay: Int64 = 3 * 86_400

    /// Channels without any past, for a series that starts at `firstTime`.
    static func make(firstTime: Int64) -> EvidenceChannels {
        let buffer = create(minimumCapacity: floats) { _ in Scalars(firstTime: firstTime) }
        let made = unsafeDowncast(buffer, to: EvidenceChannels.self)
        made.withUnsafeMutablePointerToElements { all in
            all.initialize(repeating: 0, count: floats)
            (all + pairs).update(repeating: NeighbourSample.far, count: calibrators - pairs)
        }
        return made
    }

    /// An independent copy.
    func copy() -> EvidenceChannels {
        let scalars = header
        let buffer = EvidenceChannels.create(minimumCapacity: Self.floats) { _ in scalars }
        let made = unsafeDowncast(buffer, to: EvidenceChannels.self)
        withUnsafeMutablePointerToElements { from in
            made.withUnsafeMutablePointerToElements { $0.initialize(from: from, count: Self.floats) }
        }
        return made
    }

    /// Bytes of the allocation.
    static var bytes: Int { MemoryLayout<Scalars>.size + 4 * floats + 32 }

    /// Takes one row in.
    func observe(_ y: Double, at time: Int64, random: inout Xorshift32) -> Reading {
        withUnsafeMutablePointers { Self.observe(y, at: time, &$0.pointee, $1, &random) }
    }

    @inline(__always)
    private static func observe(
        _ y: Double,
        at time: Int64,
        _ s: inout Scalars,
        _ floats: UnsafeMutablePointer<Float>,
        _ random: inout Xorshift32
    ) -> Reading {
        let row = s.row
        s.row = row &+ 1
        s.largest = max(s.largest, abs(y))
        let noise = 1e-6 * s.largest
        let ring = floats
        let slot = row % history
        let yf = Float(y)

        // 0: the hour of day
        var season = -1.0
        var expected = 0.0
        var seasonDecides = false
        let hour = hourOfDay(time)
        if row >= seasonStart {
            let mean = s.hours[hour]
            var count = s.hourCounts[hour]
            if time &- s.firstTime > seasonDelay, count >= 3 {
                season = abs(y - mean)
                expected = mean
                seasonDecides = Calibrator(at: floats + calibrators).isReady
            }
            count += 1
            s.hourCounts[hour] = min(count, 1e6)
            s.hours[hour] = mean + max(1 / Double(count), 0.01) * (y - mean)
        }

        // 1, 2: the point against the values before it
        var error = -1.0
        if row >= 50 {
            if row == 50 { standardise(&s, ring) }
            let predicted = s.regression.predict(y, after: s.y1, s.y2, s.y3)
            error = abs(y - predicted)
            if !seasonDecides { expected = predicted }
        }
        // Read before this row joins the samples.
        let usualError = Calibrator(at: floats + calibrators + (seasonDecides ? 0 : Calibrator.size)).usualLimit
        let jump = row >= 1 ? abs(y - s.y1) : -1

        // 3, 4: two windows against the ones before them
        let back12 = ring[index(slot, 12)]
        let back48 = ring[index(slot, 48)]
        let back156 = ring[index(slot, 156)]
        let back336 = ring[slot]
        s.sum12 += Double(yf) - Double(back12)
        s.sum144 += Double(back12) - Double(back156)
        s.sum48 += Double(yf) - Double(back48)
        s.sum288 += Double(back48) - Double(back336)
        let shift12 = row >= 155 ? abs(s.sum12 / 12 - s.sum144 / 144) : -1
        let shift48 = row >= 335 ? abs(s.sum48 / 48 - s.sum288 / 288) : -1

        // 5, 6: the shape of the last values against those seen before
        let back24 = ring[index(slot, 24)]
        var pair: Float = -1
        var triple: Float = -1
        let pairsSeen = max(0, row - 3)
        let triplesSeen = max(0, row - 97)
        if row >= 50 {
            pair = NeighbourSample.distance(floats + pairs, yf, Float(s.y1), used: pairsSeen)
            if triplesSeen >= 3 {
                triple = NeighbourSample.distance(floats + triples, yf, back24, back48, used: triplesSeen)
            }
        }
        if row >= 3, let place = NeighbourSample.place(seen: pairsSeen + 1, random: &random) {
            (floats + pairs)[place] = Float(s.y2)
            (floats + pairs)[NeighbourSample.capacity + place] = Float(s.y3)
        }
        if row >= 97, let place = NeighbourSample.place(seen: triplesSeen + 1, random: &random) {
            (floats + triples)[place] = ring[index(slot, 49)]
            (floats + triples)[NeighbourSample.capacity + place] = ring[index(slot, 73)]
            (floats + triples)[2 * NeighbourSample.capacity + place] = ring[index(slot, 97)]
        }
        ring[slot] = yf
        (s.y1, s.y2, s.y3) = (y, s.y1, s.y2)

        // ranks, in the order in which they draw
        let base = floats + calibrators
        @inline(__always)
        func rank(_ channel: Int, _ evidence: Double) -> Double {
            guard evidence >= 0 else { return 0 }
            let clean = evidence <= noise ? 0 : Float(evidence)
            return Calibrator(at: base + channel * Calibrator.size).rank(clean, random: &random)
        }
        let l0 = rank(0, season)
        let l1 = rank(1, error)
        let l2 = rank(2, jump)
        let l3 = rank(3, shift12)
        let l4 = rank(4, shift48)
        let l5 = rank(5, Double(pair))
        let l6 = rank(6, Double(triple))
        let l7 = Calibrator(at: base + 7 * Calibrator.size).rank(-yf, random: &random)

        var reading = Reading()
        var ready = 0.0
        for channel in [0, 1, 3, 4, 6, 7] where (base + channel * Calibrator.size)[0] > Float(Calibrator.warmUp) {
            ready += 1
        }
        var strongest = 0.0
        var sum = 0.0
        @inline(__always)
        func add(_ group: Double, _ reason: Evidence) {
            sum += group * group.squareRoot().squareRoot()
            if group > strongest {
                strongest = group
                reading.reason = reason
            }
        }
        add(l0, .season)
        add((l1 + l2) / 2, .jump)
        add(l3, .shift12)
        add(l4, .shift48)
        add((l5 + l6) / 2, .pattern)
        add(l7, .low)
        reading.evidence = pow(sum / max(ready, 3), 0.8)
        reading.expected = expected
        reading.usualError = usualError
        return reading
    }

    @inline(__always)
    private static func index(_ slot: Int, _ back: Int) -> Int {
        slot >= back ? slot - back : slot - back + history
    }

    /// The hour of day in UTC, for any time.
    @inline(__always)
    static func hourOfDay(_ time: Int64) -> Int {
        let second = time % 86_400
        return Int((second < 0 ? second + 86_400 : second) / 3_600)
    }

    private static func standardise(_ s: inout Scalars, _ ring: UnsafeMutablePointer<Float>) {
        var sum = 0.0
        for index in 0..<50 {
            sum += Double(ring[index])
        }
        let mean = sum / 50
        var squares = 0.0
        for index in 0..<50 {
            squares += (Double(ring[index]) - mean) * (Double(ring[index]) - mean)
        }
        s.regression.standardise(mean: mean, deviation: (squares / 50).squareRoot())
    }
}
