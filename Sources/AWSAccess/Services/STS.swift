/// AWS Security Token Service (STS API Reference, version 2011-06-15), at its endpoint in the Region.
package struct STS: Sendable {
    /// Who is calling.
    package struct CallerIdentity: Sendable, Equatable {
        /// 12 digits.
        package let account: String
        package let arn: String
    }

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    private static let identity = ServiceIdentity(
        name: "STS",
        endpointKey: "STS",
        hostPrefix: "sts",
        longestTry: .seconds(5)
    )
    private static let version = "2011-06-15"

    /// Temporary credentials of a role.
    package func assumeRole(
        _ role: AssumedRole,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Credentials {
        let operation = "AssumeRole"
        var form = [
            (name: "RoleArn", value: role.arn), (name: "RoleSessionName", value: role.sessionName),
            (name: "DurationSeconds", value: String(role.durationSeconds)),
        ]
        if let id = role.externalId { form.append((name: "ExternalId", value: id)) }
        if let policy = role.policy { form.append((name: "Policy", value: policy)) }
        let answer = try await service.query(operation, version: Self.version, form, deadline: deadline)
        func member(_ name: String) throws(ServiceFailure) -> String {
            guard let text = answer.text[name], !text.isEmpty else { throw service.lacks(name, operation) }
            return text
        }
        guard let expiration = WallTime(rfc3339: try member("Expiration")) else {
            throw service.lacks("Expiration that is a time", operation)
        }
        return Credentials(
            accessKeyId: try member("AccessKeyId"),
            secretAccessKey: try member("SecretAccessKey"),
            sessionToken: try member("SessionToken"),
            expiration: expiration
        )
    }

    /// Whose credentials these are; needs no permission.
    package func callerIdentity(
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> CallerIdentity {
        let operation = "GetCallerIdentity"
        let answer = try await service.query(operation, version: Self.version, [], deadline: deadline)
        guard let account = answer.text["Account"], let arn = answer.text["Arn"] else {
            throw service.lacks("Account and Arn", operation)
        }
        return CallerIdentity(account: account, arn: arn)
    }
}
