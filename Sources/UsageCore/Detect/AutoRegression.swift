/// A prediction from the last three values, its weights learnt by recursive least squares with forgetting 0.999.
///
/// Haykin, Adaptive Filter Theory, the RLS recursion; the error is winsorised so that one spike does not teach.
struct AutoRegression: Sendable {
    private var mean = 0.0
    private var deviation = 1.0
    private var weights = SIMD4<Double>(repeating: 0)
    private var p0 = SIMD4<Double>(1e4, 0, 0, 0)
    private var p1 = SIMD4<Double>(0, 1e4, 0, 0)
    private var p2 = SIMD4<Double>(0, 0, 1e4, 0)
    private var p3 = SIMD4<Double>(0, 0, 0, 1e4)
    private var usualError = 0.0
    private var updates = 0.0

    private static let forgetting = 0.999
    /// Standardised inputs stay within this, so that no series can overflow the recursion.
    private static let largest = 1e9

    /// Fixes the scale of the inputs; done once, from the first values of the series.
    mutating func standardise(mean: Double, deviation: Double) {
        self.mean = mean
        self.deviation = deviation > 0 ? deviation : 1
    }

    /// The value that is expected after `y1`, `y2`, `y3` (latest first); learns from `y`, which came.
    @inline(__always)
    mutating func predict(_ y: Double, after y1: Double, _ y2: Double, _ y3: Double) -> Double {
        let input = SIMD4(scaled(y1), scaled(y2), scaled(y3), 1)
        let predicted = (weights * input).sum()
        let error = scaled(y) - predicted
        learn(error, input)
        return mean + deviation * predicted
    }

    @inline(__always)
    private func scaled(_ y: Double) -> Double {
        max(-Self.largest, min(Self.largest, (y - mean) / deviation))
    }

    @inline(__always)
    private mutating func learn(_ error: Double, _ input: SIMD4<Double>) {
        let limit = 6 * usualError
        let clipped = updates > 50 ? max(-limit, min(limit, error)) : error
        updates += 1
        usualError += max(1 / updates, 0.002) * (abs(clipped) - usualError)
        var gain: SIMD4<Double> = p0 * input[0]
        gain += p1 * input[1]
        gain += p2 * input[2]
        gain += p3 * input[3]
        let denominator = Self.forgetting + (input * gain).sum()
        // Rounding can cost P its positive definiteness; then the recursion starts anew instead of diverging.
        guard denominator > 0.5, denominator < 1e200 else { return restart() }
        weights += gain * (clipped / denominator)
        let step = gain / denominator
        p0 -= step * gain[0]
        p1 -= step * gain[1]
        p2 -= step * gain[2]
        p3 -= step * gain[3]
        let trace: Double = p0[0] + p1[1] + p2[2] + p3[3]
        if trace < 1e6 {
            p0 /= Self.forgetting
            p1 /= Self.forgetting
            p2 /= Self.forgetting
            p3 /= Self.forgetting
        }
        if !(abs(weights.sum()) < 1e100) { restart() }
    }

    private mutating func restart() {
        let fresh = AutoRegression()
        weights = fresh.weights
        (p0, p1, p2, p3) = (fresh.p0, fresh.p1, fresh.p2, fresh.p3)
    }
}
