import AWSAccess
import UsageCore

/// An anomaly detector in real time (OpenSearch documentation, "Anomaly detection API").
struct DetectorPart: DomainPart {
    let kind = "detector"
    let name: String
    /// The body without the mark.
    let body: AWSAccess.JSONValue

    static let path = "/_plugins/_anomaly_detection/detectors"

    private var marked: AWSAccess.JSONValue {
        let text = PartMark.text(body["description"]?.string ?? name, of: String(decoding: body.bytes, as: UTF8.self))
        return body.with("description", .string(text))
    }

    /// The detector of that name.
    static func find(_ name: String, _ domain: DomainClient) async throws -> DomainClient.Found {
        try await domain.find(name, by: "name.keyword", in: path)
    }

    func state(_ domain: DomainClient) async throws -> PartState {
        switch try await Self.find(name, domain) {
        case .unknownPath: return .unsupported("the domain has no anomaly detection")
        case .nothing: return .absent
        case .document(let id, let source):
            let text = source["description"]?.string ?? ""
            guard let digest = PartMark.digest(in: text) else {
                return .foreign(text.isEmpty ? "no description" : text)
            }
            guard digest == PartMark.digest(of: String(decoding: body.bytes, as: UTF8.self)) else {
                return .different(id: id)
            }
            return try await isRunning(id, domain) ? .current(id: id) : .different(id: id)
        }
    }

    /// Whether the state that the plugin tells is one of a detector at work.
    static func isRunning(_ state: String) -> Bool { !["", "DISABLED", "FAILED", "STOPPED"].contains(state) }

    private func isRunning(_ id: String, _ domain: DomainClient) async throws -> Bool {
        let profile = try await domain.ask(.get, "\(Self.path)/\(id)/_profile")
        return Self.isRunning(profile.json?["state"]?.string ?? "")
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        switch state {
        case .different(let id):
            try await stop(id, domain)
            let reply = try await domain.ask(.put, "\(Self.path)/\(id)", marked)
            if let refusal = reply.refusal {
                // Category fields and result index stay for a detector's life.
                guard refusal.contains("Can't change") else { throw reply.failure }
                try await delete(id, domain)
                _ = try await create(domain)
            } else {
                try await start(id, domain)
            }
            return .updated
        default: return try await create(domain)
        }
    }

    private func create(_ domain: DomainClient) async throws -> PartChange.Action {
        // A detector needs a record to look at: without one it is refused in words that differ with the domain's past.
        let count = try await domain.must(.get, "/usage-records-*/_count")["count"]?.int ?? 0
        guard count > 0 else { return .pending("no record is stored yet") }
        let reply = try await domain.ask(.post, Self.path, marked, isSafeToRepeat: false)
        guard reply.refusal == nil, let id = reply.json?["_id"]?.string else { throw reply.failure }
        try await start(id, domain)
        return .created
    }

    private func start(_ id: String, _ domain: DomainClient) async throws {
        let reply = try await domain.ask(.post, "\(Self.path)/\(id)/_start", isSafeToRepeat: true)
        if let refusal = reply.refusal, !refusal.contains("already running") { throw reply.failure }
    }

    private func stop(_ id: String, _ domain: DomainClient) async throws {
        for query in ["", "historical=true"] {
            let reply = try await domain.ask(.post, "\(Self.path)/\(id)/_stop", query: query, isSafeToRepeat: true)
            guard let refusal = reply.refusal else { continue }
            let isStopped = ["already stopped", "not started", "No running task", "Can't find"].contains {
                refusal.contains($0)
            }
            guard isStopped else { throw reply.failure }
        }
    }

    private func delete(_ id: String, _ domain: DomainClient) async throws {
        let reply = try await domain.ask(.delete, "\(Self.path)/\(id)")
        if let refusal = reply.refusal, !refusal.contains("Can't find") { throw reply.failure }
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws {
        guard let id = state.id else { return }
        try await stop(id, domain)
        try await delete(id, domain)
    }
}
