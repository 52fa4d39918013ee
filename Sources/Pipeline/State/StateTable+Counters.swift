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
                batch: batch,
                part: part,
                receivedAt: receivedAt,
                deadline: deadline
            )
            let records = counters.reduce(0) { $0 + $1.sum.records }
            if isNew { report.counted += records } else { report.countedBefore += records }
        }
    }

    /// False where the part had been added before.
    private func transact(
        _ actions: [DynamoDB.WriteAction],
        batch: String,
        part: Int,
        receivedAt: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> Bool {
        var mark = StateKey.batch(batch, part: part)
        mark[StateKey.expiry] = .number(String(receivedAt + Self.redelivery))
        do throws(ServiceFailure) {
            try await dynamo.transactWriteItems(
                [.put(mark, table: name, condition: Self.isNew)] + actions,
                // The mark makes repeating safe, so the token need only be this call's own: it differs where the mark does.
                token: Digest128(of: "\(batch)#\(part)#\(receivedAt)").hexadecimal,
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
