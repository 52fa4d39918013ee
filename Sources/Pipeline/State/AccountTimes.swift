import Synchronization

/// What this process knows of the times of accounts in the state table, so that it need not write them again.
final class AccountTimes: Sendable {
    struct Span: Equatable {
        var first: Int64
        var last: Int64
    }

    private let spans = Mutex<[String: Span]>([:])

    /// The part of `span` that the table may not have yet.
    func news(_ span: Span, of account: String) -> (first: Bool, last: Bool) {
        spans.withLock { spans in
            guard let known = spans[account] else { return (true, true) }
            return (span.first < known.first, span.last > known.last)
        }
    }

    /// The table has at least `span` now.
    func learn(_ span: Span, of account: String) {
        spans.withLock { spans in
            let known = spans[account] ?? span
            spans[account] = Span(first: min(known.first, span.first), last: max(known.last, span.last))
        }
    }
}
