import AWSAccess
import Synchronization

/// A clock on which waiting takes no time: it leaps ahead by what somebody sleeps.
package final class LeapingTime: Sendable {
    private let leaps = Mutex<Duration>(.zero)
    private let start: WallTime

    /// `start`: what civil time stands still at; that of the machine if nil.
    package init(_ start: WallTime = .now()) { self.start = start }

    /// The clock for a session.
    package var clock: CallClock {
        CallClock(
            now: { self.start },
            instant: { .now + self.leaps.withLock(\.self) },
            sleep: { duration in
                try Task.checkCancellation()
                self.leaps.withLock { $0 += duration }
            },
            random: { 0.5 }
        )
    }
}
