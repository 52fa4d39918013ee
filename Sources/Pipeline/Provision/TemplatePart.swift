import AWSAccess
import UsageCore

/// An index template, marked in its `_meta`; the mapping of each index that it makes is marked too.
struct TemplatePart: DomainPart {
    let kind = "index template"
    let name: String
    /// The indices that it is for.
    let pattern: String
    /// The exact body of the request.
    let body: AWSAccess.JSONValue

    private var path: String { "/_index_template/\(name)" }

    func state(_ domain: DomainClient) async throws -> PartState {
        let reply = try await domain.ask(.get, path)
        if reply.isAbsent { return .absent }
        guard reply.refusal == nil, let found = reply.json?["index_templates"]?.array?.first else {
            throw reply.failure
        }
        guard let meta = found["index_template"]?["_meta"], meta["owner"]?.string == PartMark.owner else {
            return .foreign("a template without our mark in _meta")
        }
        return meta["digest"] == body["_meta"]?["digest"] ? .current(id: name) : .different(id: name)
    }

    /// Indices that match and were not made from this template would take our records into a mapping of somebody else.
    func checkIndices(_ domain: DomainClient) async throws {
        let reply = try await domain.ask(
            .get,
            "/\(pattern)/_mapping",
            query: "expand_wildcards=all&ignore_unavailable=true"
        )
        if reply.isAbsent { return }
        guard reply.refusal == nil, case .object(let indices)? = reply.json else { throw reply.failure }
        for index in indices where index.value["mappings"]?["_meta"]?["owner"]?.string != PartMark.owner {
            throw ProvisionFailure.foreign(
                kind: "index",
                name: index.name,
                evidence: "it matches \(pattern) and its mapping lacks our mark"
            )
        }
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        try await domain.must(.put, path, body)
        return state == .absent ? .created : .updated
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws { try await domain.must(.delete, path) }
}
