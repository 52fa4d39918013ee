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
    package init() throws {
        endpoint = try Self.closedPort()
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
    package func session(
        rules: String = "[]",
        keeping: Bool = false,
        clock: CallClock = CallClock(random: { 0 })
    ) async throws -> AWSSession {
        if !keeping { _ = try await control(.post, "reset") }
        _ = try await control(.post, "scenario", "{\"rules\":\(rules)}")
        return try AWSSession(
            environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "\(endpoint)"],
            credentials: CredentialsCache { _ in Self.credentials },
            transport: transport,
            clock: clock
        )
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

    /// A port on which nothing listens: one that was just given back.
    private static func closedPort() throws -> Endpoint {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && getsockname(socket, generic, &length) == 0
            }
        }
        guard isBound else { throw AccessFailure.localResource(subject: "stand-in", detail: "errno \(errno)") }
        return Endpoint(scheme: .http, host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port))
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
