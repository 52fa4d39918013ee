/// Where it is kept how far work has come, with writes that hold only if nobody else wrote in between.
package protocol CheckpointStore: Sendable {
    /// What stands under `name`; nil where nothing does.
    func checkpoint(_ name: String) async throws -> KeptCheckpoint?

    /// Writes `document`, one JSON object, where what stands there is still `replaced`, or nothing if that is nil.
    ///
    /// - Returns: What stands there now; nil where another writer was faster and nothing was written.
    func keep(
        _ document: String,
        as name: String,
        replacing replaced: KeptCheckpoint?
    ) async throws -> KeptCheckpoint?
}

/// A checkpoint as a store has it.
package struct KeptCheckpoint: Sendable, Equatable {
    /// JSON of its owner's.
    package var document: String
    /// What the store calls this version of it; of meaning to the store alone.
    package var version: String

    /// Takes the parts as they are.
    package init(document: String, version: String) {
        self.document = document
        self.version = version
    }
}
