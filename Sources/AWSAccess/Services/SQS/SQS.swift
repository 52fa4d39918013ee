/// Amazon SQS in its JSON protocol (SQS API Reference, version 2012-11-05).
package struct SQS: Sendable {
    /// A message that was received and is hidden from others until its visibility ends.
    package struct Message: Sendable, Equatable {
        package let id: String
        package let body: String
        /// What deletes this delivery of the message.
        package let receiptHandle: String
        /// How often it was received, this time counted; 1 if the service does not say.
        package let receiveCount: Int
    }

    let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    /// Entries in one batch.
    package static let mostInBatch = 10
    /// Bytes of a message, and of all in one batch.
    package static let largestMessage = 256 << 10

    // A receive may wait for 20 seconds before it answers.
    private static let identity = ServiceIdentity(
        name: "SQS",
        endpointKey: "SQS",
        hostPrefix: "sqs",
        longestTry: .seconds(30)
    )
    private static let dialect = JSONDialect(version: "1.0", target: "AmazonSQS")

    /// Sends one message and gives its id.
    ///
    /// A try whose answer was lost is repeated: a message may arrive twice rather than not at all.
    @discardableResult
    package func sendMessage(
        _ body: String,
        queueURL: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> String {
        let operation = "SendMessage"
        guard (1...Self.largestMessage).contains(body.utf8.count) else {
            throw service.invalid(operation, "message of \(body.utf8.count) bytes, 1 to \(Self.largestMessage)")
        }
        let input: JSONValue = ["QueueUrl": .string(queueURL), "MessageBody": .string(body)]
        let output = try await call(operation, input, deadline: deadline)
        guard let id = output["MessageId"]?.string else { throw service.lacks("MessageId", operation) }
        return id
    }

    /// Up to ten messages.
    ///
    /// - Parameters:
    ///   - queueURL: As SQS gave it.
    ///   - most: 1 to 10.
    ///   - waitSeconds: How long to wait for the first one, 0 to 20.
    ///   - visibilitySeconds: How long they stay hidden from others; the queue's own time if nil.
    ///   - deadline: When the last try must have ended.
    /// - Returns: None where none came in time.
    /// - Throws: `ServiceFailure`.
    package func receiveMessages(
        queueURL: String,
        most: Int = mostInBatch,
        waitSeconds: Int = 0,
        visibilitySeconds: Int? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [Message] {
        let operation = "ReceiveMessage"
        let input: JSONValue = [
            "QueueUrl": .string(queueURL), "MaxNumberOfMessages": .integer(most),
            "WaitTimeSeconds": .integer(waitSeconds),
            "VisibilityTimeout": visibilitySeconds.map(JSONValue.integer),
            "MessageSystemAttributeNames": ["ApproximateReceiveCount"],
        ]
        var messages: [Message] = []
        for message in try await call(operation, input, deadline: deadline)["Messages"]?.array ?? [] {
            guard let id = message["MessageId"]?.string, let body = message["Body"]?.string,
                let handle = message["ReceiptHandle"]?.string
            else { throw service.lacks("MessageId, Body or ReceiptHandle", operation) }
            let count = message["Attributes"]?["ApproximateReceiveCount"]?.string.flatMap { Int($0) }
            messages.append(Message(id: id, body: body, receiptHandle: handle, receiveCount: count ?? 1))
        }
        return messages
    }

    func call(
        _ operation: String,
        _ input: JSONValue,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> JSONValue {
        try await service.json(operation, Self.dialect, input, isSafeToRepeat: true, deadline: deadline)
    }

    /// Whether to go on after an answer that refused some entries for a reason that may pass.
    func pause(_ operation: String, tries: Int, deadline: ContinuousClock.Instant) async throws(ServiceFailure) -> Bool
    {
        try await service.pause(operation, after: .answered(status: 503), tries: tries, deadline: deadline)
    }
}
