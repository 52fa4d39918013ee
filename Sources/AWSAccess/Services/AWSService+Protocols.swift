extension AWSService {
    /// A call in AWS's JSON protocol, where a header names the operation.
    ///
    /// - Parameters:
    ///   - operation: As the model names it.
    ///   - dialect: Version and target prefix.
    ///   - input: An object.
    ///   - isSafeToRepeat: Whether acting twice does no more than acting once.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The output; an empty object where the answer has no body.
    /// - Throws: `ServiceFailure`.
    func json(
        _ operation: String,
        _ dialect: JSONDialect,
        _ input: JSONValue,
        isSafeToRepeat: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> JSONValue {
        let headers: HTTPHeaders = [
            "Content-Type": "application/x-amz-json-\(dialect.version)",
            "X-Amz-Target": "\(dialect.target).\(operation)",
        ]
        let request = HTTPRequest(
            .post,
            endpoint,
            headers: headers,
            body: input.bytes,
            isSafeToRepeat: isSafeToRepeat
        )
        return try output(of: try await send(operation, request, deadline: deadline), operation)
    }

    /// A call in the query protocol: a form goes out, XML comes back.
    ///
    /// Always safe to repeat: the calls made so either change nothing or may be doubled.
    func query(
        _ operation: String,
        version: String,
        _ input: [(name: String, value: String)],
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> (text: XMLText, tries: Int) {
        let form = [(name: "Action", value: operation), (name: "Version", value: version)] + input
        let request = HTTPRequest(
            .post,
            endpoint,
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array(PercentEncoding.query(form).utf8),
            isSafeToRepeat: true
        )
        let answer = try await send(operation, request, deadline: deadline)
        return (XMLText(answer.response.body), answer.tries)
    }

    /// A call of a REST service that takes and gives JSON.
    ///
    /// - Parameters:
    ///   - operation: As the model names it, for messages.
    ///   - method: HTTP method.
    ///   - path: The segments, not yet encoded.
    ///   - query: Encoded, without `?`.
    ///   - input: The body; nil for none.
    ///   - isSafeToRepeat: Whether acting twice does no more than acting once.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The output; an empty object where the answer has no body.
    /// - Throws: `ServiceFailure`.
    func rest(
        _ operation: String,
        _ method: HTTPRequest.Method,
        _ path: [String],
        query: String = "",
        _ input: JSONValue?,
        isSafeToRepeat: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> JSONValue {
        let request = HTTPRequest(
            method,
            endpoint,
            path: "/" + path.map { PercentEncoding.encode($0) }.joined(separator: "/"),
            query: query,
            headers: input == nil ? [:] : ["Content-Type": "application/json"],
            body: input?.bytes ?? [],
            isSafeToRepeat: isSafeToRepeat
        )
        return try output(of: try await send(operation, request, deadline: deadline), operation)
    }

    private func output(of answer: Answer, _ operation: String) throws(ServiceFailure) -> JSONValue {
        if answer.response.body.isEmpty { return [:] }
        guard let json = JSONValue(answer.response.body) else {
            let detail = "no JSON in \(answer.response.body.count) bytes"
            throw failure(operation, .unreadable(detail), tries: answer.tries)
        }
        return json
    }

    /// For an answer that lacks what its model requires.
    func lacks(_ member: String, _ operation: String) -> ServiceFailure {
        failure(operation, .unreadable("no \(member)"), tries: 1)
    }
}

/// The two things that vary within AWS's JSON protocol.
struct JSONDialect: Sendable {
    /// `1.0` or `1.1`.
    let version: String
    /// What stands before the operation in `X-Amz-Target`.
    let target: String
}
