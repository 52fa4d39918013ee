/// Time and chance for calls, as closures that a test replaces.
package struct CallClock: Sendable {
    /// Civil time, for signatures.
    package let now: @Sendable () -> WallTime
    /// The moment on the clock that deadlines are given in.
    package let instant: @Sendable () -> ContinuousClock.Instant
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// Uniform in 0..<1.
    package let random: @Sendable () -> Double

    /// The machine's clocks and generator, unless told otherwise.
    package init(
        now: @escaping @Sendable () -> WallTime = { .now() },
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.now = now
        self.instant = instant
        self.sleep = sleep
        self.random = random
    }
}
