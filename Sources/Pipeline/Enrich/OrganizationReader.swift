import AWSAccess
import UsageCore

/// Asks AWS Organizations about accounts: names, tags and the units above them.
///
/// Units change rarely, so their names are remembered.
actor OrganizationReader {
    private let organizations: Organizations
    private let readsUnits: Bool
    private let now: @Sendable () -> Int64
    private var units: [String: Unit] = [:]
    private var parents: [String: Organizations.Parent] = [:]
    private var rememberedSince: Int64
    private var listing: (accounts: [Organizations.Account], at: Int64)?

    private struct Unit { let name: String }

    private static let remembered: Int64 = 6 * 3600
    /// A listing is gone back to for this long: where tags are throttled, hundreds of accounts take several invocations.
    private static let listed: Int64 = 15 * 60
    /// AWS allows five levels of units below the root; a walk that is longer is going in circles.
    private static let deepest = 12

    init(_ organizations: Organizations, readsUnits: Bool, now: @escaping @Sendable () -> Int64) {
        self.organizations = organizations
        self.readsUnits = readsUnits
        self.now = now
        rememberedSince = now()
    }

    /// All accounts of the organization, as a listing of the last quarter of an hour gives them.
    func allAccounts(deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> [Organizations.Account] {
        let now = now()
        if let listing, now - listing.at < Self.listed { return listing.accounts }
        let accounts = try await organizations.listAccounts(deadline: deadline)
        listing = (accounts, now)
        return accounts
    }

    /// The context of `id`, missing where the organization does not know it.
    ///
    /// - Parameters:
    ///   - id: 12 digits.
    ///   - listed: What a listing said of it, which saves a call.
    ///   - deadline: When the last call must have ended.
    /// - Returns: The context.
    /// - Throws: `ServiceFailure` where the organization could not be asked.
    func context(
        of id: String,
        listed: Organizations.Account?,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> AccountContext {
        let account: Organizations.Account
        do throws(ServiceFailure) {
            if let listed { account = listed } else { account = try await describe(id, deadline) }
        } catch {
            guard error.kind == .notFound else { throw error }
            return .missing(id)
        }
        let tags = try await organizations.tags(of: id, deadline: deadline)
        let names = readsUnits ? try await unitNames(of: account, deadline) : nil
        return AccountRules.context(id: id, name: account.name, tags: tags, units: names)
    }

    private func describe(
        _ id: String,
        _ deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Organizations.Account {
        try await organizations.describeAccount(id, deadline: deadline)
    }

    /// `Root` and the units down to the account.
    private func unitNames(
        of account: Organizations.Account,
        _ deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [String] {
        forgetWhatIsOld()
        var names = ["Root"]
        if let ids = account.unitIds {
            for id in ids { names.append(try await name(of: id, deadline)) }
            return names
        }
        // Older endpoints give no paths: the way up, one parent after the other.
        var inner: [String] = []
        var child = account.id
        for _ in 0..<Self.deepest {
            guard let parent = try await parent(of: child, deadline), !parent.isRoot else { break }
            inner.append(try await name(of: parent.id, deadline))
            child = parent.id
        }
        return names + inner.reversed()
    }

    private func name(of id: String, _ deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> String {
        if let unit = units[id] { return unit.name }
        let unit = try await organizations.describeOrganizationalUnit(id, deadline: deadline)
        units[id] = Unit(name: unit.name)
        return unit.name
    }

    private func parent(
        of id: String,
        _ deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Organizations.Parent? {
        if let parent = parents[id] { return parent }
        let parent = try await organizations.parent(of: id, deadline: deadline)
        // An account moves more often than a unit.
        if let parent, id.hasPrefix("ou-") { parents[id] = parent }
        return parent
    }

    private func forgetWhatIsOld() {
        guard now() - rememberedSince > Self.remembered else { return }
        units.removeAll()
        parents.removeAll()
        rememberedSince = now()
    }
}
