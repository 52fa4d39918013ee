/// The accounts of an organization as a file lists them.
package struct AccountDirectory: Equatable, Sendable {
    package let organizationId: String?
    private let accounts: [String: AccountContext]

    /// A directory that knows nobody.
    package init() {
        organizationId = nil
        accounts = [:]
    }

    /// A directory of accounts that are known already, by their ids.
    package init(_ accounts: [String: AccountContext], organizationId: String? = nil) {
        self.organizationId = organizationId
        self.accounts = accounts
    }

    /// Reads `{"organizationId":"o-...","accounts":[{"id":"111122223333","alias":...}]}`; throws one line that says what is wrong where.
    package init(json: [UInt8]) throws(AccountDirectoryFailure) {
        let tree: JSONValue
        do throws(DecodeFailure) { tree = try JSONValue.parse(json) } catch { throw .notJSON(error) }
        guard let list = tree["accounts"]?.array else { throw .noAccounts }
        var accounts: [String: AccountContext] = [:]
        for (index, entry) in list.enumerated() {
            guard let id = entry["id"]?.string, AccountKey(id).digits == id else {
                throw .badId(index: index, found: entry["id"].map { Self.shown($0) } ?? "nothing")
            }
            guard accounts[id] == nil else { throw .repeated(id: id) }
            var context = AccountContext(id: id)
            context.alias = entry["alias"]?.string
            context.type = entry["type"]?.string
            context.ouPath = entry["ouPath"]?.string
            context.costCenter = entry["costCenter"].map { $0.string ?? Self.shown($0) }
            context.owner = entry["owner"]?.string
            context.environment = entry["environment"]?.string
            context.team = entry["team"]?.string
            accounts[id] = context
        }
        organizationId = tree["organizationId"]?.string
        self.accounts = accounts
    }

    /// How many accounts are known.
    package var count: Int { accounts.count }

    /// The context of an account; of an unknown one, that it is missing.
    package subscript(id: String) -> AccountContext { accounts[id] ?? .missing(id) }

    private static func shown(_ value: JSONValue) -> String {
        var json = JSONText()
        json.value(value)
        return Hostile.shown(json.text, limit: 60)
    }
}

/// Why a list of accounts cannot be used.
package enum AccountDirectoryFailure: Error, Equatable, CustomStringConvertible {
    case notJSON(DecodeFailure)
    case noAccounts
    case badId(index: Int, found: String)
    case repeated(id: String)

    package var description: String {
        switch self {
        case .notJSON(let failure): "\(failure); it must be JSON such as \(Self.form)"
        case .noAccounts: "there is no list named accounts; it must look like \(Self.form)"
        case .badId(let index, let found):
            "accounts[\(index)].id: \(found) is no account id; give its 12 digits in quotes"
        case .repeated(let id): "account \(id) stands twice; leave one of the two"
        }
    }

    private static let form =
        #"{"organizationId":"o-...","accounts":[{"id":"111122223333","alias":"prod-main","type":"production"}]}"#
}
