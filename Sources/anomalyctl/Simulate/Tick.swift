/// Five minutes of simulated time.
struct Tick: Sendable {
    static let seconds = 300

    /// Ticks since 1970.
    let index: Int

    var start: Int { index * Self.seconds }
    var end: Int { start + Self.seconds }

    static func index(of time: Int) -> Int {
        time / seconds
    }

    /// A second within the tick.
    func moment(_ random: inout SplitMix64) -> Int {
        start + random.below(Self.seconds)
    }
}
