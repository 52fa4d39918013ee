import AWSAccess
import UsageCore

extension StateTable {
    /// Seconds in whole steps of which the last event time of an account is kept: it moves with every batch.
    static let accountStep: Int64 = 60

    /// Widens the times of the accounts in `items` where the table does not cover them yet.
    func note(_ items: [WatchedItem], deadline: ContinuousClock.Instant) async throws {
        var spans: [String: AccountTimes.Span] = [:]
        for item in items {
            let last = EventTime.floorDivide(item.seconds, Self.accountStep) * Self.accountStep
            let known = spans[item.account] ?? AccountTimes.Span(first: item.seconds, last: last)
            spans[item.account] = .init(first: min(known.first, item.seconds), last: max(known.last, last))
        }
        let ordered = spans.sorted { $0.key < $1.key }.map { (account: $0.key, span: $0.value) }
        _ = try await Concurrently.map(ordered, atMost: Self.concurrency) { account, span in
            let news = accountTimes.news(span, of: account)
            if news.first { try await widen("first", "<", span.first, account, deadline: deadline) }
            if news.last { try await widen("last", ">", span.last, account, deadline: deadline) }
            accountTimes.learn(span, of: account)
        }
    }

    private func widen(
        _ attribute: String,
        _ comparison: String,
        _ seconds: Int64,
        _ account: String,
        deadline: ContinuousClock.Instant
    ) async throws {
        let update = DynamoDB.Expression(
            "SET #a = :v",
            names: ["#a": attribute],
            values: [":v": .number(String(seconds))]
        )
        do throws(ServiceFailure) {
            try await dynamo.updateItem(
                StateKey.account(account),
                table: name,
                update: update,
                condition: DynamoDB.Expression("attribute_not_exists(#a) OR :v \(comparison) #a"),
                isSafeToRepeat: true,
                deadline: deadline
            )
        } catch {
            guard error.kind == .conditionFailed else { throw error }
            // The table covers it already.
        }
    }
}
