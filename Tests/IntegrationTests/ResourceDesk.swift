@testable import AWSAccess
import Pipeline
import Synchronization
import Testing

/// CrossAccountAnomalyProcessor as CloudFormation meets it: asks for a resource, and takes the answer where it is put.
struct ResourceDesk {
    private let handler: AnomalyHandler
    private let answers: Answers
    private static let address = "https://answers.example.com/stack?signature=a%2Bb"

    /// Passes everything on but what is put to the address for answers.
    private final class Answers: HTTPTransport {
        private let transport = CurlTransport()
        private let bodies = Mutex<[[UInt8]]>([])

        func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
            guard request.endpoint.host == "answers.example.com" else {
                return try await transport.send(request, deadline: deadline)
            }
            bodies.withLock { $0.append(request.body) }
            return HTTPResponse(status: 200, headers: [:], body: [])
        }

        func take() -> [[UInt8]] {
            bodies.withLock { all in
                defer { all = [] }
                return all
            }
        }
    }

    init(_ stack: Stack) throws {
        answers = Answers()
        let session = try AWSSession(
            environment: stack.environment(),
            credentials: CredentialsCache { _ in
                Credentials(accessKeyId: "testing", secretAccessKey: "testing", sessionToken: "token")
            },
            transport: answers,
            clock: CallClock(random: { 0 })
        )
        let ports = Ports(
            session: session,
            log: Log(level: .fatal),
            metrics: LineWriter(descriptor: -1) { _, bytes in bytes.count }
        )
        let environment = stack.environment(["ENABLE_ACCOUNT_ENRICHMENT": "false"])
        handler = try AnomalyHandler(try Settings(environment: environment), ports)
    }

    /// Asks, and gives the one answer.
    func ask(_ type: String, _ properties: JSONValue) async throws -> JSONValue {
        let event: JSONValue = [
            "RequestType": .string(type), "ResponseURL": .string(Self.address), "StackId": "arn:aws:cloudformation:x",
            "RequestId": "r-1", "LogicalResourceId": "Provisioning",
            "PhysicalResourceId": type == "Create" ? nil : "usage-anomalies-Provisioning",
            "ResourceProperties": properties,
        ]
        _ = try await invoke(event.bytes)
        let bodies = answers.take()
        try #require(bodies.count == 1)
        return try #require(JSONValue(bodies[0]))
    }

    /// Lets it look at the store, as a schedule would.
    func evaluate() async throws { _ = try await invoke(Array("{}".utf8)) }

    private func invoke(_ event: [UInt8]) async throws -> [UInt8] {
        try await handler.handle(event, InvocationContext(requestId: "r-1", deadline: .now + .seconds(120)))
    }
}
