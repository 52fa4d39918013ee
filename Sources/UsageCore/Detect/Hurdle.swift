import Glibc

/// A hurdle model for sparse counts: is a bucket busy at all, and if so, how much does it hold.
///
/// Mullahy, Journal of Econometrics 33 (1986), the two-part model; occupancy and size are exponentially forgotten
/// averages. Three evidences: a burst (this bucket), too many busy buckets and too few (in the last 6, 12 and 64).
struct Hurdle: Sendable {
    /// What a bucket looked like to the model.
    struct Reading {
        /// The largest of the three evidences, calibrated; 0 while warming up.
        var evidence = 0.0
        var reason = Evidence.none
    }

    /// Occupancy below which the hurdle alone decides.
    static let sparse = 0.15
    /// Rows before it says anything.
    static let warmUpRows = 100
    /// Busy buckets before it says anything.
    static let warmUpBusy = 3.0
    private static let forgetting = 1.0 / 2_560
    /// Above this occupancy the evidences are not used and not calibrated.
    private static let crowded = 0.6
    /// Below this occupancy a bucket that ends 64 silent ones is taken as ordinary.
    private static let nearlyEmpty = 0.005
    private static let log10e = 0.434_294_481_903_251_8

    private var weight = 0.0
    private var share = 0.0
    private(set) var busyCount = 0.0
    private var size = 0.0
    private var variance = 0.0
    private var dispersion = InlineArray<3, Double>(repeating: 1)
    /// One bit a bucket, the latest lowest.
    private var recent: UInt64 = 0

    /// The probability that the next bucket is busy, with half a busy bucket added.
    private(set) var occupancy = 0.5

    /// What the next bucket is expected to hold.
    @inline(__always) var expected: Double { occupancy * (1 + size) }

    /// What busy buckets hold at most, but for rare ones: their mean and two standard deviations.
    @inline(__always)
    var usualLimit: Double { busyCount > 0 ? 1 + size + 2 * max(variance, size).squareRoot() : 0 }

    /// Whether an empty bucket now would end 64 silent ones in a series that is nearly always empty.
    ///
    /// Its evidence counts as 0; calculated, it is at most -16 log10(1 - occupancy) < 0.035, a score below 0.025.
    @inline(__always) var expectsSilence: Bool { recent << 1 == 0 && occupancy < Self.nearlyEmpty }

    /// Judges the bucket that holds `x`, then learns from it.
    ///
    /// - Parameters:
    ///   - x: the count, not negative.
    ///   - row: the number of the bucket, from 0.
    ///   - ranks: the calibrators of the three evidences.
    ///   - random: drawn from for each calibrator that is full.
    ///   - judging: false where only the learning matters; the reading then says nothing.
    /// - Returns: how strange the bucket is, and why.
    @inline(__always)
    mutating func observe(
        _ x: Double,
        row: Int,
        ranks: HurdleRanks,
        random: inout Xorshift32,
        judging: Bool
    ) -> Reading {
        var reading = Reading()
        if row >= Self.warmUpRows {
            let p = occupancy
            let silent = x <= 0
            let quiet = silent && expectsSilence
            let evidences = busyCount >= Self.warmUpBusy ? weigh(x, occupancy: p) : (0, 0, 0)
            let calibrated = p < Self.crowded
            ranks.withUnsafeMutablePointerToElements { floats in
                take(evidences.0, .rareBurst, Calibrator(at: floats))
                take(evidences.1, .manyBusy, Calibrator(at: floats + Calibrator.size))
                take(evidences.2, .silence, Calibrator(at: floats + 2 * Calibrator.size))
            }
            if quiet { reading = Reading() }

            @inline(__always)
            func take(_ evidence: Double, _ reason: Evidence, _ calibrator: Calibrator) {
                guard calibrated else { return }
                // The rank can only lower what a quarter of the evidence says.
                guard judging, evidence / 4 > reading.evidence else {
                    return calibrator.insert(Float(evidence), random: &random)
                }
                let ready = calibrator.isReady
                let rank = calibrator.rank(Float(evidence), random: &random)
                let weighed = ready ? min(evidence / 4, rank / 3) : evidence / 4
                if weighed > reading.evidence {
                    reading = Reading(evidence: weighed, reason: reason)
                }
            }
        }
        learn(x)
        return reading
    }

    /// The three evidences, -log10 of probabilities; over-dispersion of the windows is learnt on the way.
    @inline(__always)
    private mutating func weigh(_ x: Double, occupancy p: Double) -> (Double, Double, Double) {
        let bits = recent << 1 | (x > 0 ? 1 : 0)
        var many = 0.0
        var few = 0.0
        let logP = bits == 0 ? 0 : log(p)
        let logQ = log1p(-p)
        let odds = p / (1 - p)
        for window in 0..<3 {
            let n = window == 0 ? 6 : window == 1 ? 12 : 64
            let busy = (n == 64 ? bits : bits & (1 << UInt64(n) - 1)).nonzeroBitCount
            let mean = Double(n) * p
            let f = max(1, dispersion[window])
            let excess = Double(busy) - mean
            if p >= Self.crowded {
                // Nobody asks for the tails then.
            } else if busy == 0 {
                few = max(few, Double(n) * -logQ * Self.log10e / f)
            } else if excess > 0 {
                let tail = SpecialFunctions.logBinomialTail(atLeast: busy, of: n, odds: odds, logP: logP, logQ: logQ)
                many = max(many, -tail / f)
            } else {
                let tail = SpecialFunctions.logBinomialTail(atMost: busy, of: n, odds: odds, logP: logP, logQ: logQ)
                few = max(few, -tail / f)
            }
            let z = busy == 0 ? Double(n) * odds : excess * excess / (mean * (1 - p))
            dispersion[window] += (min(z, 16 * f) - dispersion[window]) / 1_000
        }
        return (x > 0 && p < Self.crowded ? burst(x, logP: logP) : 0, many, few)
    }

    private func burst(_ x: Double, logP: Double) -> Double {
        let rare = -logP * Self.log10e
        guard x > 1 else { return rare }
        // Where no busy bucket has ever held more than one, half a further event is assumed.
        let mean = max(size, 0.5 / (busyCount + 1))
        let spread = max(variance * (1 + 2 / busyCount), 1.05 * mean)
        return rare - SpecialFunctions.logNegativeBinomialTail(atLeast: x - 1, mean: mean, variance: spread)
    }

    /// Takes the bucket that holds `x` in without judging it: all there is to do before the warm-up is over.
    @inline(__always)
    mutating func learn(_ x: Double) {
        weight = weight * (1 - Self.forgetting) + 1
        share += ((x > 0 ? 1 : 0) - share) / weight
        occupancy = (share * weight + 0.5) / (weight + 1)
        recent = recent << 1 | (x > 0 ? 1 : 0)
        if x > 0 { learnSize(x - 1) }
    }

    private mutating func learnSize(_ surplus: Double) {
        var surplus = surplus
        if busyCount >= 8 {
            surplus = min(surplus, size + 8 * max(variance, size + 1).squareRoot())
        }
        busyCount = busyCount * (1 - Self.forgetting) + 1
        let error = surplus - size
        size += error / busyCount
        variance += (error * (surplus - size) - variance) / busyCount
    }
}
