import AWSAccess
import UsageCore

/// An EventBridge bus: an event `UsageIncident` whose detail is the incident's JSON, and why it is sent.
package struct BusChannel: NoticeChannel {
    package let name = "bus"
    private let events: EventBridge
    private let bus: String

    /// Who sends.
    package static let source = EarlySignal.source
    package static let detailType = "UsageIncident"
    /// Bytes of a detail, with room for the rest of the entry.
    private static let largestDetail = EventBridge.largestBatch - (2 << 10)

    package init(session: AWSSession, bus: String) {
        events = EventBridge(session: session)
        self.bus = bus
    }

    package func send(_ notice: Notice, deadline: ContinuousClock.Instant) async throws {
        let event = EventBridge.Event(
            source: Self.source,
            detailType: Self.detailType,
            detail: Self.detail(notice),
            bus: bus
        )
        if let failure = await events.putEvents([event], deadline: deadline).first { throw failure }
    }

    /// The incident, and `notice`: opened, escalated or resolved.
    static func detail(_ notice: Notice) -> String {
        notice.incident.json(limit: largestDetail).dropLast() + #","notice":"\#(notice.kind.rawValue)"}"#
    }
}
