extension DynamoDB {
    /// An expression with the names and values that it refers to.
    ///
    /// Names and values of the expressions in one request share one space: the same placeholder must mean the same.
    package struct Expression: Sendable, Equatable, ExpressibleByStringLiteral {
        /// `attribute_not_exists(pk)`, `SET #n = :n`, ...
        package let text: String
        /// By placeholder, with its `#`.
        package let names: [String: String]
        /// By placeholder, with its `:`.
        package let values: [String: AttributeValue]

        /// Takes the parts as they are.
        package init(_ text: String, names: [String: String] = [:], values: [String: AttributeValue] = [:]) {
            self.text = text
            self.names = names
            self.values = values
        }

        package init(stringLiteral text: String) { self.init(text) }
    }

    /// What to look for under one partition key.
    package struct Query: Sendable, Equatable {
        package let table: String
        /// `pk = :pk AND begins_with(sk, :sk)` and the like.
        package let key: Expression
        /// Drops items after they were read and paid for.
        package var filter: Expression?
        /// The attributes to give, comma-separated; all if nil.
        package var projection: String?
        package var index: String?
        /// In the order of the sort key, or against it.
        package var isAscending = true
        package var isConsistent = false
        /// Items to read for one page, 1 or more; else as many as make 1 MB.
        package var limit: Int?
        /// `Page.next` of the page before.
        package var start: Item?

        /// All items that meet `key`.
        package init(table: String, key: Expression) {
            self.table = table
            self.key = key
        }

        var input: JSONValue {
            let expressions = [key] + (filter.map { [$0] } ?? [])
            return [
                "TableName": .string(table), "IndexName": index.map(JSONValue.string),
                "KeyConditionExpression": .string(key.text), "FilterExpression": filter.map { .string($0.text) },
                "ProjectionExpression": projection.map(JSONValue.string),
                "ExpressionAttributeNames": Self.names(expressions),
                "ExpressionAttributeValues": Self.values(expressions), "ScanIndexForward": .bool(isAscending),
                "ConsistentRead": .bool(isConsistent), "Limit": limit.map(JSONValue.integer),
                "ExclusiveStartKey": start.map(DynamoDB.json),
            ]
        }
    }

    /// Some items, and where the next page begins.
    package struct Page: Sendable, Equatable {
        package let items: [Item]
        /// nil after the last page; a page may be empty before that.
        package let next: Item?
    }

    /// One write, alone or in a transaction.
    package enum WriteAction: Sendable, Equatable {
        case put(Item, table: String, condition: Expression? = nil)
        case update(Item, table: String, Expression, condition: Expression? = nil)
        case delete(Item, table: String, condition: Expression? = nil)
        /// Writes nothing; the transaction holds only if the condition does.
        case check(Item, table: String, condition: Expression)

        var input: JSONValue { .sorted(members) }

        /// As a member of `TransactItems`.
        var wrapped: JSONValue {
            switch self {
            case .put: ["Put": input]
            case .update: ["Update": input]
            case .delete: ["Delete": input]
            case .check: ["ConditionCheck": input]
            }
        }

        var members: [String: JSONValue] {
            switch self {
            case .put(let item, let table, let condition):
                Self.members(["Item": DynamoDB.json(item)], table, nil, condition)
            case .update(let key, let table, let update, let condition):
                Self.members(["Key": DynamoDB.json(key)], table, update, condition)
            case .delete(let key, let table, let condition):
                Self.members(["Key": DynamoDB.json(key)], table, nil, condition)
            case .check(let key, let table, let condition):
                Self.members(["Key": DynamoDB.json(key)], table, nil, condition)
            }
        }

        private static func members(
            _ subject: [String: JSONValue],
            _ table: String,
            _ update: Expression?,
            _ condition: Expression?
        ) -> [String: JSONValue] {
            var members = subject
            members["TableName"] = .string(table)
            members["UpdateExpression"] = update.map { .string($0.text) }
            members["ConditionExpression"] = condition.map { .string($0.text) }
            let expressions = [update, condition].compactMap(\.self)
            members["ExpressionAttributeNames"] = Query.names(expressions)
            members["ExpressionAttributeValues"] = Query.values(expressions)
            return members
        }
    }
}

extension DynamoDB.Query {
    /// nil where no expression has names: DynamoDB refuses an empty object.
    static func names(_ expressions: [DynamoDB.Expression]) -> JSONValue? {
        let names = expressions.reduce(into: [:]) { all, one in all.merge(one.names) { first, _ in first } }
        return names.isEmpty ? nil : .sorted(names.mapValues(JSONValue.string))
    }

    static func values(_ expressions: [DynamoDB.Expression]) -> JSONValue? {
        let values = expressions.reduce(into: [:]) { all, one in all.merge(one.values) { first, _ in first } }
        return values.isEmpty ? nil : DynamoDB.json(values)
    }
}
