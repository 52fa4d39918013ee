import AWSAccess
import UsageCore

/// Where the connector's checkpoint stands: an item of the state table, or a document beside the incidents.
enum CheckpointHome: Sendable {
    case table(DynamoDB, name: String)
    case index(OpenSearch)

    /// A checkpoint with what its home calls this version of it.
    struct Kept: Equatable {
        var checkpoint: ConnectorCheckpoint
        /// nil before it is first written.
        var version: String?
    }

    private static let name = "connector"
    private static let document = "/usage-incidents/_doc/checkpoint-\(name)"
    private static let creation = "/usage-incidents/_create/checkpoint-\(name)"

    /// What stands there, or a checkpoint before everything.
    func read(deadline: ContinuousClock.Instant) async throws -> Kept {
        switch self {
        case .table(let table, let name): return try await read(table, name, deadline)
        case .index(let search): return try await read(search, deadline)
        }
    }

    /// Writes `checkpoint` where what stands there is still `replaced`.
    ///
    /// - Returns: What stands there now; nil where another one was faster and nothing was written.
    func keep(
        _ checkpoint: ConnectorCheckpoint,
        replacing replaced: Kept,
        deadline: ContinuousClock.Instant
    ) async throws -> Kept? {
        switch self {
        case .table(let table, let name): return try await keep(checkpoint, replaced, table, name, deadline)
        case .index(let search): return try await keep(checkpoint, replaced, search, deadline)
        }
    }
}

// MARK: - The state table

extension CheckpointHome {
    private func read(_ table: DynamoDB, _ name: String, _ deadline: ContinuousClock.Instant) async throws -> Kept {
        let item = try await table.getItem(
            StateKey.checkpoint(Self.name),
            table: name,
            isConsistent: true,
            deadline: deadline
        )
        guard let item else { return Kept(checkpoint: ConnectorCheckpoint()) }
        guard let document = item["document"]?.string, let version = item["version"]?.int,
            let checkpoint = ConnectorCheckpoint(Array(document.utf8))
        else {
            throw ConnectorFailure.unreadableCheckpoint(
                place: "\(Self.name) of table \(name)",
                evidence: item["document"]?.string ?? "no document"
            )
        }
        return Kept(checkpoint: checkpoint, version: String(version))
    }

    private func keep(
        _ checkpoint: ConnectorCheckpoint,
        _ replaced: Kept,
        _ table: DynamoDB,
        _ name: String,
        _ deadline: ContinuousClock.Instant
    ) async throws -> Kept? {
        let old = replaced.version.flatMap { Int($0) }
        let version = (old ?? 0) + 1
        var item = StateKey.checkpoint(Self.name)
        item["document"] = .string(checkpoint.json)
        item["version"] = .integer(version)
        let condition: DynamoDB.Expression =
            old.map { .init("#v = :v", names: ["#v": "version"], values: [":v": .integer($0)]) }
            ?? .init("attribute_not_exists(#pk)", names: ["#pk": StateKey.partition])
        do throws(ServiceFailure) {
            try await table.putItem(item, table: name, condition: condition, deadline: deadline)
        } catch {
            if error.kind == .conditionFailed { return nil }
            throw error
        }
        return Kept(checkpoint: checkpoint, version: String(version))
    }
}

// MARK: - The index of incidents

extension CheckpointHome {
    private func read(_ search: OpenSearch, _ deadline: ContinuousClock.Instant) async throws -> Kept {
        let response = try await search.send(.get, Self.document, deadline: deadline)
        if response.status == 404 { return Kept(checkpoint: ConnectorCheckpoint()) }
        guard response.status == 200 else { throw ConnectorFailure.refusedCheckpoint(OpenSearch.refusal(response)) }
        guard let tree = AWSAccess.JSONValue(response.body), let version = Self.version(tree),
            let source = tree["_source"], let checkpoint = ConnectorCheckpoint(source.bytes)
        else {
            throw ConnectorFailure.unreadableCheckpoint(
                place: Self.document,
                evidence: String(decoding: response.body.prefix(200), as: UTF8.self)
            )
        }
        return Kept(checkpoint: checkpoint, version: version)
    }

    /// A try whose answer was lost may be refused when it is repeated; the next run then reads what stands there.
    private func keep(
        _ checkpoint: ConnectorCheckpoint,
        _ replaced: Kept,
        _ search: OpenSearch,
        _ deadline: ContinuousClock.Instant
    ) async throws -> Kept? {
        let parts = (replaced.version ?? "").split(separator: ".")
        let response = try await search.send(
            .put,
            parts.count == 2 ? Self.document : Self.creation,
            query: parts.count == 2 ? "if_primary_term=\(parts[1])&if_seq_no=\(parts[0])" : "",
            headers: ["Content-Type": "application/json"],
            body: Array(checkpoint.json.utf8),
            deadline: deadline
        )
        switch response.status {
        case 200, 201:
            return Kept(checkpoint: checkpoint, version: AWSAccess.JSONValue(response.body).flatMap(Self.version))
        case 409: return nil
        default: throw ConnectorFailure.refusedCheckpoint(OpenSearch.refusal(response))
        }
    }

    private static func version(_ about: AWSAccess.JSONValue) -> String? {
        guard let number = about["_seq_no"]?.int, let term = about["_primary_term"]?.int else { return nil }
        return "\(number).\(term)"
    }
}
