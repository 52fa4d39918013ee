import AWSAccess

/// The channel by which monitors reach an SNS topic (OpenSearch documentation, "Notifications API").
struct ChannelPart: DomainPart {
    static let id = "usage-anomalies"

    let kind = "channel"
    let name = ChannelPart.id
    let topicArn: String
    /// The role by which a managed domain publishes; nil where it needs none.
    let roleArn: String?

    private static let path = "/_plugins/_notifications/configs"
    /// Where it is read and changed.
    static let address = "\(path)/\(id)"

    private var body: AWSAccess.JSONValue {
        let target: AWSAccess.JSONValue = [
            "topic_arn": .string(topicArn), "role_arn": roleArn.map { .string($0) },
        ]
        let text = PartMark.text("Tells the processor of anomalies", of: String(decoding: target.bytes, as: UTF8.self))
        return [
            "config_id": .string(Self.id),
            "config": [
                "name": .string(name), "description": .string(text), "config_type": "sns", "is_enabled": true,
                "sns": target,
            ],
        ]
    }

    func state(_ domain: DomainClient) async throws -> PartState {
        let reply = try await domain.ask(.get, Self.address)
        if reply.isUnknownPath {
            return .unsupported("OpenSearch before 2.0 has no notifications API; make a destination by hand")
        }
        if reply.isAbsent { return .absent }
        guard reply.refusal == nil, let config = reply.json?["config_list"]?.array?.first?["config"] else {
            throw reply.failure
        }
        let text = config["description"]?.string ?? ""
        guard let digest = PartMark.digest(in: text) else { return .foreign(text.isEmpty ? "no description" : text) }
        let isCurrent = digest == PartMark.digest(in: body["config"]?["description"]?.string ?? "")
        return isCurrent ? .current(id: Self.id) : .different(id: Self.id)
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        if state == .absent {
            // Its own id makes a second POST a conflict instead of a second channel.
            try await domain.must(.post, Self.path, body, isSafeToRepeat: false)
            return .created
        }
        try await domain.must(.put, Self.address, ["config": body["config"]])
        return .updated
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws {
        try await domain.must(.delete, Self.address)
    }
}
