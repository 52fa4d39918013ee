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

/// A way to people or to other programs.
package protocol NoticeChannel: Sendable {
    /// The name under which an incident's thread notes what was told here.
    var name: String { get }

    /// Sends one notice; throws where it did not get through, or where that is not known.
    func send(_ notice: Notice, deadline: ContinuousClock.Instant) async throws
}
