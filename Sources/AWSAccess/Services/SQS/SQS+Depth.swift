extension SQS {
    /// How much lies in a queue, roughly: it is counted on several machines.
    package struct Depth: Sendable, Equatable {
        /// Messages that can be received.
        package let waiting: Int
        /// Messages that somebody has received and not deleted yet.
        package let inFlight: Int

        /// Takes the parts as they are.
        package init(waiting: Int, inFlight: Int) {
            self.waiting = waiting
            self.inFlight = inFlight
        }
    }

    /// How much lies in a queue.
    package func depth(
        queueURL: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Depth {
        let operation = "GetQueueAttributes"
        let (waiting, inFlight) = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        let input: JSONValue = [
            "QueueUrl": .string(queueURL), "AttributeNames": [.string(waiting), .string(inFlight)],
        ]
        let attributes = try await call(operation, input, deadline: deadline)["Attributes"]
        func number(_ name: String) -> Int? { attributes?[name]?.string.flatMap { Int($0) } }
        guard let ready = number(waiting), let taken = number(inFlight) else {
            throw service.lacks("\(waiting) or \(inFlight)", operation)
        }
        return Depth(waiting: ready, inFlight: taken)
    }

    /// The URL of the queue of that ARN.
    package func queueURL(
        ofArn arn: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> String {
        let operation = "GetQueueUrl"
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[2] == "sqs" else { throw service.invalid(operation, "\(arn) is no queue's ARN") }
        let input: JSONValue = ["QueueName": .string(parts[5]), "QueueOwnerAWSAccountId": .string(parts[4])]
        guard let url = try await call(operation, input, deadline: deadline)["QueueUrl"]?.string else {
            throw service.lacks("QueueUrl", operation)
        }
        return url
    }
}
