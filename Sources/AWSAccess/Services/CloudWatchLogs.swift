/// Amazon CloudWatch Logs: where the records of a log group go (CloudWatch Logs API Reference, version 2014-03-28).
package struct CloudWatchLogs: Sendable {
    /// What hands a log group's events on as they come.
    package struct SubscriptionFilter: Sendable, Equatable {
        package let name: String
        /// Empty where every event goes.
        package let pattern: String
        package let destinationArn: String

        /// Takes the parts as they are.
        package init(name: String, pattern: String, destinationArn: String) {
            self.name = name
            self.pattern = pattern
            self.destinationArn = destinationArn
        }
    }

    private let service: AWSService

    /// The service as the session sees it; `region` instead of the session's.
    package init(session: AWSSession, region: String? = nil) {
        service = AWSService(Self.identity, session: session, region: region)
    }

    private static let identity = ServiceIdentity(
        name: "CloudWatch Logs",
        endpointKey: "CLOUDWATCH_LOGS",
        hostPrefix: "logs"
    )
    private static let dialect = JSONDialect(version: "1.1", target: "Logs_20140328")
    /// A log group has two filters at most.
    private static let mostPages = 10

    /// The filters of a log group; of the kind `notFound` where there is no such group.
    package func subscriptionFilters(
        of logGroup: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [SubscriptionFilter] {
        let operation = "DescribeSubscriptionFilters"
        var filters: [SubscriptionFilter] = []
        var token: JSONValue?
        for _ in 0..<Self.mostPages {
            let output = try await service.json(
                operation,
                Self.dialect,
                ["logGroupName": .string(logGroup), "nextToken": token],
                isSafeToRepeat: true,
                deadline: deadline
            )
            for json in output["subscriptionFilters"]?.array ?? [] {
                guard let name = json["filterName"]?.string, let destination = json["destinationArn"]?.string else {
                    throw service.lacks("filterName or destinationArn", operation)
                }
                let pattern = json["filterPattern"]?.string ?? ""
                filters.append(SubscriptionFilter(name: name, pattern: pattern, destinationArn: destination))
            }
            guard let next = output["nextToken"]?.string, !next.isEmpty else { return filters }
            token = .string(next)
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }
}
