@testable import AWSAccess
import Glibc
import Synchronization
import TestSupport
import Testing

/// The strict stand-in for AWS beside the repository, as a child process that ends with this one.
///
/// It holds requests against AWS's own models and signatures, answers from a small imitation of the services, and plays faults.
final class StrictAWS: Sendable {
    static let isAvailable: Bool =
        access(program, R_OK) == 0 && system("python3 -c 'import moto.moto_server, botocore' >/dev/null 2>&1") == 0

    /// One process for all tests, which therefore run one after the other.
    static let shared = Result { try StrictAWS() }

    let endpoint: Endpoint
    private let transport = CurlTransport()

    private static let program = SharedData.path("../tools/strict_aws.py")

    private init() throws {
        endpoint = try LoopbackServer.closedPort()
        // The shell waits for the end of its input, which comes when this process ends, however it does. Only signal 9 gets
        // through: the child inherits what the threads of Swift block.
        let command = """
            python3 '\(Self.program)' --port \(endpoint.port ?? 0) >/dev/null 2>&1 & child=$!; read line; kill -9 $child
            """
        // The stream is never closed: that is what keeps the child alive.
        guard popen(command, "we") != nil else {
            throw AccessFailure.localResource(subject: "stand-in", detail: Self.program)
        }
    }

    /// A session on the stand-in, which forgets everything first unless `keeping` says otherwise.
    ///
    /// `rules` are the faults to come: a JSON array as the stand-in's head comment explains.
    func session(
        rules: String = "[]",
        keeping: Bool = false,
        clock: CallClock = CallClock(random: { 0 })
    ) async throws -> AWSSession {
        if !keeping { _ = try await control(.post, "reset") }
        _ = try await control(.post, "scenario", "{\"rules\":\(rules)}")
        return try AWSSession(
            environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "\(endpoint)"],
            credentials: CredentialsCache { _ in
                Credentials(accessKeyId: "testing", secretAccessKey: "testing", sessionToken: "token")
            },
            transport: transport,
            clock: clock
        )
    }

    /// How often each `service.operation` was called since the last session began.
    func counts() async throws -> [String: Int] {
        guard case .object(let members)? = try await summary()["counts"] else { return [:] }
        return members.reduce(into: [:]) { $0[$1.name] = $1.value.int }
    }

    /// What was wrong with the requests.
    func violations() async throws -> [String] {
        (try await summary()["violations"]?.array ?? []).compactMap(\.string)
    }

    private func summary() async throws -> JSONValue {
        try #require(JSONValue(try await control(.get, "summary").body))
    }

    /// Asks until the child listens, which takes it a second or two.
    private func control(
        _ method: HTTPRequest.Method,
        _ name: String,
        _ body: String = ""
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(method, endpoint, path: "/_strict/\(name)", body: Array(body.utf8))
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try await transport.send(request, deadline: deadline)
            } catch AccessFailure.unreachable where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}

/// Makes the table that tests need; the product never does.
struct TableMaker {
    private let service: AWSService

    init(session: AWSSession) {
        let identity = ServiceIdentity(name: "DynamoDB", endpointKey: "DYNAMODB", hostPrefix: "dynamodb")
        service = AWSService(identity, session: session)
    }

    func create(_ name: String) async throws {
        let dialect = JSONDialect(version: "1.0", target: "DynamoDB_20120810")
        let input: JSONValue = [
            "TableName": .string(name), "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [
                ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "sk", "KeyType": "RANGE"],
            ],
            "AttributeDefinitions": [
                ["AttributeName": "pk", "AttributeType": "S"], ["AttributeName": "sk", "AttributeType": "S"],
            ],
        ]
        _ = try await service.json("CreateTable", dialect, input, isSafeToRepeat: true, deadline: far)
    }
}

/// Every client against the stand-in: its log must stay free of violations, and its faults must lead to the right decisions.
@Suite(
    "Clients against the strict stand-in",
    .serialized,
    .enabled(if: StrictAWS.isAvailable, "needs ../shared/tools/strict_aws.py and python3 with moto[server]")
)
enum StrictTests {}
