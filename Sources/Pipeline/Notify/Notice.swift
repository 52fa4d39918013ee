import UsageCore

/// What people are to be told of an incident.
package struct Notice: Sendable, Equatable {
    package let kind: NoticeKind
    package let incident: Incident
    /// What the same channel was told before.
    package let last: IncidentThread.Told?

    package init(_ kind: NoticeKind, _ incident: Incident, last: IncidentThread.Told? = nil) {
        self.kind = kind
        self.incident = incident
        self.last = last
    }
}
