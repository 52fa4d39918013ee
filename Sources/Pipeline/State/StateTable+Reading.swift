import AWSAccess
import UsageCore

extension StateTable {
    /// A record's time may be a little ahead of our own clock.
    private static let slack: Int64 = 600

    /// The time that is looked at, seconds since 1970.
    var time: ClosedRange<Int64> {
        let now = now()
        return (EventTime.floorDivide(now, 86400) - lookbackDays) * 86400...now + Self.slack
    }

    /// A day of the time that is looked at, and one of its shards.
    struct Slice: Sendable {
        let day: String
        let shard: Int
    }

    /// Days in their order, so that counts are added in about the order of time.
    static func slices(_ time: ClosedRange<Int64>) -> [Slice] {
        days(time).flatMap { day in (0..<StateKey.shards).map { Slice(day: day, shard: $0) } }
    }

    static func days(_ time: ClosedRange<Int64>) -> [String] {
        let first = EventTime.floorDivide(time.lowerBound, 86400)
        let last = EventTime.floorDivide(time.upperBound, 86400)
        return (first...last).map { StateKey.day($0 * 86400) }
    }

    /// Hands every page of what stands under a partition key to `take`.
    func pages(
        of partition: String,
        sortedBy prefix: String? = nil,
        filter: DynamoDB.Expression? = nil,
        deadline: ContinuousClock.Instant,
        _ take: ([DynamoDB.Item]) throws -> Void
    ) async throws {
        var text = "#pk = :pk"
        var names = ["#pk": StateKey.partition]
        var values: DynamoDB.Item = [":pk": .string(partition)]
        if let prefix {
            text += " AND begins_with(#sk, :sk)"
            names["#sk"] = StateKey.sort
            values[":sk"] = .string(prefix)
        }
        var query = DynamoDB.Query(table: name, key: DynamoDB.Expression(text, names: names, values: values))
        query.filter = filter
        query.isConsistent = true
        repeat {
            let page = try await dynamo.query(query, deadline: deadline)
            try take(page.items)
            query.start = page.next
        } while query.start != nil
    }
}
