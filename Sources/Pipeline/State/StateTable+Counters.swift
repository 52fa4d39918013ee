import AWSAccess
import UsageCore

extension StateTable {
    /// Adds counters part by part: a part and the mark that it was added are written together or not at all.
    func count(
        _ counters: CounterBatch,
        batch: String,
        receivedAt: Int64,
        into report: inout StateReport,
        deadline: ContinuousClock.Instant
    ) async throws {
        // One after the other: parts are few, and at the same time they would sooner meet those of other batches.
        for (part, counters) in counters.parts.enumerated() {
            let actions = counters.map { add($0.sum, to: $0.key) }
            let isNew = try await transact(
                actions,
                mark: StateKey.batch(batch, part: part),
                until: receivedAt + Self.redelivery,
                deadline: deadline
            )
            let records = counters.reduce(0) { $0 + $1.sum.records }
            if isNew { report.counted += records } else { report.countedBefore += records }
        }
    }

    /// Does `actions` and leaves `mark` until then, together or not at all.
    ///
    /// - Returns: False where the mark stood there before, so that all had been done.
    func transact(
        _ actions: [DynamoDB.WriteAction],
        mark: DynamoDB.Item,
        until: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> Bool {
        let name = [StateKey.partition, StateKey.sort].map { mark[$0]?.string ?? "" }.joined(separator: " ")
        var mark = mark
        mark[StateKey.expiry] = .number(String(until))
        do throws(ServiceFailure) {
            try await dynamo.transactWriteItems(
                [.put(mark, table: self.name, condition: Self.isNew)] + actions,
                // The mark makes repeating safe, so the token need only be this call's own: it differs where the mark does.
                token: Digest128(of: "\(name) \(until)").hexadecimal,
                deadline: deadline
            )
            return true
        } catch {
            guard case .transactionCancelled(let reasons)? = error.kind,
                reasons.first?.code == "ConditionalCheckFailed"
            else { throw error }
            return false
        }
    }

    private func add(_ sum: CounterBatch.Sum, to key: CounterBatch.Key) -> DynamoDB.WriteAction {
        let item = StateKey.count(
            usage: catalog.usages[key.usage].name,
            account: key.account,
            region: key.region,
            kind: key.kind,
            seconds: key.start
        )
        let update = DynamoDB.Expression(
            "SET #x = :x ADD #q :q, #r :r",
            names: ["#x": StateKey.expiry, "#q": "quantity", "#r": "records"],
            values: [
                ":x": .number(String(key.start + retentionSeconds)), ":q": .number(sum.quantity),
                ":r": .integer(sum.records),
            ]
        )
        return .update(item, table: name, update)
    }
}
