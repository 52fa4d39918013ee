import Glibc

/// A hurdle model for sparse counts: is a bucket busy at all, and if so, how much does it hold.
///
/// Mullahy, Journal of Econometrics 33 (1986), the two-part model; occupancy and size are exponentially forgotten averages.
/// Three evidences: a burst (this bucket), too many busy buckets and too few (in the last 6, 12 and 64).
struct Hurdle: Sendable {
    /// Evidences of one row.
    struct Reading {
        /// The largest of the three, on the scale of the combined evidence; 0 while warming up.
        var evidence = 0.0
        var reason = Evidence.none
    }

    /// Floats that the three calibrators take.
    static let floats = 3 * Calibrator.size
    /// Occupancy below which the hurdle alone decides.
    static let sparse = 0.15
    /// Rows and busy buckets before it says anything.
    static let warmUpRows = 100
    private static let forgetting = 1.0 / 2_560

    private(set) var weight = 0.0
    private var share = 0.0
    private(set) var busyCount = 0.0
    private(set) var size = 0.0
    private var variance = 0.0
    private var dispersion = InlineArray<3, Double>(repeating: 1)
    private var recent: UInt64 = 0

    /// The probability that a bucket is busy, with half a busy bucket added.
    var occupancy: Double { (share * weight + 0.5) / (weight + 1) }

    /// Whether a bucket can be judged after `rows` rows.
    func isReady(rows: Int) -> Bool { rows >= Self.warmUpRows && busyCount >= 3 }

    /// What busy buckets hold at most, but for rare ones: mean and two standard deviations.
    var usualLimit: Double { busyCount > 0 ? 1 + size + 2 * max(variance, size).squareRoot() : 0 }

    /// Judges the bucket that holds `x`, then learns from it.
    mutating func observe(
        _ x: Double,
        row: Int,
        calibrators: UnsafeMutablePointer<Float>?,
        random: inout Xorshift32
    ) -> Reading {
        var reading = Reading()
        let busy = x > 0
        let p = occupancy
        recent = recent << 1 | (busy ? 1 : 0)
        if row >= Self.warmUpRows, let calibrators {
            var e0 = 0.0
            var e1 = 0.0
            var e2 = 0.0
            if busyCount >= 3 {
            let logP = log(p)
            let logQ = log1p(-p)
            let odds = p / (1 - p)
            if busy {
                let spread = max(variance * (1 + 2 / busyCount), 1.05 * size)
                e0 = -logP * 0.434_294_481_903_251_8
                if x > 1, size > 0 {
                    e0 -= SpecialFunctions.logNegativeBinomialTail(atLeast: x - 1, mean: size, variance: spread)
                } else if x > 1 {
                    e0 += 300
                }
            }
            for window in 0..<3 {
                let n = window == 0 ? 6 : window == 1 ? 12 : 64
                let bits = n == 64 ? recent : recent & ((1 << UInt64(n)) - 1)
                let count = bits.nonzeroBitCount
                let mean = Double(n) * p
                let f = max(1, dispersion[window])
                if Double(count) > mean {
                    let tail = SpecialFunctions.logBinomialTail(
                        atLeast: count, of: n, odds: odds, logP: logP, logQ: logQ)
                    e1 = max(e1, -tail / f)
                } else if Double(count) < mean {
                    let tail = SpecialFunctions.logBinomialTail(
                        atMost: count, of: n, odds: odds, logP: logP, logQ: logQ)
                    e2 = max(e2, -tail / f)
                }
                let excess = Double(count) - mean
                let z = excess * excess / (mean * (1 - p))
                dispersion[window] += (min(z, 16 * f) - dispersion[window]) / 1_000
            }
            }
            let learns = p < 0.6
            @inline(__always)
            func weigh(_ index: Int, _ evidence: Double, _ reason: Evidence) {
                var h = evidence / 4
                if learns {
                    let calibrator = Calibrator(at: calibrators + index * Calibrator.size)
                    let ready = calibrator.isReady
                    let rank = calibrator.rank(Float(evidence), random: &random)
                    if ready { h = min(h, rank / 3) }
                }
                if h > reading.evidence {
                    reading.evidence = h
                    reading.reason = reason
                }
            }
            weigh(0, e0, .rareBurst)
            weigh(1, e1, .manyBusy)
            weigh(2, e2, .silence)
        }
        learn(x, busy: busy)
        return reading
    }

    @inline(__always)
    private mutating func learn(_ x: Double, busy: Bool) {
        weight = weight * (1 - Self.forgetting) + 1
        share += ((busy ? 1 : 0) - share) / weight
        guard busy else { return }
        var size = x - 1
        if busyCount >= 8 {
            size = min(size, self.size + 8 * max(variance, self.size + 1).squareRoot())
        }
        busyCount = busyCount * (1 - Self.forgetting) + 1
        let error = size - self.size
        self.size += error / busyCount
        variance += (error * (size - self.size) - variance) / busyCount
    }
}
