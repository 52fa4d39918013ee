/// Where credentials come from, read off the environment in the order of AWS's SDKs: keys, container, instance.
package enum CredentialsSource: Sendable, Equatable {
    /// `AWS_ACCESS_KEY_ID` and its siblings, as Lambda sets them; they change only with the process.
    case environment(Credentials)
    /// The endpoint that ECS, EKS and others name.
    case container(ContainerCredentials)
    /// The metadata service of an EC2 instance.
    case instance(InstanceCredentials)

    /// Reads the source off the environment.
    ///
    /// - Throws: `AccessFailure.setting` if half a key pair or an unusable endpoint is given, `AccessFailure.credentials` if nothing
    ///   is given and the instance's metadata is switched off.
    package init(environment: [String: String]) throws(AccessFailure) {
        let given = { (key: String) in environment[key].flatMap { $0.isEmpty ? nil : $0 } }
        switch (given("AWS_ACCESS_KEY_ID"), given("AWS_SECRET_ACCESS_KEY")) {
        case (let id?, let secret?):
            self = .environment(
                Credentials(accessKeyId: id, secretAccessKey: secret, sessionToken: given("AWS_SESSION_TOKEN"))
            )
        case (_?, nil):
            throw .setting(key: "AWS_SECRET_ACCESS_KEY", value: "not set", allowed: "it beside AWS_ACCESS_KEY_ID")
        case (nil, _?):
            throw .setting(key: "AWS_ACCESS_KEY_ID", value: "not set", allowed: "it beside AWS_SECRET_ACCESS_KEY")
        case (nil, nil):
            if let container = try ContainerCredentials(environment: environment) {
                self = .container(container)
            } else if given("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" {
                throw .credentials(source: "the environment", detail: "no keys, no container, metadata disabled")
            } else {
                self = .instance(try InstanceCredentials(environment: environment))
            }
        }
    }

    /// Asks the source once.
    ///
    /// - Throws: `AccessFailure` with the source and what it answered; `CancellationError`.
    package func fetch(
        over transport: any HTTPTransport,
        deadline: ContinuousClock.Instant
    ) async throws -> Credentials {
        switch self {
        case .environment(let credentials): credentials
        case .container(let container): try await container.fetch(over: transport, deadline: deadline)
        case .instance(let instance): try await instance.fetch(over: transport, deadline: deadline)
        }
    }
}

extension Credentials {
    /// Reads the JSON that container and instance endpoints both answer with.
    ///
    /// - Throws: `AccessFailure.credentials` that names what is missing and never shows what is there.
    init(reply: HTTPResponse, source: String) throws(AccessFailure) {
        guard reply.status == 200 else {
            throw .credentials(source: source, detail: "HTTP \(reply.status)")
        }
        guard let json = JSONValue(reply.body) else {
            throw .credentials(source: source, detail: "no JSON in \(reply.body.count) bytes")
        }
        // The metadata service answers 200 with another code where the role cannot be assumed.
        if let code = json["Code"]?.string, code != "Success" {
            throw .credentials(source: source, detail: "code \(code)")
        }
        func member(_ name: String) throws(AccessFailure) -> String {
            guard let text = json[name]?.string, !text.isEmpty else {
                throw .credentials(source: source, detail: "no \(name)")
            }
            return text
        }
        let end = try member("Expiration")
        guard let expiration = WallTime(rfc3339: end) else {
            throw .credentials(source: source, detail: "Expiration \(end) is no time")
        }
        self.init(
            accessKeyId: try member("AccessKeyId"),
            secretAccessKey: try member("SecretAccessKey"),
            sessionToken: try member("Token"),
            expiration: expiration
        )
    }
}
