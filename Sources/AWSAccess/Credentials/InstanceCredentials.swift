/// The role of an EC2 instance, asked of its metadata service in version 2, which hands out a token first.
///
/// EC2 User Guide, "Use the Instance Metadata Service". Version 1, which a forged request could reach, is never used.
package struct InstanceCredentials: Sendable, Equatable {
    private let endpoint: Endpoint

    /// The service at its usual address, or where `AWS_EC2_METADATA_SERVICE_ENDPOINT` says.
    ///
    /// - Throws: `AccessFailure.setting` if that cannot be read.
    package init(environment: [String: String]) throws(AccessFailure) {
        let key = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
        guard let text = environment[key], !text.isEmpty else {
            endpoint = Endpoint(scheme: .http, host: "169.254.169.254")
            return
        }
        guard let named = Endpoint(text), named.isLoopback || named.isLinkLocal else {
            throw .setting(key: key, value: text, allowed: "http:// and a loopback or link-local address")
        }
        endpoint = named
    }

    private static let source = "the instance metadata service"
    private static let rolePath = "/latest/meta-data/iam/security-credentials/"

    /// Asks for a token, the role's name and its credentials; waits at most two seconds, as off EC2 nothing ever answers.
    func fetch(over transport: any HTTPTransport, deadline: ContinuousClock.Instant) async throws -> Credentials {
        let deadline = min(deadline, .now + .seconds(2))
        var request = HTTPRequest(.put, endpoint, path: "/latest/api/token", largestResponse: 1 << 16)
        request.headers.set("X-aws-ec2-metadata-token-ttl-seconds", to: "60")
        let token = try await text(request, over: transport, deadline: deadline)

        request = HTTPRequest(.get, endpoint, path: Self.rolePath, largestResponse: 1 << 16)
        request.headers.set("X-aws-ec2-metadata-token", to: token)
        let roles = try await text(request, over: transport, deadline: deadline)
        guard let role = roles.split(whereSeparator: \.isNewline).first else {
            throw AccessFailure.credentials(source: Self.source, detail: "the instance has no role")
        }
        request.path = Self.rolePath + PercentEncoding.encode(String(role))
        return try Credentials(reply: try await transport.send(request, deadline: deadline), source: Self.source)
    }

    private func text(
        _ request: HTTPRequest,
        over transport: any HTTPTransport,
        deadline: ContinuousClock.Instant
    ) async throws -> String {
        let reply = try await transport.send(request, deadline: deadline)
        guard reply.status == 200 else {
            throw AccessFailure.credentials(source: Self.source, detail: "\(request.path) gave HTTP \(reply.status)")
        }
        return String(decoding: reply.body, as: UTF8.self)
    }
}
