import Glibc

/// How rare is this value among everything that one evidence has ever been: a rank, with an exponential tail beyond the
/// largest.
///
/// A view of `Calibrator.size` floats that somebody else owns: count, number of tops, number of samples, then the 64
/// largest values ever (ascending), then a uniform sample of 200 (ascending).
struct Calibrator {
    /// Floats of storage that one calibrator takes.
    static let size = 4 + topCapacity + sampleCapacity
    /// Observations before a rank means anything.
    static let warmUp = 150

    private static let topCapacity = 64
    /// Observations that the uniform sample holds.
    static let sampleCapacity = 200
    /// At this count the past is halved, so that a long series forgets slowly.
    private static let horizon = 32_768

    private let base: UnsafeMutablePointer<Float>

    @inline(__always)
    init(at base: UnsafeMutablePointer<Float>) {
        self.base = base
    }

    @inline(__always) private var tops: UnsafeMutablePointer<Float> { base + 4 }
    @inline(__always) private var samples: UnsafeMutablePointer<Float> { base + 4 + Self.topCapacity }

    /// Observations so far; halved at the horizon.
    @inline(__always) var count: Int { Int(base[0]) }

    /// Whether the next value will be ranked.
    @inline(__always) var isReady: Bool { base[0] >= Float(Self.warmUp) }

    /// The value below which 98 of 100 sampled observations lie; 0 while there are none.
    @inline(__always)
    var usualLimit: Double {
        let sampled = Int(base[2])
        guard sampled > 0 else { return 0 }
        return Double(samples[min(sampled - 1, (sampled - 1) * 98 / 100)])
    }

    /// -log10 of the share of the past that was at least `value` (0 while there is little past), and takes `value` in.
    ///
    /// - Parameters:
    ///   - value: the evidence; larger is stranger.
    ///   - random: drawn from once when the sample is full.
    /// - Returns: 0...12.
    @inline(__always)
    func rank(_ value: Float, random: inout Xorshift32) -> Double {
        let count = self.count
        let surprise = count >= Self.warmUp ? -log10(probability(of: value, among: count)) : 0
        insert(value, random: &random)
        return surprise
    }

    @inline(__always)
    private func probability(of value: Float, among count: Int) -> Double {
        let topCount = Int(base[1])
        let total = Double(count + 1)
        if topCount > 0, value <= tops[0], topCount != count {
            // The common case: below all of the largest, so the sample decides.
            let sampled = Int(base[2])
            let above = sampled - Self.firstIndex(in: samples, count: sampled, notBelow: value)
            return max(Double(topCount + 1) / total, Double(above + 1) / Double(sampled + 1))
        }
        let above = topCount - Self.firstIndex(in: tops, count: topCount, notBelow: value)
        let probability = Double(above + 1) / total
        return above > 0 ? probability : max(1e-12, min(probability, tail(of: value, among: count)))
    }

    /// Beyond the largest value ever: an exponential through the mean excess of the largest few.
    private func tail(of value: Float, among count: Int) -> Double {
        let topCount = Int(base[1])
        let few = max(1, min(max(5, count / 50), topCount - 1))
        let threshold = Double(tops[max(0, topCount - 1 - few)])
        var sum = 0.0
        for index in max(0, topCount - few)..<topCount {
            sum += Double(tops[index])
        }
        let excess = sum / Double(few) - threshold
        guard excess > 0 else { return 1e-6 }
        return Double(few + 1) / Double(count + 1) * exp(-(Double(value) - threshold) / excess)
    }

    /// Takes `value` in; draws once when the sample is full.
    @inline(__always)
    func insert(_ value: Float, random: inout Xorshift32) {
        let count = self.count + 1
        base[0] = Float(count)
        let topCount = Int(base[1])
        // While every observation so far is a top, any value is; later only what exceeds the smallest of them.
        if topCount == count - 1 && topCount < Self.topCapacity {
            Self.insert(value, into: tops, count: topCount)
            base[1] = Float(topCount + 1)
        } else if value > tops[0] {
            if topCount == Self.topCapacity {
                Self.replace(0, in: tops, count: topCount, with: value)
            } else {
                Self.insert(value, into: tops, count: topCount)
                base[1] = Float(topCount + 1)
            }
        }
        let sampled = Int(base[2])
        if sampled < Self.sampleCapacity {
            Self.insert(value, into: samples, count: sampled)
            base[2] = Float(sampled + 1)
        } else {
            let place = Int(random.next() % UInt32(truncatingIfNeeded: count))
            if place < Self.sampleCapacity {
                Self.replace(place, in: samples, count: sampled, with: value)
            }
        }
        if count >= Self.horizon {
            halve()
        }
    }

    private func halve() {
        let topCount = Int(base[1])
        let kept = topCount / 2
        for index in 0..<kept {
            tops[index] = tops[topCount - 2 * kept + 2 * index + 1]
        }
        base[0] = Float(Self.horizon / 2)
        base[1] = Float(kept)
    }

    /// The first index whose value is not below `value`, in ascending values; `count` if there is none.
    @inline(__always)
    private static func firstIndex(in sorted: UnsafeMutablePointer<Float>, count: Int, notBelow value: Float) -> Int {
        var low = 0
        var length = count
        while length > 0 {
            let half = length >> 1
            let goesRight = sorted[low &+ half] < value
            low = goesRight ? low &+ half &+ 1 : low
            length = goesRight ? length &- half &- 1 : half
        }
        return low
    }

    private static func insert(_ value: Float, into sorted: UnsafeMutablePointer<Float>, count: Int) {
        var index = count
        while index > 0, sorted[index - 1] > value {
            sorted[index] = sorted[index - 1]
            index -= 1
        }
        sorted[index] = value
    }

    private static func replace(_ place: Int, in sorted: UnsafeMutablePointer<Float>, count: Int, with value: Float) {
        var index = place
        while index + 1 < count, sorted[index + 1] < value {
            sorted[index] = sorted[index + 1]
            index += 1
        }
        while index > 0, sorted[index - 1] > value {
            sorted[index] = sorted[index - 1]
            index -= 1
        }
        sorted[index] = value
    }
}
