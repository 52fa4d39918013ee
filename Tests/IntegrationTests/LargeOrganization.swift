@testable import AWSAccess
import Testing

/// An organization in the stand-in, with its accounts spread over units of two levels.
struct LargeOrganization {
    /// As a function is told it; the stand-in gives an id of its own, which nothing depends on.
    static let id = "o-a1b2c3d4e5"
    /// `Root/Division 3/Team 17` by account id; the management account lies in `Root`.
    private(set) var unitPaths: [String: String] = [:]
    /// By account id.
    private(set) var names: [String: String] = [:]

    private let service: AWSService

    /// Makes `accounts` accounts in `units` units, a quarter of them divisions with the others below.
    init(_ stack: Stack, accounts: Int, units: Int) async throws {
        let identity = ServiceIdentity(
            name: "Organizations",
            endpointKey: "ORGANIZATIONS",
            hostPrefix: "organizations",
            reach: .global
        )
        service = AWSService(identity, session: try stack.session())
        _ = try await call("CreateOrganization", ["FeatureSet": "ALL"])
        let root = try #require(try await call("ListRoots", [:])["Roots"]?.array?.first?["Id"]?.string)
        var places: [(id: String, path: String)] = []
        for number in 0..<units {
            let isDivision = number < units / 4
            let parent = isDivision ? (id: root, path: "Root") : places[number % (units / 4)]
            let name = isDivision ? "Division \(number)" : "Team \(number)"
            let made = try await call(
                "CreateOrganizationalUnit",
                ["ParentId": .string(parent.id), "Name": .string(name)]
            )
            places.append(
                (try #require(made["OrganizationalUnit"]?["Id"]?.string), "\(parent.path)/\(name)")
            )
        }
        for number in 1..<accounts {
            let name = "account-\(number)"
            let status = try await call(
                "CreateAccount",
                ["AccountName": .string(name), "Email": .string("\(name)@example.com")]
            )
            let id = try #require(status["CreateAccountStatus"]?["AccountId"]?.string)
            let place = places[number % units]
            _ = try await call(
                "MoveAccount",
                ["AccountId": .string(id), "SourceParentId": .string(root), "DestinationParentId": .string(place.id)]
            )
            unitPaths[id] = place.path
            names[id] = name
        }
        let listed = try await Organizations(session: try stack.session()).listAccounts(deadline: .now + .seconds(60))
        for account in listed where unitPaths[account.id] == nil {
            unitPaths[account.id] = "Root"
            names[account.id] = account.name
        }
        try #require(unitPaths.count == accounts)
    }

    private func call(_ operation: String, _ input: JSONValue) async throws -> JSONValue {
        try await service.json(
            operation,
            JSONDialect(version: "1.1", target: "AWSOrganizationsV20161128"),
            input,
            isSafeToRepeat: false,
            deadline: .now + .seconds(60)
        )
    }
}
