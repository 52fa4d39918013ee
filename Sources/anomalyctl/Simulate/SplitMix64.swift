import Glibc

/// A small seeded generator: everything a simulation draws comes from one of these, so that a seed names a run.
///
/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A generator for one named part of a run, which draws the same whatever the other parts do.
    init(seed: UInt64, part: String, _ number: Int = 0) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in part.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        state = Self.mix(seed, hash, UInt64(bitPattern: Int64(number)))
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.finish(state)
    }

    /// The first number this generator would draw.
    var peek: UInt64 {
        var copy = self
        return copy.next()
    }

    /// A number in 0..<1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Whether something that happens with `probability` happens now.
    mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// A number in 0..<`bound`; 0 when `bound` is not positive.
    mutating func below(_ bound: Int) -> Int {
        bound <= 0 ? 0 : Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in `range`.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// One of `choices`, which must not be empty; `fallback` where it is.
    mutating func pick<Choice>(_ choices: [Choice], or fallback: Choice) -> Choice {
        choices.isEmpty ? fallback : choices[below(choices.count)]
    }

    /// One of `choices`; empty when there are none.
    mutating func pick(_ choices: [String]) -> String {
        pick(choices, or: "")
    }

    /// How often a thing that happens `mean` times on average happens this time (Poisson; normal from 40 on).
    mutating func count(mean: Double) -> Int {
        if mean <= 0 { return 0 }
        if mean > 40 { return max(0, Int((mean + normal() * mean.squareRoot()).rounded())) }
        let limit = exp(-mean)
        var product = unit()
        var count = 0
        while product > limit {
            product *= unit()
            count += 1
        }
        return count
    }

    /// A standard normal number (Box and Muller, 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * Double.pi * unit())
    }

    /// One number of three, well mixed: names the resources of an account without a table of them.
    static func mix(_ a: UInt64, _ b: UInt64, _ c: UInt64 = 0) -> UInt64 {
        finish(finish(finish(a &+ 0x9e37_79b9_7f4a_7c15) ^ b) &+ c &* 0xff51_afd7_ed55_8ccd)
    }

    private static func finish(_ word: UInt64) -> UInt64 {
        var z = word
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
