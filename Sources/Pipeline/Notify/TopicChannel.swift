import AWSAccess
import UsageCore

/// An SNS topic: e-mail and whatever else subscribes to it.
package struct TopicChannel: NoticeChannel {
    package let name = "topic"
    private let sns: SNS
    private let topicArn: String

    /// Bytes of a message, with room for its attributes.
    private static let largestBody = SNS.largestMessage - (8 << 10)
    /// Accounts named in the attribute by which subscriptions are filtered.
    private static let accounts = 50

    package init(session: AWSSession, topicArn: String) {
        sns = SNS(session: session)
        self.topicArn = topicArn
    }

    package func send(_ notice: Notice, deadline: ContinuousClock.Instant) async throws {
        let text = NotificationText(notice.incident, notice.kind, last: notice.last)
        let incident = notice.incident
        var seen: Set<String> = []
        let accounts = incident.entities.map(\.account.id).filter { seen.insert($0).inserted }
        try await sns.publish(
            Self.cut(text.body),
            topicArn: topicArn,
            subject: text.subject,
            attributes: [
                "severity": incident.severity.level.rawValue, "state": notice.kind.rawValue,
                "usage": incident.usages.first ?? "unknown", "incidentId": incident.id,
            ],
            lists: ["accountId": Array(accounts.prefix(Self.accounts))],
            deadline: deadline
        )
    }

    /// A body that is too long ends at a line that says so.
    static func cut(_ body: String) -> String {
        guard body.utf8.count > largestBody else { return body }
        let end = "\n(cut here: the whole incident is in the store)"
        var kept = 0
        var lines: [Substring] = []
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            kept += line.utf8.count + 1
            if kept + end.utf8.count > largestBody { break }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + end
    }
}
