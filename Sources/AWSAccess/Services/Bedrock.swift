/// Amazon Bedrock's runtime: one turn of a conversation with a model (Converse).
package struct Bedrock: Sendable {
    /// What the model said.
    package struct Reply: Sendable, Equatable {
        /// All blocks of text, joined.
        package let text: String
        /// `end_turn`, `max_tokens`, `guardrail_intervened`, `content_filtered`, ...
        package let stopReason: String
        package let inputTokens: Int
        package let outputTokens: Int
    }

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    private static let identity = ServiceIdentity(
        name: "Bedrock",
        endpointKey: "BEDROCK_RUNTIME",
        hostPrefix: "bedrock-runtime",
        signingName: "bedrock",
        longestTry: .seconds(60)
    )

    /// Asks a model once.
    ///
    /// A try whose answer was lost is repeated, and paid for again.
    ///
    /// - Parameters:
    ///   - message: What the user says.
    ///   - system: What the model is told first; nil for nothing.
    ///   - model: Id or ARN of a model or an inference profile.
    ///   - mostTokens: Of the answer, 1 or more.
    ///   - temperature: 0 for the likeliest words, up to 1.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The model's turn.
    /// - Throws: `ServiceFailure`.
    package func converse(
        _ message: String,
        system: String? = nil,
        model: String,
        mostTokens: Int,
        temperature: Double = 0,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Reply {
        let operation = "Converse"
        guard temperature.isFinite, (0...1).contains(temperature), mostTokens > 0 else {
            throw service.invalid(operation, "temperature \(temperature), \(mostTokens) tokens")
        }
        let turn: JSONValue = ["role": "user", "content": [["text": .string(message)]]]
        let output = try await service.rest(
            operation,
            .post,
            ["model", model, "converse"],
            [
                "messages": [turn], "system": system.map { [["text": .string($0)]] },
                "inferenceConfig": [
                    "maxTokens": .integer(mostTokens), "temperature": .number(String(temperature)),
                ],
            ],
            isSafeToRepeat: true,
            deadline: deadline
        )
        guard let content = output["output"]?["message"]?["content"]?.array,
            let stopReason = output["stopReason"]?.string
        else { throw service.lacks("output.message.content or stopReason", operation) }
        return Reply(
            text: content.compactMap { $0["text"]?.string }.joined(),
            stopReason: stopReason,
            inputTokens: output["usage"]?["inputTokens"]?.int ?? 0,
            outputTokens: output["usage"]?["outputTokens"]?.int ?? 0
        )
    }
}
