/// What an organization knows of an account: the context that turns 12 digits into something people recognise.
package struct AccountContext: Equatable, Sendable {
    package let id: String
    package var alias: String?
    /// production, staging, development, sandbox, security, shared-services, or the organization's own word.
    package var type: String?
    package var ouPath: String?
    package var costCenter: String?
    package var owner: String?
    package var environment: String?
    package var team: String?
    /// The organization does not know the account, or was not asked.
    package var contextMissing = false

    package init(id: String) { self.id = id }

    /// An account of which nothing is known.
    package static func missing(_ id: String) -> AccountContext {
        var context = AccountContext(id: id)
        context.contextMissing = true
        return context
    }

    /// The alias where there is one, else the id.
    package var spoken: String { alias ?? id }

    /// Whether it is of type production.
    package var isProduction: Bool { type == "production" }
}
