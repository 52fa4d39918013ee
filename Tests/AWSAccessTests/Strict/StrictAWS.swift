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
        // The stream is never closed: its end, when this process ends, however it does, is what ends the child.
        guard popen("exec python3 -c '\(Self.keeper)' '\(Self.program)' \(endpoint.port ?? 0)", "we") != nil else {
            throw AccessFailure.localResource(subject: "stand-in", detail: Self.program)
        }
    }

    /// Runs the stand-in for as long as its own input is open.
    ///
    /// It lets go of what it inherits first: an open connection would never end for its peer, and the signals that Swift's threads
    /// block would find no ear.
    private static let keeper = """
        import os, signal, subprocess, sys
        os.closerange(3, 65536)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        quiet = subprocess.DEVNULL
        child = subprocess.Popen([sys.executable, sys.argv[1], "--port", sys.argv[2]], stdout=quiet, stderr=quiet)
        sys.stdin.read()
        child.kill()
        """

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
