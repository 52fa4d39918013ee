/// What people have been told of an incident, channel by channel, and who is about to tell them more.
///
/// What is owed follows from this and from how the incident stands, so a message that could not be sent is owed again and nothing is
/// told twice.
package struct IncidentThread: Equatable, Sendable {
    /// What was last told.
    package struct Told: Equatable, Sendable {
        package var state: Incident.State
        /// The highest level that was told since the incident opened.
        package var level: Severity.Level
        /// The most dollars a day that were told since it opened.
        package var dollars: Double
        /// Seconds since 1970.
        package var at: Int64

        package init(state: Incident.State, level: Severity.Level, dollars: Double, at: Int64) {
            self.state = state
            self.level = level
            self.dollars = dollars
            self.at = at
        }
    }

    /// Who is about to tell, and until when nobody else shall.
    package struct Claim: Equatable, Sendable {
        package var by: String
        /// Seconds since 1970.
        package var until: Int64

        package init(by: String, until: Int64) {
            self.by = by
            self.until = until
        }
    }

    /// By the names of channels.
    package var told: [String: Told] = [:]
    package var claim: Claim?
    /// The incident that this one has become part of.
    package var mergedInto: String?

    package init() {}
}

extension IncidentThread {
    /// Dollars a day below which a doubling is no news.
    package static let leastGrowth = 25.0

    /// What `channel` has not been told of `incident` yet.
    ///
    /// `since`: when watching began; what ended before is kept and not told, unless it goes on.
    package func owed(_ incident: Incident, to channel: String, watchedSince since: Int64) -> NoticeKind? {
        guard mergedInto == nil else { return nil }
        guard let last = told[channel] else { return incident.end < since ? nil : .opened }
        switch (last.state, incident.state) {
        case (.open, .resolved): return .resolved
        case (.resolved, .resolved): return nil
        // Records that came late have shown that it goes on.
        case (.resolved, .open): return .opened
        case (.open, .open): return escalation(incident, last)
        }
    }

    private func escalation(_ incident: Incident, _ last: Told) -> NoticeKind? {
        let dollars = incident.cost.weight
        let hasGrown = dollars >= 2 * last.dollars && dollars - last.dollars >= Self.leastGrowth
        return incident.severity.level > last.level || hasGrown ? .escalated : nil
    }

    /// What is owed to each of `channels`, without those that are owed nothing.
    package func owed(
        _ incident: Incident,
        to channels: [String],
        watchedSince since: Int64
    ) -> [String: NoticeKind] {
        channels.reduce(into: [:]) { $0[$1] = owed(incident, to: $1, watchedSince: since) }
    }

    /// Notes that `channel` was told how `incident` stands.
    package mutating func note(_ incident: Incident, told channel: String, at now: Int64) {
        var next = Told(state: incident.state, level: incident.severity.level, dollars: incident.cost.weight, at: now)
        if let last = told[channel], last.state == .open {
            next.level = max(next.level, last.level)
            next.dollars = max(next.dollars, last.dollars)
        }
        told[channel] = next
    }

    /// Whether somebody other than `me` is about to tell.
    package func isClaimed(byOthersThan me: String, at now: Int64) -> Bool {
        claim.map { $0.by != me && $0.until > now } ?? false
    }
}
