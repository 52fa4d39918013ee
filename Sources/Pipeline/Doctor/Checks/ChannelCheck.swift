import AWSAccess
import UsageCore

/// Whether somebody hears of incidents: the topic has receivers who have confirmed, or there is another channel.
struct ChannelCheck: DeploymentCheck {
    let name = "channel"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let settings = try deployment.needSettings()
        var others: [String] = []
        if let bus = settings.eventBusName { others.append("event bus \(bus)") }
        if settings.slackWebhookSecretArn != nil { others.append("Slack") }
        if settings.teamsWebhookSecretArn != nil { others.append("Teams") }
        guard let topic = settings.notificationTopicArn else { return Self.judge(topic: nil, nil, others: others) }
        do throws(ServiceFailure) {
            let subscriptions = try await SNS(session: deployment.session).subscriptions(of: topic, deadline: deadline)
            return Self.judge(topic: topic, subscriptions, others: others)
        } catch {
            guard error.kind == .notFound else { throw error }
            return Self.judge(topic: topic, nil, others: others)
        }
    }

    /// - Parameters:
    ///   - topic: Its ARN; nil where none is set.
    ///   - subscriptions: nil where the topic is not there.
    ///   - others: Channels beside the topic, which cannot be looked at without using them.
    /// - Returns: The finding.
    static func judge(topic: String?, _ subscriptions: [SNS.Subscription]?, others: [String]) -> Finding {
        let details = others.map { "also \($0), which is not tried here" }
        guard let topic else {
            guard others.isEmpty else { return Finding(others.joined(separator: ", ") + "; no topic") }
            let fix =
                "set NOTIFICATION_TOPIC_ARN, EVENT_BUS_NAME or a web-hook's secret: deploy with AlertEmail, for one"
            return Finding("none", problems: [.init(.broken, "nobody is told of incidents", fix: fix)])
        }
        guard let subscriptions else {
            let fix = "deploy again, or set NOTIFICATION_TOPIC_ARN to a topic that is there"
            return Finding(topic, details: details, problems: [.init(.broken, "the topic is not there", fix: fix)])
        }
        let confirmed = subscriptions.filter(\.isConfirmed)
        let waiting = subscriptions.count - confirmed.count
        let worst: Finding.State = confirmed.isEmpty && others.isEmpty ? .broken : .warning
        var problems: [Finding.Problem] = []
        if subscriptions.isEmpty {
            let fix = "aws sns subscribe --topic-arn \(topic) --protocol email --notification-endpoint ADDRESS"
            problems.append(.init(worst, "nobody has subscribed to the topic", fix: fix))
        } else if waiting > 0 {
            problems.append(
                .init(
                    worst,
                    "\(Counted.text(waiting, "receivers")) of \(subscriptions.count) have not confirmed and get nothing",
                    fix:
                        "follow the link in the message \"AWS Notification - Subscription Confirmation\", or subscribe again: it is valid for two days"
                )
            )
        }
        let kinds = Dictionary(grouping: confirmed, by: \.protocolName).mapValues(\.count).sorted { $0.key < $1.key }
        let shown = kinds.map { "\($0.value) by \($0.key)" }.joined(separator: ", ")
        return Finding(
            "\(topic): \(confirmed.isEmpty ? "no confirmed receiver" : "confirmed \(shown)")",
            details: details,
            problems: problems
        )
    }
}
