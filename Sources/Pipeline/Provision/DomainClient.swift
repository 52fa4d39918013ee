import AWSAccess

/// Requests to a domain's own APIs, with their answers read.
///
/// A status says too little: the anomaly detection plugin answers 200 with an `error`, and 500 for bodies that can never pass.
struct DomainClient: Sendable {
    let search: OpenSearch
    var deadline: ContinuousClock.Instant
    /// `2.19.4` as three numbers.
    var version: [Int] = [0, 0, 0]

    /// What the domain answered.
    struct Reply {
        let status: Int
        let json: AWSAccess.JSONValue?
        let operation: String

        /// What it says against the request; nil where it took it.
        var refusal: String? {
            if let error = json?["error"] {
                let reason = error["reason"]?.string ?? error.string ?? String(decoding: error.bytes, as: UTF8.self)
                return reason
            }
            if (200..<300).contains(status) { return nil }
            // What stands before a managed domain writes its own with a capital.
            return json?["message"]?.string ?? json?["Message"]?.string ?? json?["reason"]?.string ?? json?.string
                ?? "no reason given"
        }

        var isAbsent: Bool { status == 404 }

        /// Whether the domain knows no such path: the plugin is not there.
        var isUnknownPath: Bool {
            (status == 400 || status == 405) && refusal?.contains("no handler found") == true
        }

        var failure: ProvisionFailure {
            .refused(operation: operation, status: status, reason: refusal ?? "an answer that says nothing")
        }
    }

    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        _ body: AWSAccess.JSONValue? = nil,
        isSafeToRepeat: Bool? = nil
    ) async throws -> Reply {
        try await send(
            method,
            path,
            query: query,
            body == nil ? [:] : ["Content-Type": "application/json"],
            body?.bytes ?? [],
            isSafeToRepeat: isSafeToRepeat
        )
    }

    /// The same with headers and bytes of any kind.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        _ headers: HTTPHeaders,
        _ body: [UInt8] = [],
        isSafeToRepeat: Bool? = nil
    ) async throws(ServiceFailure) -> Reply {
        let response = try await search.send(
            method,
            path,
            query: query,
            headers: headers,
            body: body,
            isSafeToRepeat: isSafeToRepeat,
            deadline: deadline
        )
        return Reply(
            status: response.status,
            json: AWSAccess.JSONValue(response.body),
            operation: "\(method.rawValue) \(path)"
        )
    }

    /// The answer where it was taken; else throws what it says.
    @discardableResult
    func must(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        _ body: AWSAccess.JSONValue? = nil,
        isSafeToRepeat: Bool? = nil
    ) async throws -> AWSAccess.JSONValue {
        let reply = try await ask(method, path, query: query, body, isSafeToRepeat: isSafeToRepeat)
        guard reply.refusal == nil, let json = reply.json else { throw reply.failure }
        return json
    }

    /// What a search by name has found.
    enum Found {
        case nothing
        /// The plugin is not there.
        case unknownPath
        case document(id: String, source: AWSAccess.JSONValue)

        /// What the domain calls it; nil where there is nothing.
        var id: String? {
            if case .document(let id, _) = self { id } else { nil }
        }
    }

    /// Looks among what a plugin keeps below `path` for what bears `name`.
    func find(_ name: String, by field: String, in path: String) async throws -> Found {
        let query: AWSAccess.JSONValue = ["size": 1, "query": ["term": .sorted([field: .string(name)])]]
        let reply = try await ask(.post, "\(path)/_search", query, isSafeToRepeat: true)
        if reply.isUnknownPath { return .unknownPath }
        // Before the first one the plugin has no index.
        if reply.isAbsent { return .nothing }
        guard reply.refusal == nil else { throw reply.failure }
        guard let hit = reply.json?["hits"]?["hits"]?.array?.first, let id = hit["_id"]?.string,
            let source = hit["_source"]
        else { return .nothing }
        return .document(id: id, source: source)
    }

    /// Whether the domain's version is at least `major.minor`.
    func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        version[0] != major ? version[0] > major : version[1] >= minor
    }

    /// The query that makes a write hold only over what was read.
    static func condition(_ read: AWSAccess.JSONValue) -> String {
        guard let number = read["_seq_no"]?.int, let term = read["_primary_term"]?.int else { return "" }
        return "if_primary_term=\(term)&if_seq_no=\(number)"
    }
}
