extension SNS {
    /// Who gets what is published to a topic.
    package struct Subscription: Sendable, Equatable {
        /// `email`, `https`, `lambda`, `sqs`, ...
        package let protocolName: String
        /// Whether the receiver has confirmed: before, nothing is sent to it.
        package let isConfirmed: Bool

        /// Takes the parts as they are.
        package init(protocolName: String, isConfirmed: Bool) {
            self.protocolName = protocolName
            self.isConfirmed = isConfirmed
        }
    }

    /// The subscriptions of a topic; of the kind `notFound` where there is no such topic.
    ///
    /// Receivers are not read: they are addresses of people.
    package func subscriptions(
        of topicArn: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [Subscription] {
        let operation = "ListSubscriptionsByTopic"
        var subscriptions: [Subscription] = []
        var form = [(name: "TopicArn", value: topicArn)]
        for _ in 0..<Self.mostPages {
            let text = try await service.query(operation, version: Self.version, form, deadline: deadline).text
            for member in text.all("member") {
                guard let name = member["Protocol"], let arn = member["SubscriptionArn"] else {
                    throw service.lacks("Protocol or SubscriptionArn", operation)
                }
                // Else a word stands there: PendingConfirmation or Deleted.
                subscriptions.append(Subscription(protocolName: name, isConfirmed: arn.hasPrefix("arn:")))
            }
            guard let next = text["NextToken"], !next.isEmpty else { return subscriptions }
            form = [form[0], (name: "NextToken", value: next)]
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }

    /// A page has 100, and a topic 12.5 million at most; who wants to know about more looks elsewhere.
    private static let mostPages = 100
}
