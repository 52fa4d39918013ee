import AWSAccess
import Glibc

/// The strict stand-in for AWS beside the repository, as a child process that ends with this one.
///
/// It holds requests against AWS's own models and signatures, answers from a small imitation of the services, and plays faults.
package final class StrictAWS: Sendable {
    package static let isAvailable: Bool =
        access(program, R_OK) == 0 && system("python3 -c 'import moto.moto_server, botocore' >/dev/null 2>&1") == 0

    package let endpoint: Endpoint
    private let transport = CurlTransport()
    private static let credentials = Credentials(
        accessKeyId: "testing",
        secretAccessKey: "testing",
        sessionToken: "token"
    )

    private static let program = SharedData.path("../tools/strict_aws.py")

    /// Starts a process of its own; tests that share one run one after the other.
    package init() throws { endpoint = try ChildServer.start("'\(Self.program)' --port") }

    /// A session on the stand-in, which forgets everything first unless `keeping` says otherwise.
    ///
    /// `rules` are the faults to come: a JSON array as the stand-in's head comment explains.
    package func session(
        rules: String = "[]",
        keeping: Bool = false,
        clock: CallClock = CallClock(random: { 0 })
    ) async throws -> AWSSession {
        if !keeping { _ = try await control(.post, "reset") }
        _ = try await control(.post, "scenario", "{\"rules\":\(rules)}")
        var session = try AWSSession(
            environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "\(endpoint)"],
            credentials: CredentialsCache { _ in Self.credentials },
            transport: transport,
            clock: clock
        )
        // A busy machine must not make a call be given up that the stand-in goes on with: what it does at the same time is not isolated.
        session.policy.longestTry = .seconds(240)
        return session
    }

    /// How often each `service.operation` was called since the last session began.
    package func counts() async throws -> [String: Int] {
        guard case .object(let members)? = try await summary()["counts"] else { return [:] }
        return members.reduce(into: [:]) { $0[$1.name] = $1.value.int }
    }

    /// What was wrong with the requests.
    package func violations() async throws -> [String] {
        (try await summary()["violations"]?.array ?? []).compactMap(\.string)
    }

    private func summary() async throws -> JSONValue {
        try read(try await control(.get, "summary"))
    }

    /// Asks until the child listens, which takes it a second or two.
    private func control(
        _ method: HTTPRequest.Method,
        _ name: String,
        _ body: String = ""
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(method, endpoint, path: "/_strict/\(name)", body: Array(body.utf8))
        let deadline = ContinuousClock.now + .seconds(240)
        while true {
            do {
                return try await transport.send(request, deadline: deadline)
            } catch AccessFailure.unreachable where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// A call in DynamoDB's or Organizations' protocol of something that the product itself never does.
    package func call(_ operation: RawOperation, _ input: JSONValue) async throws -> JSONValue {
        let request = HTTPRequest(
            .post,
            endpoint,
            headers: [
                "Content-Type": "application/x-amz-json-\(operation.version)", "X-Amz-Target": operation.target,
            ],
            body: input.bytes,
            largestResponse: 256 << 20
        )
        let signed = try RequestSigner(service: operation.service, region: "us-east-1").sign(
            request,
            with: Self.credentials,
            at: .now()
        )
        let response = try await transport.send(signed, deadline: .now + .seconds(240))
        guard response.status == 200 else { throw Unexpected(answer: response) }
        return try read(response)
    }

    /// Makes the table that tests need.
    package func makeTable(_ name: String) async throws {
        let input: JSONValue = [
            "TableName": .string(name), "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [
                ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "sk", "KeyType": "RANGE"],
            ],
            "AttributeDefinitions": [
                ["AttributeName": "pk", "AttributeType": "S"], ["AttributeName": "sk", "AttributeType": "S"],
            ],
        ]
        _ = try await call(.dynamoDB("CreateTable"), input)
    }

    /// Every item of a table as it stands on the wire, one line each, sorted.
    package func items(of table: String) async throws -> [String] {
        var lines: [String] = []
        var start: JSONValue?
        repeat {
            let page = try await call(
                .dynamoDB("Scan"),
                ["TableName": .string(table), "ConsistentRead": true, "ExclusiveStartKey": start]
            )
            for item in page["Items"]?.array ?? [] {
                guard case .object(let members) = item else { continue }
                let sorted = JSONValue.sorted(members.reduce(into: [:]) { $0[$1.name] = $1.value })
                lines.append(String(decoding: sorted.bytes, as: UTF8.self))
            }
            start = page["LastEvaluatedKey"]
        } while start != nil
        return lines.sorted()
    }

    /// An answer that a test did not count on.
    package struct Unexpected: Error, CustomStringConvertible {
        package let description: String

        init(answer: HTTPResponse) {
            description = "HTTP \(answer.status): \(String(decoding: answer.body.prefix(400), as: UTF8.self))"
        }
    }

    private func read(_ response: HTTPResponse) throws -> JSONValue {
        guard let json = JSONValue(response.body) else { throw Unexpected(answer: response) }
        return json
    }
}

/// An operation in AWS's JSON protocol.
package struct RawOperation: Sendable {
    let service: String
    let version: String
    let target: String

    package static func dynamoDB(_ operation: String) -> RawOperation {
        RawOperation(service: "dynamodb", version: "1.0", target: "DynamoDB_20120810.\(operation)")
    }

    package static func organizations(_ operation: String) -> RawOperation {
        RawOperation(service: "organizations", version: "1.1", target: "AWSOrganizationsV20161128.\(operation)")
    }
}
