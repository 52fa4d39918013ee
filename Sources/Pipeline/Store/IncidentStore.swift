/// Where incidents are kept, with writes that hold only if nobody else wrote in between.
package protocol IncidentStore: Sendable {
    /// The incidents that are open, and those that ended at or after `since` (seconds since 1970); in no order.
    func incidents(endingSince since: Int64) async throws -> [KeptIncident]

    /// Writes `incident` where what stands there is still `replaced`, or nothing if that is nil.
    ///
    /// - Returns: What stands there now; nil where another writer was faster and nothing was written.
    func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) async throws -> KeptIncident?
}

/// An incident as a store has it.
package struct KeptIncident: Sendable, Equatable {
    package var incident: StoredIncident
    /// What the store calls this version of it; of meaning to the store alone.
    package var version: String

    /// Takes the parts as they are.
    package init(incident: StoredIncident, version: String) {
        self.incident = incident
        self.version = version
    }
}
