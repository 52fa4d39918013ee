import AWSAccess

/// A role of the domain's fine-grained access control (OpenSearch documentation, "Access control API").
struct RolePart: DomainPart {
    let kind = "role"
    let name: String
    let summary: String
    let clusterPermissions: [String]
    /// Index patterns with the actions that are allowed there.
    let indexPermissions: [(patterns: [String], actions: [String])]
    /// What is allowed in the tenant in which everybody sees the same saved objects.
    var globalTenantPermissions: [String] = []

    var path: String { "/_plugins/_security/api/roles/\(name)" }

    private func list(_ words: [String]) -> AWSAccess.JSONValue { .array(words.map { .string($0) }) }

    private var body: AWSAccess.JSONValue {
        let cluster = list(clusterPermissions)
        let indices = AWSAccess.JSONValue.array(
            indexPermissions.map { ["index_patterns": list($0.patterns), "allowed_actions": list($0.actions)] }
        )
        let tenants: AWSAccess.JSONValue =
            globalTenantPermissions.isEmpty
            ? [] : [["tenant_patterns": ["global_tenant"], "allowed_actions": list(globalTenantPermissions)]]
        let asked: AWSAccess.JSONValue = [
            "cluster_permissions": cluster, "index_permissions": indices, "tenant_permissions": tenants,
        ]
        return [
            "description": .string(PartMark.text(summary, of: String(decoding: asked.bytes, as: UTF8.self))),
            "cluster_permissions": cluster, "index_permissions": indices, "tenant_permissions": tenants,
        ]
    }

    func state(_ domain: DomainClient) async throws -> PartState {
        let reply = try await domain.ask(.get, path)
        if reply.isUnknownPath { return .unsupported("the domain has no fine-grained access control") }
        if reply.isAbsent { return .absent }
        guard reply.refusal == nil else { throw reply.failure }
        let text = reply.json?[name]?["description"]?.string ?? ""
        guard let digest = PartMark.digest(in: text) else { return .foreign(text.isEmpty ? "no description" : text) }
        let isCurrent = digest == PartMark.digest(in: body["description"]?.string ?? "")
        return isCurrent ? .current(id: name) : .different(id: name)
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        try await domain.must(.put, path, body)
        return state == .absent ? .created : .updated
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws { try await domain.must(.delete, path) }
}
