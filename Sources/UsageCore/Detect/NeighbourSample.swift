/// How far a point lies from its third nearest neighbour in a uniform sample of 512 earlier ones.
///
/// The distance to the k-th neighbour as an outlier score: Ramaswamy, Rastogi and Shim, SIGMOD 2000. Views of columns
/// that somebody else owns, one of `capacity` floats for each coordinate; unused places hold values that are far from
/// everything.
enum NeighbourSample {
    /// Points that are kept.
    static let capacity = 512
    /// What fills unused places: its square is large and finite.
    static let far: Float = 1e18

    /// Where a point goes that is the `seen`-th of its kind, or nil where it is not kept; draws once when the sample is
    /// full.
    @inline(__always)
    static func place(seen: Int, random: inout Xorshift32) -> Int? {
        if seen <= capacity { return seen - 1 }
        let place = Int(random.next() % UInt32(truncatingIfNeeded: min(seen, 32_768)))
        return place < capacity ? place : nil
    }

    /// The distance from (`a`, `b`) to its third neighbour among the points in two columns.
    @inline(__always)
    static func distance(_ columns: UnsafeMutablePointer<Float>, _ a: Float, _ b: Float, used: Int) -> Float {
        let raw = UnsafeRawPointer(columns)
        var nearest = Nearest()
        let a = Lanes(repeating: a)
        let b = Lanes(repeating: b)
        for offset in stride(from: 0, to: (min(used, capacity) + 7) & ~7, by: 8) {
            let u = a - raw.loadUnaligned(fromByteOffset: 4 * offset, as: Lanes.self)
            let v = b - raw.loadUnaligned(fromByteOffset: 4 * (capacity + offset), as: Lanes.self)
            nearest.take(u * u + v * v)
        }
        return nearest.third.squareRoot()
    }

    /// The distance from (`a`, `b`, `c`) to its third neighbour among the points in three columns.
    @inline(__always)
    static func distance(
        _ columns: UnsafeMutablePointer<Float>,
        _ a: Float,
        _ b: Float,
        _ c: Float,
        used: Int
    ) -> Float {
        let raw = UnsafeRawPointer(columns)
        var nearest = Nearest()
        let a = Lanes(repeating: a)
        let b = Lanes(repeating: b)
        let c = Lanes(repeating: c)
        for offset in stride(from: 0, to: (min(used, capacity) + 7) & ~7, by: 8) {
            let u = a - raw.loadUnaligned(fromByteOffset: 4 * offset, as: Lanes.self)
            let v = b - raw.loadUnaligned(fromByteOffset: 4 * (capacity + offset), as: Lanes.self)
            let w = c - raw.loadUnaligned(fromByteOffset: 4 * (2 * capacity + offset), as: Lanes.self)
            nearest.take(u * u + v * v + w * w)
        }
        return nearest.third.squareRoot()
    }

    private typealias Lanes = SIMD8<Float>

    /// The three smallest values of each lane; merged at the end.
    private struct Nearest {
        private var first = Lanes(repeating: .greatestFiniteMagnitude)
        private var second = Lanes(repeating: .greatestFiniteMagnitude)
        private var last = Lanes(repeating: .greatestFiniteMagnitude)

        @inline(__always)
        mutating func take(_ distance: Lanes) {
            let nearer = distance .< first
            let pushed = distance.replacing(with: first, where: nearer)
            first.replace(with: distance, where: nearer)
            let nearerThanSecond = pushed .< second
            let rest = pushed.replacing(with: second, where: nearerThanSecond)
            second.replace(with: pushed, where: nearerThanSecond)
            last.replace(with: rest, where: rest .< last)
        }

        /// The third smallest of all values taken.
        @inline(__always)
        var third: Float {
            var a = Float.greatestFiniteMagnitude
            var b = a
            var c = a
            for lane in 0..<8 {
                for value in [first[lane], second[lane], last[lane]] {
                    if value < a {
                        (a, b, c) = (value, a, b)
                    } else if value < b {
                        (b, c) = (value, b)
                    } else if value < c {
                        c = value
                    }
                }
            }
            return c
        }
    }
}
