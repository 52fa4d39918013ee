import Synchronization

/// How far long work has come.
///
/// Workers add; whoever shows it reads.
package final class Progress: Sendable {
    package struct State: Sendable {
        package var stage = ""
        package var done = 0
        package var total = 0
        package var records = 0

        package init(stage: String = "", done: Int = 0, total: Int = 0, records: Int = 0) {
            self.stage = stage
            self.done = done
            self.total = total
            self.records = records
        }
    }

    private let state = Mutex(State())
    private let changed: @Sendable (State) -> Void

    /// - Parameter changed: called with each step, from any worker.
    package init(_ changed: @escaping @Sendable (State) -> Void = { _ in }) { self.changed = changed }

    /// Begins a stage of `total` steps (bytes, series).
    package func begin(_ stage: String, total: Int) {
        changed(
            state.withLock { state in
                state = State(stage: stage, done: 0, total: total, records: 0)
                return state
            }
        )
    }

    /// Adds steps done and records read.
    package func advance(_ steps: Int, records: Int = 0) {
        changed(
            state.withLock { state in
                state.done += steps
                state.records += records
                return state
            }
        )
    }
}
