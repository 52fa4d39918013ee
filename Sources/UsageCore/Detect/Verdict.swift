/// What the detector makes of one value.
package struct Verdict: Sendable, Equatable {
    /// Strangeness in 0...1; 0 while warming up and while a stronger alert is fresh.
    package var score = 0.0
    /// The evidence behind the score before the cool-down, about -log10 of a probability.
    package var evidence = 0.0
    /// Whether the score reaches the detector's level.
    package var isAnomaly = false
    /// What was expected, in the units of the input; 0 while warming up, as are `low` and `high`.
    package var expected = 0.0
    /// The lower end of the range in which some 97 of 100 values lie; not below 0 for counts.
    package var low = 0.0
    /// The upper end of that range; for a sparse count series, what a busy bucket usually holds at most.
    package var high = 0.0
    /// The evidence that weighed most.
    package var reason = Evidence.none

    package init() {}
}
