/// AWS Organizations, reading only (Organizations API Reference, version 2016-11-28).
///
/// Answers the management account and delegated administrators; all others are refused with the kind `accessDenied`.
package struct Organizations: Sendable {
    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    private static let identity = ServiceIdentity(
        name: "Organizations",
        endpointKey: "ORGANIZATIONS",
        hostPrefix: "organizations",
        reach: .global,
        longestTry: .seconds(5)
    )
    private static let dialect = JSONDialect(version: "1.1", target: "AWSOrganizationsV20161128")

    /// Pages after which a listing is given up: far more than any organization has, and no token can lead round in a circle.
    private static let mostPages = 10_000

    /// Every account of the organization.
    package func listAccounts(deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> [Account] {
        try await pages("ListAccounts", [:], "Accounts", deadline: deadline) { Account($0) }
    }

    /// One account; of the kind `notFound` where it is not part of the organization.
    package func describeAccount(
        _ id: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Account {
        let operation = "DescribeAccount"
        let output = try await call(operation, ["AccountId": .string(id)], deadline: deadline)
        guard let account = output["Account"].flatMap(Account.init) else { throw service.lacks("Account", operation) }
        return account
    }

    /// The root or unit that an account or unit lies in; nil for a root.
    package func parent(
        of childId: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Parent? {
        try await pages("ListParents", ["ChildId": .string(childId)], "Parents", deadline: deadline) { Parent($0) }
            .first
    }

    /// Name and path of a unit.
    package func describeOrganizationalUnit(
        _ id: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> OrganizationalUnit {
        let operation = "DescribeOrganizationalUnit"
        let output = try await call(operation, ["OrganizationalUnitId": .string(id)], deadline: deadline)
        guard let unit = output["OrganizationalUnit"].flatMap(OrganizationalUnit.init) else {
            throw service.lacks("OrganizationalUnit", operation)
        }
        return unit
    }

    /// The tags of an account, unit, root or policy.
    package func tags(
        of resourceId: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [String: String] {
        let input = ["ResourceId": JSONValue.string(resourceId)]
        let tags = try await pages("ListTagsForResource", input, "Tags", deadline: deadline) { json in
            json["Key"]?.string.map { (key: $0, value: json["Value"]?.string ?? "") }
        }
        return tags.reduce(into: [:]) { $0[$1.key] = $1.value }
    }

    /// A token may come with an empty page, so only its absence ends the list.
    private func pages<Element>(
        _ operation: String,
        _ input: [String: JSONValue],
        _ member: String,
        deadline: ContinuousClock.Instant,
        _ read: (JSONValue) -> Element?
    ) async throws(ServiceFailure) -> [Element] {
        var elements: [Element] = []
        var input = input
        for _ in 0..<Self.mostPages {
            let output = try await call(operation, .sorted(input), deadline: deadline)
            for json in output[member]?.array ?? [] {
                guard let element = read(json) else { throw service.lacks("readable \(member)", operation) }
                elements.append(element)
            }
            guard let next = output["NextToken"]?.string, !next.isEmpty else { return elements }
            input["NextToken"] = .string(next)
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }

    private func call(
        _ operation: String,
        _ input: JSONValue,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> JSONValue {
        try await service.json(operation, Self.dialect, input, isSafeToRepeat: true, deadline: deadline)
    }
}
