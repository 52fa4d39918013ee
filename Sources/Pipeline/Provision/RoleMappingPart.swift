import AWSAccess

/// Who has one of our roles: what stands there stays, and what is missing is added.
struct RoleMappingPart: DomainPart {
    let kind = "role mapping"
    /// Of the role.
    let name: String
    /// ARNs of IAM roles.
    let arns: [String]

    private var path: String { "/_plugins/_security/api/rolesmapping/\(name)" }

    func state(_ domain: DomainClient) async throws -> PartState {
        let reply = try await domain.ask(.get, path)
        if reply.isUnknownPath { return .unsupported("the domain has no fine-grained access control") }
        if reply.isAbsent { return .absent }
        guard reply.refusal == nil else { throw reply.failure }
        let present = Set((reply.json?[name]?["backend_roles"]?.array ?? []).compactMap(\.string))
        return present.isSuperset(of: arns) ? .current(id: name) : .different(id: name)
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        var body: [String: AWSAccess.JSONValue] = [:]
        var roles: [String] = []
        if state != .absent {
            let standing = try await domain.must(.get, path)
            for list in ["hosts", "users", "and_backend_roles", "description"] { body[list] = standing[name]?[list] }
            roles = (standing[name]?["backend_roles"]?.array ?? []).compactMap(\.string)
        }
        roles += arns.filter { !roles.contains($0) }
        body["backend_roles"] = .array(roles.map { .string($0) })
        try await domain.must(.put, path, .sorted(body))
        return state == .absent ? .created : .updated
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws { try await domain.must(.delete, path) }
}
