@testable import AWSAccess
import Pipeline
import Synchronization
import Testing

/// CrossAccountAnomalyProcessor as CloudFormation meets it: asks for a resource, and takes the answer where it is put.
struct ResourceDesk {
    private let stack: Stack
    private let environment: [String: String]
    private let handler: AnomalyHandler
    private let answers: Answers
    private static let address = "https://answers.example.com/stack?signature=a%2Bb"
    /// What a resource of ours is called from its first answer on.
    static let physicalId = "usage-anomalies-Provisioning"

    /// Passes everything on but what is put to the address for answers.
    private final class Answers: HTTPTransport {
        private let transport = CurlTransport()
        private let state = Mutex((bodies: [[UInt8]](), refusals: [Int]()))

        func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
            guard request.endpoint.host == "answers.example.com" else {
                return try await transport.send(request, deadline: deadline)
            }
            let status = state.withLock { state in
                guard state.refusals.isEmpty else { return state.refusals.removeFirst() }
                state.bodies.append(request.body)
                return 200
            }
            return HTTPResponse(status: status, headers: [:], body: [])
        }

        func refuse(_ statuses: [Int]) { state.withLock { $0.refusals = statuses } }

        func take() -> [[UInt8]] {
            state.withLock { state in
                defer { state.bodies = [] }
                return state.bodies
            }
        }
    }

    /// `settings` are beside those of the stack.
    init(_ stack: Stack, _ settings: [String: String] = [:]) throws {
        self.stack = stack
        environment = stack.environment(["ENABLE_ACCOUNT_ENRICHMENT": "false"].merging(settings) { $1 })
        answers = Answers()
        let session = try AWSSession(
            environment: environment,
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
        handler = try AnomalyHandler(try Settings(environment: environment), ports)
    }

    /// The next answers are refused with these statuses.
    func refuseAnswers(_ statuses: [Int]) { answers.refuse(statuses) }

    /// Asks, and gives the one answer.
    func ask(_ type: String, _ properties: JSONValue, seconds: Int = 120) async throws -> JSONValue {
        let event: JSONValue = [
            "RequestType": .string(type), "ResponseURL": .string(Self.address), "StackId": "arn:aws:cloudformation:x",
            "RequestId": "r-1", "LogicalResourceId": "Provisioning",
            "PhysicalResourceId": type == "Create" ? nil : .string(Self.physicalId),
            "ResourceProperties": properties,
        ]
        _ = try await invoke(event.bytes, seconds: seconds)
        let bodies = answers.take()
        try #require(bodies.count == 1)
        #expect(bodies[0].count <= 4096)
        let answer = try #require(JSONValue(bodies[0]))
        #expect(answer["PhysicalResourceId"]?.string == Self.physicalId)
        #expect(answer["Status"]?.string == "SUCCESS" || answer["Reason"]?.string?.isEmpty == false)
        return answer
    }

    /// Lets it look at the store, as a schedule would.
    func evaluate() async throws { _ = try await invoke(Array("{}".utf8), seconds: 120) }

    private func invoke(_ event: [UInt8], seconds: Int) async throws -> [UInt8] {
        try await stack.working(as: "CrossAccountAnomalyProcessor", environment) {
            try await handler.handle(event, InvocationContext(requestId: "r-1", deadline: .now + .seconds(seconds)))
        }
    }
}
