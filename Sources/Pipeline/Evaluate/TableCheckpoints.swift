import AWSAccess

/// Checkpoints in the state table.
package struct TableCheckpoints: CheckpointStore {
    private let table: DynamoDB
    private let name: String
    private let deadline: ContinuousClock.Instant

    /// The checkpoints in the table `name`.
    package init(session: AWSSession, table name: String, deadline: ContinuousClock.Instant) {
        table = DynamoDB(session: session)
        self.name = name
        self.deadline = deadline
    }

    package func checkpoint(_ checkpoint: String) async throws -> KeptCheckpoint? {
        let key = StateKey.checkpoint(checkpoint)
        let item = try await table.getItem(key, table: name, isConsistent: true, deadline: deadline)
        guard case .string(let document)? = item?["document"], case .number(let version)? = item?["version"] else {
            return nil
        }
        return KeptCheckpoint(document: document, version: version)
    }

    package func keep(
        _ document: String,
        as checkpoint: String,
        replacing replaced: KeptCheckpoint?
    ) async throws -> KeptCheckpoint? {
        let version = String((replaced.flatMap { Int($0.version) } ?? 0) + 1)
        var item = StateKey.checkpoint(checkpoint)
        item["document"] = .string(document)
        item["version"] = .number(version)
        let condition =
            replaced.map {
                DynamoDB.Expression("#v = :v", names: ["#v": "version"], values: [":v": .number($0.version)])
            } ?? DynamoDB.Expression("attribute_not_exists(pk)")
        do throws(ServiceFailure) {
            // Where the answer to a first try was lost the second is refused; the caller then reads what stands there.
            try await table.putItem(item, table: name, condition: condition, isSafeToRepeat: true, deadline: deadline)
        } catch {
            guard error.kind == .conditionFailed else { throw error }
            return nil
        }
        return KeptCheckpoint(document: document, version: version)
    }
}
