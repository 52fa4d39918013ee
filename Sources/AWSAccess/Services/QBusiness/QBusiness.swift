/// Amazon Q Business: documents of an index, and questions (Q Business API Reference, version 2023-11-27).
package struct QBusiness: Sendable {
    let service: AWSService
    /// 36 characters.
    let application: String

    /// The service as the session sees it, for one application.
    package init(session: AWSSession, application: String) {
        service = AWSService(Self.identity, session: session)
        self.application = application
    }

    /// Documents in one request.
    package static let mostInBatch = 10
    /// Bytes of a document's content.
    package static let largestDocument = 50 << 20

    // An answer in words takes its time.
    private static let identity = ServiceIdentity(
        name: "Q Business",
        endpointKey: "QBUSINESS",
        hostPrefix: "qbusiness",
        hasNewerHost: true,
        longestTry: .seconds(60)
    )

    /// Asks a question and waits for the answer.
    ///
    /// - Parameters:
    ///   - question: Not empty.
    ///   - conversation: Id and last message of the conversation to go on with; nil begins one.
    ///   - token: 1 to 100 characters; what comes twice under one token is answered once. Without it nothing that may have been
    ///     acted on is repeated.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The answer with its sources.
    /// - Throws: `ServiceFailure`, of the kind `accessDenied` where the application wants a user's identity.
    package func chat(
        _ question: String,
        conversation: Conversation? = nil,
        token: String? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Answer {
        let operation = "ChatSync"
        guard !question.isEmpty else { throw service.invalid(operation, "an empty question") }
        let output = try await service.rest(
            operation,
            .post,
            ["applications", application, "conversations"],
            query: "sync",
            [
                "userMessage": .string(question), "conversationId": conversation.map { .string($0.id) },
                "parentMessageId": conversation.map { .string($0.lastMessageId) },
                "clientToken": token.map(JSONValue.string),
            ],
            isSafeToRepeat: token != nil,
            deadline: deadline
        )
        guard let answer = Answer(output) else {
            throw service.lacks("systemMessage, conversationId or systemMessageId", operation)
        }
        return answer
    }
}
