import Glibc
import Pipeline
import Synchronization
import UsageCore

/// A line on the terminal that tells how far work has come; silent where standard error is no terminal.
final class ProgressLine: Sendable {
    private struct State: Sendable {
        var stage = ""
        var began: Int64 = 0
        var lastShown: Int64 = 0
        var isShown = false
    }

    private let state = Mutex(State())
    private let isTerminal = isatty(2) == 1
    private let unit: String

    /// - Parameter unit: what is counted beside the share done, as in `records`.
    init(unit: String = "records") { self.unit = unit }

    /// Shows a step, ten times a second at most.
    func show(_ progress: Progress.State) {
        guard isTerminal else { return }
        let now = Self.milliseconds()
        let line: String? = state.withLock { state in
            if progress.stage != state.stage {
                state.stage = progress.stage
                state.began = now
                state.lastShown = 0
            }
            guard now - state.lastShown >= 100 else { return nil }
            state.lastShown = now
            state.isShown = true
            return Self.line(progress, unit: unit, elapsed: now - state.began)
        }
        if let line { try? Console.write(Array("\r\u{1B}[K\(line)".utf8), to: 2) }
    }

    /// Clears the line.
    func end() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown { try? Console.write(Array("\r\u{1B}[K".utf8), to: 2) }
    }

    static func line(_ progress: Progress.State, unit: String, elapsed: Int64) -> String {
        let share = progress.total > 0 ? min(1, Double(progress.done) / Double(progress.total)) : 0
        var line = "\(progress.stage) \(Decimal.fixed(share * 100, decimals: 0)) %"
        let seconds = Double(elapsed) / 1000
        if progress.records > 0, seconds > 0.2 {
            line += ", \(Decimal.grouped(Double(progress.records) / seconds)) \(unit)/s"
        }
        if share > 0.02, seconds > 1 {
            line += ", \(Interval.spoken(Int64((seconds / share * (1 - share)).rounded(.up)))) left"
        }
        return line
    }

    private static func milliseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
