import UsageCore

/// Checkpoints beside the incidents, where there is no state table: documents that have no `incidentId`.
package struct SearchCheckpoints: CheckpointStore {
    private let store: OpenSearchStore

    package init(_ store: OpenSearchStore) { self.store = store }

    package func checkpoint(_ name: String) async throws -> KeptCheckpoint? {
        try await store.document(id: Self.id(name)).map { source, version in
            KeptCheckpoint(document: String(decoding: source, as: UTF8.self), version: version)
        }
    }

    package func keep(
        _ document: String,
        as name: String,
        replacing replaced: KeptCheckpoint?
    ) async throws -> KeptCheckpoint? {
        try await store.write(document, id: Self.id(name), replacing: replaced?.version)
            .map { KeptCheckpoint(document: document, version: $0) }
    }

    private static func id(_ name: String) -> String { "checkpoint-\(name)" }
}
