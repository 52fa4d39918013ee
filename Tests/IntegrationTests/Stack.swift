import AWSAccess
import Glibc
import Pipeline
import TestSupport
import Testing

/// A real OpenSearch node behind a strict stand-in for AWS, both on this machine: `make integration` starts them.
///
/// The stand-in holds every request against AWS's own models and signatures, plays faults that a test asks for, and passes what is
/// signed for OpenSearch on to the node.
struct Stack: Sendable {
    static let isAvailable = getenv("OPENSEARCH_URL") != nil && getenv("AWS_ENDPOINT_URL") != nil

    /// Where signed requests go, those for the domain too.
    let aws: Endpoint
    /// The node itself, for what tests ask without signing.
    let node: Endpoint
    /// The table of the state, made anew by `reset`.
    static let table = "usage-state"

    private static let transport = CurlTransport()

    init() throws {
        func endpoint(_ key: String) throws -> Endpoint {
            let text = try #require(getenv(key).map { String(cString: $0) }, "\(key) is not set")
            let endpoint = try #require(Endpoint(text), "\(key) cannot be read")
            try #require(endpoint.isLoopback, "\(key) is not on this machine")
            return endpoint
        }
        aws = try endpoint("AWS_ENDPOINT_URL")
        node = try endpoint("OPENSEARCH_URL")
    }

    /// Deletes our indices and what detectors have found, puts our template in place, makes the stand-in forget everything and gives it the faults to come.
    static func fresh(rules: String = "[]") async throws -> Stack {
        let stack = try Stack()
        _ = try await stack.search(.delete, "/usage-*", query: "expand_wildcards=all")
        _ = try await stack.search(
            .post,
            "/opensearch-ad-plugin-result-usage*/_delete_by_query",
            query: "refresh=true&conflicts=proceed",
            body: #"{"query":{"match_all":{}}}"#
        )
        let template = try ProgramRun("catalog template")
        try await stack.expect(200, .put, "/_index_template/usage-records", body: template.output)
        try await forget(stack)
        try await stack.play(rules)
        return stack
    }

    /// Makes the stand-in forget its log and faults; what the domain holds stays.
    static func forget(_ stack: Stack) async throws {
        if keepsLogs { try keep(try await stack.control("log", nil).body) }
        _ = try await stack.control("reset")
    }

    /// A request to the domain by the way that functions take, for what a plugin answers.
    func plugin(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil) async throws -> HTTPResponse {
        try await OpenSearch(session: session(), endpoint: aws).send(
            method,
            path,
            headers: body == nil ? [:] : ["Content-Type": "application/json"],
            body: body?.bytes ?? [],
            deadline: .now + .seconds(30)
        )
    }

    /// Faults to come, a JSON array of rules as the stand-in's own text explains; they replace those before.
    func play(_ rules: String) async throws { _ = try await control("scenario", "{\"rules\":\(rules)}") }

    /// The environment of a function on this stack.
    func environment(_ more: [String: String] = [:]) -> [String: String] {
        [
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "\(aws)", "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": "token", "OPENSEARCH_ENDPOINT": "\(aws)",
        ].merging(more) { $1 }
    }

    /// A session for what tests do themselves.
    func session(clock: CallClock = CallClock(random: { 0 })) throws -> AWSSession {
        try AWSSession(
            environment: environment(),
            credentials: CredentialsCache { _ in
                Credentials(accessKeyId: "testing", secretAccessKey: "testing", sessionToken: "token")
            },
            transport: Self.transport,
            clock: clock
        )
    }

    /// What the node answers, unsigned.
    func search(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        body: String = ""
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(
            method,
            node,
            path: path,
            query: query,
            headers: body.isEmpty ? [:] : ["Content-Type": "application/json"],
            body: Array(body.utf8),
            largestResponse: 256 << 20
        )
        return try await Self.transport.send(request, deadline: .now + .seconds(60))
    }

    /// The JSON that the node answers; a status other than 200 fails the test.
    func json(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        body: String = ""
    ) async throws -> JSONValue {
        let response = try await search(method, path, query: query, body: body)
        try #require(response.status == 200, "\(path): \(String(decoding: response.body.prefix(400), as: UTF8.self))")
        return try #require(JSONValue(response.body))
    }

    /// Makes what was written visible to searches.
    func refresh() async throws { _ = try await search(.post, "/usage-*/_refresh") }

    /// How many documents an index pattern holds, after a refresh.
    func count(_ pattern: String) async throws -> Int {
        try await refresh()
        let answer = try await json(.get, "/\(pattern)/_count", query: "ignore_unavailable=true")
        return try #require(answer["count"]?.int)
    }

    private func expect(
        _ status: Int,
        _ method: HTTPRequest.Method,
        _ path: String,
        body: String
    ) async throws {
        let response = try await search(method, path, body: body)
        try #require(
            response.status == status,
            "\(path): \(String(decoding: response.body.prefix(400), as: UTF8.self))"
        )
    }

    /// How often each `service.operation` was called since `fresh`.
    func counts() async throws -> [String: Int] {
        guard case .object(let members)? = try await summary()["counts"] else { return [:] }
        return members.reduce(into: [:]) { $0[$1.name] = $1.value.int }
    }

    /// What was wrong with the requests since `fresh`.
    func violations() async throws -> [String] {
        (try await summary()["violations"]?.array ?? []).map { $0.string ?? String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Every request since `fresh`: service, operation, params, status.
    func log() async throws -> [JSONValue] {
        let response = try await control("log", nil)
        let json = try #require(JSONValue(response.body))
        return json.array ?? json["log"]?.array ?? []
    }

    private func summary() async throws -> JSONValue {
        try #require(JSONValue(try await control("summary", nil).body))
    }

    private func control(_ name: String, _ body: String? = "") async throws -> HTTPResponse {
        let request = HTTPRequest(
            body == nil ? .get : .post,
            aws,
            path: "/_strict/\(name)",
            body: Array((body ?? "").utf8),
            largestResponse: 256 << 20
        )
        return try await Self.transport.send(request, deadline: .now + .seconds(60))
    }
}
