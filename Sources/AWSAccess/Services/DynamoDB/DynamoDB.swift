/// Amazon DynamoDB, as far as it is used here (DynamoDB API Reference, version 2012-08-10).
///
/// What may be doubled is repeated; conditional and counting writes are repeated only where the caller says that they may be.
package struct DynamoDB: Sendable {
    /// Attributes by name; a key is an item with the key attributes only.
    package typealias Item = [String: AttributeValue]

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    /// Keys in one request of BatchGetItem.
    package static let mostKeysInBatch = 100
    /// Writes in one request of BatchWriteItem.
    package static let mostWritesInBatch = 25
    /// Actions in one transaction.
    package static let mostActionsInTransaction = 100
    /// Bytes of one item, names included.
    package static let largestItem = 400 << 10

    private static let identity = ServiceIdentity(
        name: "DynamoDB",
        endpointKey: "DYNAMODB",
        hostPrefix: "dynamodb",
        longestTry: .seconds(5)
    )
    private static let dialect = JSONDialect(version: "1.0", target: "DynamoDB_20120810")

    /// The item with that key, or nil.
    ///
    /// - Parameters:
    ///   - key: All key attributes.
    ///   - table: Its name or ARN.
    ///   - isConsistent: Whether every write that succeeded before must be seen, at twice the price.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The item as it stands.
    /// - Throws: `ServiceFailure`.
    package func getItem(
        _ key: Item,
        table: String,
        isConsistent: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Item? {
        let output = try await call(
            "GetItem",
            ["TableName": .string(table), "Key": Self.json(key), "ConsistentRead": .bool(isConsistent)],
            deadline: deadline
        )
        return try output["Item"].map { (json) throws(ServiceFailure) in try read(json, "GetItem") }
    }

    /// Writes a whole item in place of what had its key.
    ///
    /// - Parameters:
    ///   - item: Key attributes and the rest.
    ///   - table: Its name or ARN.
    ///   - condition: What must hold for it to be written; else the failure's kind is `conditionFailed`.
    ///   - isSafeToRepeat: Set it where a condition that fails because of an earlier try does no harm; without a condition
    ///     there is none.
    ///   - deadline: When the last try must have ended.
    /// - Throws: `ServiceFailure`.
    package func putItem(
        _ item: Item,
        table: String,
        condition: Expression? = nil,
        isSafeToRepeat: Bool? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) {
        let action = WriteAction.put(item, table: table, condition: condition)
        let isSafe = isSafeToRepeat ?? (condition == nil)
        _ = try await call("PutItem", action.input, isSafeToRepeat: isSafe, deadline: deadline)
    }

    /// Changes an item, or creates it, and gives it as it then is.
    ///
    /// - Parameters:
    ///   - key: All key attributes.
    ///   - table: Its name or ARN.
    ///   - update: An update expression such as `SET a = :a ADD n :n`.
    ///   - condition: What must hold; else the failure's kind is `conditionFailed`.
    ///   - isSafeToRepeat: Whether doing it twice is the same as once: true for SET to a value, false for ADD.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The item after the change.
    /// - Throws: `ServiceFailure`.
    @discardableResult
    package func updateItem(
        _ key: Item,
        table: String,
        update: Expression,
        condition: Expression? = nil,
        isSafeToRepeat: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Item {
        var input = WriteAction.update(key, table: table, update, condition: condition).members
        input["ReturnValues"] = "ALL_NEW"
        let output = try await call("UpdateItem", .sorted(input), isSafeToRepeat: isSafeToRepeat, deadline: deadline)
        return try output["Attributes"].map { (json) throws(ServiceFailure) in try read(json, "UpdateItem") } ?? [:]
    }

    /// Removes the item with that key; not an error where there is none.
    package func deleteItem(
        _ key: Item,
        table: String,
        condition: Expression? = nil,
        isSafeToRepeat: Bool? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) {
        let action = WriteAction.delete(key, table: table, condition: condition)
        let isSafe = isSafeToRepeat ?? (condition == nil)
        _ = try await call("DeleteItem", action.input, isSafeToRepeat: isSafe, deadline: deadline)
    }

    /// One page of the items that have one partition key.
    package func query(_ query: Query, deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> Page {
        let output = try await call("Query", query.input, deadline: deadline)
        var items: [Item] = []
        for json in output["Items"]?.array ?? [] { items.append(try read(json, "Query")) }
        let next = try output["LastEvaluatedKey"].map { (json) throws(ServiceFailure) in try read(json, "Query") }
        return Page(items: items, next: next)
    }

    /// All or nothing, up to 100 actions on different items.
    ///
    /// - Parameters:
    ///   - actions: What to do.
    ///   - token: 1 to 36 characters; within ten minutes DynamoDB does what came under one token once. Without it nothing that may
    ///     have been acted on is repeated.
    ///   - deadline: When the last try must have ended.
    /// - Throws: `ServiceFailure`; of the kind `transactionCancelled` with one reason for each action where one stood in the way.
    package func transactWriteItems(
        _ actions: [WriteAction],
        token: String? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) {
        let operation = "TransactWriteItems"
        guard (1...Self.mostActionsInTransaction).contains(actions.count) else {
            throw service.invalid(operation, "\(actions.count) actions, 1 to \(Self.mostActionsInTransaction)")
        }
        guard token.map({ (1...36).contains($0.utf8.count) }) ?? true else {
            throw service.invalid(operation, "a token of 1 to 36 characters")
        }
        let input: JSONValue = [
            "TransactItems": .array(actions.map(\.wrapped)), "ClientRequestToken": token.map(JSONValue.string),
        ]
        _ = try await call(operation, input, isSafeToRepeat: token != nil, deadline: deadline)
    }

    func call(
        _ operation: String,
        _ input: JSONValue,
        isSafeToRepeat: Bool = true,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> JSONValue {
        try await service.json(operation, Self.dialect, input, isSafeToRepeat: isSafeToRepeat, deadline: deadline)
    }

    /// Whether to go on after an answer that left something undone because of its amount.
    func pause(_ operation: String, tries: Int, deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> Bool
    {
        try await service.pause(operation, after: .answered(status: 429), tries: tries, deadline: deadline)
    }

    /// For what stays undone when the policy gives up.
    func unfinished(_ operation: String, _ detail: String, tries: Int) -> ServiceFailure {
        let refusal = ServiceRefusal(status: 200, code: detail, message: "", requestId: nil, kind: .throttled)
        return service.failure(operation, .refused(refusal), tries: tries)
    }

    func read(_ json: JSONValue, _ operation: String) throws(ServiceFailure) -> Item {
        guard let item = Self.item(json) else {
            throw service.failure(operation, .unreadable("an item that is none"), tries: 1)
        }
        return item
    }

    static func json(_ item: Item) -> JSONValue { .sorted(item.mapValues(\.json)) }

    /// nil where one attribute cannot be read: an item with a part missing would be a different item.
    static func item(_ json: JSONValue) -> Item? {
        guard case .object(let members) = json else { return nil }
        var item: Item = [:]
        for member in members {
            guard let value = AttributeValue(member.value) else { return nil }
            item[member.name] = value
        }
        return item
    }
}
