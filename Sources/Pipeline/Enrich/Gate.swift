import Synchronization

/// Lets one waiter through once it has been opened, by whoever comes first.
final class Gate: Sendable {
    private enum State {
        case closed
        case waitedFor(CheckedContinuation<Void, Never>)
        case open
    }

    private let state = Mutex(State.closed)

    /// Opens it; a second time does nothing.
    func open() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .open }
            guard case .waitedFor(let waiter) = state else { return nil }
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when it is open.
    func wait() async {
        await withCheckedContinuation { waiter in
            let isOpen = state.withLock { state in
                if case .open = state { return true }
                state = .waitedFor(waiter)
                return false
            }
            if isOpen { waiter.resume() }
        }
    }
}
