import AWSAccess
import UsageCore

extension StateTable {
    /// Hints and signals are of use while an interval goes on, and as long as its records may come late.
    static let hintKept: Int64 = 2 * 86400

    /// Adds hints part by part, each once for a batch however often it comes.
    func hint(
        _ hints: HintBatch,
        batch: String,
        receivedAt: Int64,
        deadline: ContinuousClock.Instant
    ) async throws {
        for (part, hints) in hints.parts.enumerated() {
            let actions = hints.map { hint -> DynamoDB.WriteAction in
                let update = DynamoDB.Expression(
                    "SET #x = :x ADD #q :q, #r :r",
                    names: ["#x": StateKey.expiry, "#q": "quantity", "#r": "records"],
                    values: [
                        ":x": .number(String(hint.interval.start + Self.hintKept)), ":q": .number(hint.sum.quantity),
                        ":r": .integer(hint.sum.records),
                    ]
                )
                let usage = catalog.usages[hint.interval.entity.usage].name
                return .update(StateKey.hint(hint.interval, usage: usage), table: name, update)
            }
            _ = try await transact(
                actions,
                mark: StateKey.hintMark(batch, part: part),
                until: receivedAt + Self.redelivery,
                deadline: deadline
            )
        }
    }

    /// What those entities have counted in those intervals so far; 0 where nothing is kept of one.
    func sums(
        of intervals: [CountedInterval],
        deadline: ContinuousClock.Instant
    ) async throws -> [CountedInterval: Double] {
        let keys = intervals.map { interval -> DynamoDB.Item in
            let usage = catalog.usages[interval.entity.usage]
            guard !HintBatch.holds(usage) else { return StateKey.hint(interval, usage: usage.name) }
            return StateKey.count(
                usage: usage.name,
                account: interval.entity.account,
                region: interval.entity.region,
                kind: "",
                seconds: interval.start
            )
        }
        let found = try await items(keys, isConsistent: true, deadline: deadline)
        return zip(intervals, found).reduce(into: [:]) { $0[$1.0] = $1.1?["quantity"]?.double ?? 0 }
    }

    /// The items with those keys, in their order; nil where there is none.
    func items(
        _ keys: [DynamoDB.Item],
        isConsistent: Bool,
        deadline: ContinuousClock.Instant
    ) async throws -> [DynamoDB.Item?] {
        func name(_ item: DynamoDB.Item) -> [String] {
            [StateKey.partition, StateKey.sort].map { item[$0]?.string ?? "" }
        }
        let found = try await dynamo.batchGetItem(
            keys,
            table: self.name,
            isConsistent: isConsistent,
            deadline: deadline
        )
        let byName = Dictionary(found.map { (name($0), $0) }) { first, _ in first }
        return keys.map { byName[name($0)] }
    }
}
