/// Marsaglia's 32-bit xorshift generator (Journal of Statistical Software 8, 2003; shifts 13, 17, 5).
///
/// It decides which observations stay in a uniform sample. Four bytes of state, the same sequence on every machine.
struct Xorshift32: Sendable, Equatable {
    private var state: UInt32

    /// The generator for `seed`; every seed gives a sequence of its own.
    init(seed: UInt32) {
        let mixed = 2_463_534_242 ^ (2_654_435_761 &* seed)
        state = mixed == 0 ? 2_463_534_242 : mixed
    }

    @inline(__always)
    mutating func next() -> UInt32 {
        var x = state
        x ^= x << 13
        x ^= x >> 17
        x ^= x << 5
        state = x
        return x
    }

    /// Passes over `count` numbers that somebody else would have drawn.
    @inline(__always)
    mutating func skip(_ count: Int) {
        for _ in 0..<count {
            _ = next()
        }
    }
}
