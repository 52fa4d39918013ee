extension DynamoDB {
    /// The items with those keys, in no order; keys without an item are left out.
    ///
    /// What DynamoDB leaves unprocessed is asked for again, as the session's policy says.
    ///
    /// - Parameters:
    ///   - keys: Different ones, any number: they go out in hundreds.
    ///   - table: Its name or ARN.
    ///   - isConsistent: Whether every write that succeeded before must be seen.
    ///   - deadline: When the last try must have ended.
    /// - Returns: Items in no order.
    /// - Throws: `ServiceFailure`, of the kind `throttled` where some keys stayed unprocessed.
    package func batchGetItem(
        _ keys: [Item],
        table: String,
        isConsistent: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [Item] {
        let operation = "BatchGetItem"
        var items: [Item] = []
        for start in stride(from: 0, to: keys.count, by: Self.mostKeysInBatch) {
            let part = keys[start..<min(keys.count, start + Self.mostKeysInBatch)]
            let request: JSONValue = [
                "Keys": .array(part.map(Self.json)), "ConsistentRead": .bool(isConsistent),
            ]
            try await processAll(operation, [table: request], "UnprocessedKeys", deadline: deadline) {
                (output) throws(ServiceFailure) in
                for json in output["Responses"]?[table]?.array ?? [] { items.append(try read(json, operation)) }
            }
        }
        return items
    }

    /// Writes whole items and removes others, each on its own, without conditions.
    ///
    /// What DynamoDB leaves unprocessed is sent again, as the session's policy says.
    ///
    /// - Parameters:
    ///   - items: To write; their keys differ from each other and from those of `keys`.
    ///   - keys: Of items to remove.
    ///   - table: Its name or ARN.
    ///   - deadline: When the last try must have ended.
    /// - Throws: `ServiceFailure`, of the kind `throttled` where some stayed unprocessed; what was written until then stays.
    package func batchWriteItem(
        put items: [Item] = [],
        delete keys: [Item] = [],
        table: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) {
        let writes: [JSONValue] =
            items.map { ["PutRequest": ["Item": Self.json($0)]] }
            + keys.map { ["DeleteRequest": ["Key": Self.json($0)]] }
        for start in stride(from: 0, to: writes.count, by: Self.mostWritesInBatch) {
            let part = writes[start..<min(writes.count, start + Self.mostWritesInBatch)]
            try await processAll(
                "BatchWriteItem",
                [table: .array(Array(part))],
                "UnprocessedItems",
                deadline: deadline
            ) { _ in }
        }
    }

    /// Repeats a batch with what its answers leave unprocessed until nothing is.
    private func processAll(
        _ operation: String,
        _ requests: [String: JSONValue],
        _ unprocessed: String,
        deadline: ContinuousClock.Instant,
        _ take: (JSONValue) throws(ServiceFailure) -> Void
    ) async throws(ServiceFailure) {
        var requests = JSONValue.sorted(requests)
        var tries = 0
        while true {
            tries += 1
            let output = try await call(operation, ["RequestItems": requests], deadline: deadline)
            try take(output)
            guard case .object(let members)? = output[unprocessed], !members.isEmpty else { return }
            requests = .object(members)
            guard try await pause(operation, tries: tries, deadline: deadline) else {
                throw unfinished(operation, unprocessed, tries: tries)
            }
        }
    }
}
