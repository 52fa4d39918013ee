/// How fast accounts are looked up: as fast as the service answers, slower after each refusal.
///
/// Organizations refuses what goes beyond a rate that all callers of an organization share, so the pause between two lookups doubles
/// with a refusal and shrinks with each answer (additive increase and multiplicative decrease of the rate, as in RFC 5681).
struct LookupPace {
    /// What a lookup waits before its first call.
    private(set) var pause = Duration.zero
    private var refusals = 0

    private static let shortest = Duration.milliseconds(20)
    private static let longest = Duration.seconds(1)
    /// Lookups refused in a row, each after all its tries, after which the service is left alone.
    private static let mostRefusals = 4

    /// Whether nothing but refusals came lately.
    var isHopeless: Bool { refusals >= Self.mostRefusals }

    mutating func refused() {
        refusals += 1
        pause = min(Self.longest, max(Self.shortest, pause * 2))
    }

    mutating func answered() {
        refusals = 0
        pause = pause > Self.shortest ? pause - pause / 8 : .zero
    }
}
