import AWSAccess
import UsageCore

extension StateTable {
    /// A limit is of use for a day: if evaluations stop, so does what they left.
    static let limitKept: Int64 = 86400

    /// Leaves the limits of an evaluation for whoever counts next, where they are new, differ by more than a quarter, or would be of use for
    /// less than half a day more.
    ///
    /// Reads all that is left (half a read unit for about 30 of them); what stays as it is costs two writes a day, each of one unit. Ten
    /// thousand entities that are looked at each five minutes come to about 1.3 million read and 0.6 million write units a month.
    ///
    /// - Parameters:
    ///   - limits: All of an evaluation.
    ///   - now: Seconds since 1970.
    ///   - deadline: When the last write must have ended.
    /// - Returns: How many were written.
    /// - Throws: `ServiceFailure`; what was written until then stays.
    package func leave(
        _ limits: CountLimits,
        now: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> Int {
        var left: [String: (limit: Double, until: Int)] = [:]
        try await Concurrently.eachInOrder(Array(0..<StateKey.shards), atMost: StateKey.shards) { shard in
            var items: [DynamoDB.Item] = []
            try await pages(of: StateKey.limits(shard: shard), deadline: deadline) { items += $0 }
            return items
        } take: { _, items in
            for item in items {
                guard let key = item[StateKey.sort]?.string, let until = item["until"]?.int else { continue }
                left[key] = (item["limit"]?.double ?? 0, until)
            }
        }
        var writes: [DynamoDB.Item] = []
        func write(_ key: DynamoDB.Item, _ limit: Double?) {
            if let name = key[StateKey.sort]?.string, let old = left[name],
                Int64(old.until) - now >= Self.limitKept / 2,
                limit.map({ !CountLimit.differs($0, from: old.limit) }) ?? true
            {
                return
            }
            var item = key
            item["limit"] = limit.map { .number("\($0)") }
            item["until"] = .number(String(now + Self.limitKept))
            item[StateKey.expiry] = item["until"]
            writes.append(item)
        }
        for limit in limits.entities {
            let entity = CountedEntity(
                usage: limit.usage,
                account: limit.account,
                region: limit.region,
                callers: limit.callers
            )
            write(StateKey.limit(entity, usage: catalog.usages[limit.usage].name), limit.limit)
        }
        for account in limits.accounts { write(StateKey.limit(ofAccount: account), nil) }
        let size = DynamoDB.mostWritesInBatch
        let batches = stride(from: 0, to: writes.count, by: size).map {
            Array(writes[$0..<min(writes.count, $0 + size)])
        }
        _ = try await Concurrently.map(batches, atMost: Self.concurrency) { batch in
            try await dynamo.batchWriteItem(put: batch, table: name, deadline: deadline)
        }
        return writes.count
    }

    /// The limits of `entities`, each once, as the last evaluation left them; nil where one has none, or where its time has passed.
    func limits(
        of entities: [CountedEntity],
        now: Int64,
        deadline: ContinuousClock.Instant
    ) async throws -> [CountedEntity: Double?] {
        let accounts = Array(Set(entities.filter { $0.callers == .others }.map(\.account)))
        let keys =
            entities.map { StateKey.limit($0, usage: catalog.usages[$0.usage].name) }
            + accounts.map { StateKey.limit(ofAccount: $0) }
        let found = try await items(keys, isConsistent: false, deadline: deadline).map { item in
            item.flatMap { Int64($0["until"]?.int ?? 0) > now ? $0 : nil }
        }
        let known = Set(zip(accounts, found[entities.count...]).filter { $0.1 != nil }.map(\.0))
        return zip(entities, found).reduce(into: [:]) { limits, pair in
            let (entity, item) = pair
            let usage = catalog.usages[entity.usage]
            guard !usage.isToldEachTime else {
                limits.updateValue(1, forKey: entity)
                return
            }
            // What an account that is known for long has never done has no limit of its own.
            let isFirst = item == nil && entity.callers == .others && known.contains(entity.account)
            let burst = AnomalyDetection.leastBurst(of: usage)
            limits.updateValue(item?["limit"]?.double ?? (isFirst ? burst : nil), forKey: entity)
        }
    }
}
