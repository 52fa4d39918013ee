import AWSAccess
import UsageCore

/// What was found out about an account, and when.
struct AccountRecord: Equatable, Sendable {
    var context: AccountContext
    /// When Organizations said so, seconds since 1970.
    var fetchedAt: Int64

    /// What Organizations said is taken as it stands for this long.
    static let fresh: Int64 = 6 * 3600
    /// That it does not know an account, for this long: new accounts are found out about soon.
    static let freshWhenUnknown: Int64 = 15 * 60
    /// The state table drops it after this long.
    static let kept: Int64 = 24 * 3600

    func isFresh(at now: Int64) -> Bool {
        now - fetchedAt < (context.contextMissing ? Self.freshWhenUnknown : Self.fresh)
    }
}

extension AccountRecord {
    // Computed, as key paths cannot be shared between threads.
    private static var words: [(name: String, path: WritableKeyPath<AccountContext, String?>)] {
        [
            ("alias", \.alias), ("type", \.type), ("ouPath", \.ouPath), ("costCenter", \.costCenter),
            ("owner", \.owner), ("environment", \.environment), ("team", \.team),
        ]
    }

    /// The item of the state table.
    var item: DynamoDB.Item {
        var item = StateKey.context(of: context.id)
        for (name, path) in Self.words {
            if let value = context[keyPath: path] { item[name] = .string(value) }
        }
        item["account"] = .string(context.id)
        item["contextMissing"] = .bool(context.contextMissing)
        item["fetchedAt"] = .number(String(fetchedAt))
        item[StateKey.expiry] = .number(String(fetchedAt + Self.kept))
        return item
    }

    /// Reads an item; nil for what is none of ours.
    init?(_ item: DynamoDB.Item) {
        guard let id = item["account"]?.string, let fetchedAt = item["fetchedAt"]?.int else { return nil }
        var context = AccountContext(id: id)
        for (name, path) in Self.words { context[keyPath: path] = item[name]?.string }
        if case .bool(let isMissing)? = item["contextMissing"] { context.contextMissing = isMissing }
        self.init(context: context, fetchedAt: Int64(fetchedAt))
    }
}
