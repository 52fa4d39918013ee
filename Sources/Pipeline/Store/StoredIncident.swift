/// An incident document with the fields that it is looked up by.
package struct StoredIncident: Sendable, Equatable {
    /// The hash of the earliest (usage, entity, interval).
    package var incidentID: String
    /// `open` or `resolved`.
    package var state: String
    /// Start of the first anomalous interval, seconds since 1970.
    package var start: Int64
    /// End of the last anomalous interval, seconds since 1970.
    package var end: Int64
    /// `LOW`, `MEDIUM`, `HIGH` or `CRITICAL`.
    package var severity: String
    /// The whole document, JSON.
    package var document: String
    /// When this version was made, seconds since 1970.
    package var updatedAt: Int64

    /// An incident with all its parts.
    package init(
        incidentID: String,
        state: String,
        start: Int64,
        end: Int64,
        severity: String,
        document: String,
        updatedAt: Int64
    ) {
        self.incidentID = incidentID
        self.state = state
        self.start = start
        self.end = end
        self.severity = severity
        self.document = document
        self.updatedAt = updatedAt
    }
}
