import Glibc
import Testing

@testable import UsageCore

@Suite struct SpecialFunctionsTests {
    @Test(arguments: [
        (0.5, 0.572_364_942_924_700_1), (1, 0), (2, 0), (10, 12.801_827_480_081_469), (100, 359.134_205_369_575_4),
        (1e-3, 6.907_178_885_383_853),
    ])
    func `the log of gamma agrees with published values`(x: Double, expected: Double) {
        #expect(abs(SpecialFunctions.logGamma(x) - expected) <= 1e-12 * max(1, abs(expected)))
    }

    @Test func `the incomplete beta agrees with closed forms`() {
        #expect(abs(SpecialFunctions.incompleteBeta(0.5, 2, 3) - 0.6875) < 1e-14)
        // I_x(1/2, 1/2) is the arcsine law.
        #expect(abs(SpecialFunctions.incompleteBeta(0.3, 0.5, 0.5) - 2 / Double.pi * asin(0.3.squareRoot())) < 1e-13)
        // I_x(1, b) = 1 - (1-x)^b
        #expect(abs(SpecialFunctions.incompleteBeta(0.01, 1, 700) - (1 - pow(0.99, 700))) < 1e-12)
        #expect(SpecialFunctions.incompleteBeta(0, 2, 3) == 0)
        #expect(SpecialFunctions.incompleteBeta(1, 2, 3) == 1)
    }

    @Test(arguments: [6, 12, 64])
    func `binomial tails equal the sum of their terms`(n: Int) {
        for p in [0.001, 0.03, 0.4, 0.9] {
            var terms: [Double] = []
            var choose = 1.0
            for k in 0...n {
                terms.append(choose * pow(p, Double(k)) * pow(1 - p, Double(n - k)))
                choose = choose * Double(n - k) / Double(k + 1)
            }
            for k in 0...n {
                let upper = terms[k...].reduce(0, +)
                let lower = terms[...k].reduce(0, +)
                let up = SpecialFunctions.logBinomialTail(
                    atLeast: k,
                    of: n,
                    odds: p / (1 - p),
                    logP: log(p),
                    logQ: log1p(-p)
                )
                let down = SpecialFunctions.logBinomialTail(
                    atMost: k,
                    of: n,
                    odds: p / (1 - p),
                    logP: log(p),
                    logQ: log1p(-p)
                )
                if Double(k) > Double(n) * p { #expect(abs(up - log10(upper)) < 1e-10) }
                if Double(k) < Double(n) * p { #expect(abs(down - log10(lower)) < 1e-10) }
            }
        }
    }

    @Test func `the negative binomial tail equals one minus the sum of its terms`() {
        let mean = 2.5
        let variance = 4.0
        let size = mean * mean / (variance - mean)
        let p = size / (size + mean)
        var below = 0.0
        for k in 0..<12 {
            let tail = SpecialFunctions.logNegativeBinomialTail(atLeast: Double(k), mean: mean, variance: variance)
            #expect(abs(tail - log10(1 - below)) < 1e-9)
            let term =
                SpecialFunctions.logGamma(Double(k) + size) - SpecialFunctions.logGamma(size)
                - SpecialFunctions.logGamma(Double(k) + 1)
            below += exp(term + size * log(p) + Double(k) * log(1 - p))
        }
    }

    @Test func `tails of absurd counts are finite`() {
        for count in [1e3, 1e9, 1e15] {
            let tail = SpecialFunctions.logNegativeBinomialTail(atLeast: count, mean: 0.1, variance: 0.2)
            #expect(tail.isFinite)
            #expect(tail < -100)
        }
    }
}
