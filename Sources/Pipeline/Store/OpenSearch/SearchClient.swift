import AWSAccess

/// The requests that the OpenSearch home of the store makes, with their answers read and checked.
///
/// What a search needs stands in its body: parameters in the address of a signed POST may be passed over by Amazon OpenSearch Service.
struct SearchClient: Sendable {
    let search: OpenSearch
    let deadline: ContinuousClock.Instant

    /// Bytes of an answer: a page of the largest records (256 KiB each) and room for the rest.
    static let largestAnswer = 96 << 20

    /// The answer to a search; one that leaves out shards or time is a failure.
    func search(_ indices: String, _ body: AWSAccess.JSONValue) async throws -> SearchReply {
        let operation = "_search \(indices)"
        let response = try await search.send(
            .post,
            "/\(indices)/_search",
            headers: ["Content-Type": "application/json"],
            body: body.bytes,
            largestResponse: Self.largestAnswer,
            isSafeToRepeat: true,
            deadline: deadline
        )
        guard response.status == 200 else {
            throw SearchFailure.refused(operation: operation, OpenSearch.refusal(response))
        }
        guard let reply = SearchReply(response.body) else {
            throw SearchFailure.unreadable(operation: operation, evidence: "\(response.body.count) bytes")
        }
        if reply.tree["timed_out"]?.bool == true {
            throw SearchFailure.partial(operation: operation, evidence: "timed out")
        }
        if let failed = reply.tree["_shards"]?["failed"]?.int, failed > 0 {
            let reason = reply.tree["_shards"]?["failures"]?.array?.first?["reason"]?["reason"]?.string ?? ""
            throw SearchFailure.partial(operation: operation, evidence: "\(failed) shards failed: \(reason)")
        }
        return reply
    }

    /// The answer to a request on a document or an index, whatever its status.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        body: [UInt8] = [],
        isSafeToRepeat: Bool? = nil
    ) async throws -> HTTPResponse {
        try await search.send(
            method,
            path,
            query: query,
            headers: body.isEmpty ? [:] : ["Content-Type": "application/json"],
            body: body,
            isSafeToRepeat: isSafeToRepeat,
            deadline: deadline
        )
    }
}
