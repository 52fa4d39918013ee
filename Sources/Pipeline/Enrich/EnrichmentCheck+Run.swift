import AWSAccess
import UsageCore

extension EnrichmentCheck {
    /// Makes each call that enrichment needs once and says how it went; never fails itself.
    ///
    /// - Parameters:
    ///   - session: Whose rights are looked at.
    ///   - stateTable: The second level; nil for none.
    ///   - isOn: Whether enrichment is switched on at all.
    ///   - readsUnits: Whether organizational units are looked up too.
    ///   - deadline: When the last call must have ended.
    /// - Returns: The check.
    package static func run(
        session: AWSSession,
        stateTable: String?,
        isOn: Bool = true,
        readsUnits: Bool = true,
        deadline: ContinuousClock.Instant
    ) async -> EnrichmentCheck {
        var check = EnrichmentCheck()
        guard isOn else {
            check.steps = [
                Step(
                    action: "organizations:DescribeAccount",
                    outcome: "off",
                    detail: "ENABLE_ACCOUNT_ENRICHMENT is false"
                )
            ]
            return check
        }
        let organizations = Organizations(session: session)
        let identity = await check.step("sts:GetCallerIdentity", { "account \($0.account)" }) {
            () async throws(ServiceFailure) in try await STS(session: session).callerIdentity(deadline: deadline)
        }
        guard let identity else { return check }
        check.accountId = identity.account
        let account = await check.step("organizations:DescribeAccount", { "\($0.name), \($0.state)" }) {
            () async throws(ServiceFailure) in
            try await organizations.describeAccount(identity.account, deadline: deadline)
        }
        let accounts = await check.step("organizations:ListAccounts", { Counted.text($0.count, "accounts") }) {
            () async throws(ServiceFailure) in try await organizations.listAccounts(deadline: deadline)
        }
        check.accountCount = accounts?.count
        let tags = await check.step("organizations:ListTagsForResource", { Counted.text($0.count, "tags") }) {
            () async throws(ServiceFailure) in try await organizations.tags(of: identity.account, deadline: deadline)
        }
        let units = readsUnits ? await check.units(of: identity.account, account, organizations, deadline) : nil
        if let table = stateTable {
            _ = await check.step("dynamodb:GetItem", { $0.map { _ in "has it" } ?? "does not have it yet" }) {
                () async throws(ServiceFailure) in
                try await DynamoDB(session: session).getItem(
                    StateKey.context(of: identity.account),
                    table: table,
                    deadline: deadline
                )
            }
        }
        check.context =
            account.map {
                AccountRules.context(id: identity.account, name: $0.name, tags: tags ?? [:], units: units)
            } ?? .missing(identity.account)
        return check
    }

    /// The names of the units above the account, by the way that its paths allow.
    private mutating func units(
        of id: String,
        _ account: Organizations.Account?,
        _ organizations: Organizations,
        _ deadline: ContinuousClock.Instant
    ) async -> [String]? {
        var ids = account?.unitIds
        if ids == nil {
            let parent = await step("organizations:ListParents", { $0.map(\.id) ?? "no parent" }) {
                () async throws(ServiceFailure) in try await organizations.parent(of: id, deadline: deadline)
            }
            guard let found = parent ?? nil else { return nil }
            ids = found.isRoot ? [] : [found.id]
        }
        var names = ["Root"]
        for id in ids ?? [] {
            let unit = await step("organizations:DescribeOrganizationalUnit", { $0.name }) {
                () async throws(ServiceFailure) in
                try await organizations.describeOrganizationalUnit(id, deadline: deadline)
            }
            guard let unit else { return nil }
            names.append(unit.name)
        }
        return names
    }

    private mutating func step<Found>(
        _ action: String,
        _ tell: (Found) -> String,
        _ call: () async throws(ServiceFailure) -> Found
    ) async -> Found? {
        do throws(ServiceFailure) {
            let found = try await call()
            steps.append(Step(action: action, outcome: "ok", detail: Hostile.shown(tell(found), limit: 120)))
            return found
        } catch {
            let outcome = error.kind == .accessDenied ? "denied" : "failed"
            steps.append(Step(action: action, outcome: outcome, detail: Hostile.shown("\(error)", limit: 400)))
            return nil
        }
    }
}
