import Glibc

/// Tails of the distributions that the detector tests counts against.
enum SpecialFunctions {
    /// ln Gamma(x) for x > 0, by Lanczos' approximation (g = 7, 9 terms); relative error below 1e-13.
    static func logGamma(_ x: Double) -> Double {
        if x < 0.5 {
            // Reflection keeps the series in its range.
            return log(.pi / abs(sin(.pi * x))) - logGamma(1 - x)
        }
        let z = x - 1
        var sum = 0.999_999_999_999_809_9
        sum += 676.520_368_121_885_1 / (z + 1)
        sum += -1_259.139_216_722_402_8 / (z + 2)
        sum += 771.323_428_777_653_1 / (z + 3)
        sum += -176.615_029_162_140_6 / (z + 4)
        sum += 12.507_343_278_686_905 / (z + 5)
        sum += -0.138_571_095_265_720_12 / (z + 6)
        sum += 9.984_369_578_019_572e-6 / (z + 7)
        sum += 1.505_632_735_149_311_6e-7 / (z + 8)
        let t = z + 7.5
        return 0.918_938_533_204_672_7 + (z + 0.5) * log(t) - t + log(sum)
    }

    /// The regularised incomplete beta function I_x(a, b), for a, b > 0 and x in 0...1.
    ///
    /// The continued fraction of DLMF 8.17.22, evaluated by Lentz' method as modified by Thompson and Barnett.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if !(x > 0) { return 0 }
        if x >= 1 { return 1 }
        let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var result = d
        for step in 1...500 {
            let m = Double(step)
            for odd in [false, true] {
                let term =
                    odd
                    ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                    : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                d = 1 + term * d
                c = 1 + term / c
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = abs(c) < tiny ? tiny : c
                result *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }

    /// log10 of the probability that a negative binomial count with this mean and variance (above the mean) is at least
    /// `count`.
    static func logNegativeBinomialTail(atLeast count: Double, mean: Double, variance: Double) -> Double {
        guard count > 0 else { return 0 }
        let size = mean * mean / (variance - mean)
        let tail = incompleteBeta(mean / (mean + size), count, size)
        return tail > 1e-300 ? log10(tail) : -300
    }

    /// log10 P(Binomial(n, p) >= k), given the logs of p and 1-p; n at most 64, and k above the mean.
    static func logBinomialTail(atLeast k: Int, of n: Int, odds: Double, logP: Double, logQ: Double) -> Double {
        // The largest term comes first, so the sum of ratios needs no scaling.
        var term = 1.0
        var sum = 1.0
        var index = k
        while index < n, term > 1e-17 * sum {
            term *= Double(n - index) / Double(index + 1) * odds
            sum += term
            index += 1
        }
        return (logChoose(n, k) + Double(k) * logP + Double(n - k) * logQ + log(sum)) * 0.434_294_481_903_251_8
    }

    /// log10 P(Binomial(n, p) <= k), given the logs of p and 1-p; n at most 64, and k below the mean.
    static func logBinomialTail(atMost k: Int, of n: Int, odds: Double, logP: Double, logQ: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        var index = k
        while index > 0, term > 1e-17 * sum {
            term *= Double(index) / (Double(n - index + 1) * odds)
            sum += term
            index -= 1
        }
        return (logChoose(n, k) + Double(k) * logP + Double(n - k) * logQ + log(sum)) * 0.434_294_481_903_251_8
    }

    @inline(__always)
    private static func logChoose(_ n: Int, _ k: Int) -> Double {
        logFactorials[n] - logFactorials[k] - logFactorials[n - k]
    }

    /// ln n! for n in 0...64.
    private static let logFactorials: [Double] = {
        var table = [0.0]
        for n in 1...64 {
            table.append((table.last ?? 0) + log(Double(n)))
        }
        return table
    }()
}
