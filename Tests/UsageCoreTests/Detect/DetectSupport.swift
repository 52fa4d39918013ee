import Glibc

@testable import UsageCore

/// What several suites of the detector need.
enum DetectSupport {
    /// The lines that a shell command prints.
    static func lines(of command: String) -> [String] {
        guard let pipe = popen(command, "r") else { return [] }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Seconds of processor time that this thread has used.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Whether the tests were built for speed.
    static var isOptimised: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }
}

/// Made-up series from a seed.
struct SeriesMaker {
    private var random: Xorshift32

    init(seed: UInt32) {
        random = Xorshift32(seed: seed)
        random.skip(20)
    }

    /// Uniform in 0..<1.
    mutating func uniform() -> Double {
        Double(random.next()) / 4_294_967_296
    }

    /// A Poisson count (Knuth's method below 30, a rounded normal above).
    mutating func poisson(_ mean: Double) -> Double {
        if mean > 30 {
            let normal = (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
            return max(0, (mean + mean.squareRoot() * normal).rounded())
        }
        let limit = exp(-mean)
        var product = uniform()
        var count = 0.0
        while product > limit {
            product *= uniform()
            count += 1
        }
        return count
    }

    /// Counts of which `share` are not zero, one more than a Poisson count of mean 1.
    mutating func rare(_ count: Int, share: Double) -> [Double] {
        (0..<count).map { _ in uniform() < share ? 1 + poisson(1) : 0 }
    }
}
