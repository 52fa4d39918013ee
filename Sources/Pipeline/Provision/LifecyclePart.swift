import AWSAccess

/// The lifecycle policy that deletes indices of records when they are old (OpenSearch documentation, "Index State Management").
struct LifecyclePart: DomainPart {
    let kind = "lifecycle policy"
    let name = "usage-records"
    let retentionDays: Int

    private var path: String { "/_plugins/_ism/policies/\(name)" }

    private var policy: AWSAccess.JSONValue {
        [
            "default_state": "kept",
            "states": [
                [
                    "name": "kept", "actions": [],
                    "transitions": [
                        [
                            "state_name": "deleted",
                            "conditions": ["min_index_age": .string("\(retentionDays)d")],
                        ]
                    ],
                ],
                ["name": "deleted", "actions": [["delete": [:]]], "transitions": []],
            ],
            "ism_template": [["index_patterns": ["usage-records-*"], "priority": 100]],
        ]
    }

    private var body: AWSAccess.JSONValue {
        let asked = String(decoding: policy.bytes, as: UTF8.self)
        let text = PartMark.text("Deletes records after \(retentionDays) days", of: asked)
        return ["policy": policy.with("description", .string(text))]
    }

    func state(_ domain: DomainClient) async throws -> PartState {
        let reply = try await domain.ask(.get, path)
        if reply.isUnknownPath { return .unsupported("the domain has no index state management") }
        if reply.isAbsent { return .absent }
        guard reply.refusal == nil else { throw reply.failure }
        let text = reply.json?["policy"]?["description"]?.string ?? ""
        guard let digest = PartMark.digest(in: text) else { return .foreign(text.isEmpty ? "no description" : text) }
        return digest == PartMark.digest(of: String(decoding: policy.bytes, as: UTF8.self))
            ? .current(id: name) : .different(id: name)
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        if state == .absent {
            try await domain.must(.put, path, body)
            return .created
        }
        let standing = try await domain.must(.get, path)
        try await domain.must(.put, path, query: DomainClient.condition(standing), body)
        return .updated
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws { try await domain.must(.delete, path) }
}
