/// AWS Secrets Manager: reading a secret (Secrets Manager API Reference, version 2017-10-17).
package struct SecretsManager: Sendable {
    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    private static let identity = ServiceIdentity(
        name: "Secrets Manager",
        endpointKey: "SECRETS_MANAGER",
        hostPrefix: "secretsmanager",
        longestTry: .seconds(5)
    )
    private static let dialect = JSONDialect(version: "1.1", target: "secretsmanager")

    /// The text of a secret's current version; log nothing of it.
    package func secretText(
        _ id: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> String {
        let operation = "GetSecretValue"
        let input: JSONValue = ["SecretId": .string(id)]
        let output = try await service.json(operation, Self.dialect, input, isSafeToRepeat: true, deadline: deadline)
        guard let text = output["SecretString"]?.string else { throw service.lacks("SecretString", operation) }
        return text
    }
}
