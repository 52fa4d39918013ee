import AWSAccess
import Testing

@Suite("AWSSession")
struct AWSSessionTests {
    private func session(_ environment: [String: String]) throws(AccessFailure) -> AWSSession {
        try AWSSession(
            environment: environment,
            credentials: CredentialsCache { _ in Credentials(accessKeyId: "a", secretAccessKey: "b") },
            transport: ScriptedTransport([])
        )
    }

    private let regional = ServiceIdentity(name: "X Y", endpointKey: "X_Y", hostPrefix: "xy")
    private let global = ServiceIdentity(name: "G", endpointKey: "G", hostPrefix: "g", reach: .global)
    private let newer = ServiceIdentity(name: "Q", endpointKey: "Q", hostPrefix: "q", hasNewerHost: true)

    @Test(
        "hosts follow Region and partition",
        arguments: [
            ("eu-west-1", "xy.eu-west-1.amazonaws.com", "g.us-east-1.amazonaws.com", "q.eu-west-1.api.aws"),
            (
                "us-gov-east-1", "xy.us-gov-east-1.amazonaws.com", "g.us-gov-west-1.amazonaws.com",
                "q.us-gov-east-1.api.aws"
            ),
            (
                "cn-north-1", "xy.cn-north-1.amazonaws.com.cn", "g.cn-northwest-1.amazonaws.com.cn",
                "q.cn-north-1.api.amazonwebservices.com.cn"
            ),
        ]
    )
    func hosts(region: String, first: String, second: String, third: String) throws {
        let session = try session(["AWS_REGION": region])
        #expect(session.endpoint(of: regional) == Endpoint(host: first))
        #expect(session.endpoint(of: global) == Endpoint(host: second))
        #expect(session.endpoint(of: newer) == Endpoint(host: third))
    }

    @Test func `a service's own endpoint goes before the one for all`() throws {
        let session = try session([
            "AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/",
            "AWS_ENDPOINT_URL_X_Y": "https://vpce.example.com", "AWS_ENDPOINT_URL_G": "",
        ])
        #expect(session.region == "eu-west-1")
        #expect(session.endpoint(of: regional) == Endpoint(host: "vpce.example.com"))
        #expect(session.endpoint(of: global) == Endpoint("http://127.0.0.1:4566"))
    }

    @Test(
        "a Region or endpoint that cannot be used is named",
        arguments: [
            ([:], "AWS_REGION"), (["AWS_REGION": "evil.example.com/"], "AWS_REGION"),
            (["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://example.com"], "AWS_ENDPOINT_URL"),
            (["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_SNS": "https://a/b"], "AWS_ENDPOINT_URL_SNS"),
        ]
    )
    func unusable(environment: [String: String], key: String) {
        #expect {
            try session(environment)
        } throws: { error in
            guard case .setting(let named, _, _)? = error as? AccessFailure else { return false }
            return named == key
        }
    }

    @Test func `requests of a global service are signed for its own Region`() async throws {
        let transport = ScriptedTransport([.json(#"{"Accounts":[]}"#)])
        let session = try AWSSession.scripted(transport, environment: ["AWS_REGION": "ap-south-1"])
        _ = try await Organizations(session: session).listAccounts(deadline: far)
        let request = try #require(transport.requests.first)
        #expect(request.endpoint == Endpoint(host: "organizations.us-east-1.amazonaws.com"))
        #expect(request.headers["authorization"]?.contains("/us-east-1/organizations/aws4_request") == true)
        #expect(request.headers["x-amz-security-token"] == "t0ken")
    }
}
