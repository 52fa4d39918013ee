/// The data plane of an OpenSearch domain or serverless collection: signed requests, bytes in and out.
///
/// What the paths and bodies mean is for the caller, who also sees every status but a success that came later.
package struct OpenSearch: Sendable {
    /// What stands behind the endpoint, which decides the name in the signature.
    package enum Kind: String, Sendable {
        case domain = "es"
        case serverless = "aoss"
    }

    private let service: AWSService

    /// - Parameters:
    ///   - session: Who calls.
    ///   - endpoint: Of the domain or collection.
    ///   - kind: Told from the endpoint's host unless given.
    package init(session: AWSSession, endpoint: Endpoint, kind: Kind? = nil) {
        let kind = kind ?? (endpoint.host.lowercased().contains(".aoss.amazonaws.com") ? .serverless : .domain)
        let identity = ServiceIdentity(
            name: "OpenSearch",
            endpointKey: "OPENSEARCH",
            hostPrefix: kind.rawValue,
            longestTry: .seconds(30)
        )
        service = AWSService(identity, session: session, endpoint: endpoint)
    }

    /// Sends one request and gives the answer, whatever its status.
    ///
    /// Throttling (429, and 403 that says so) and failures of the whole request are repeated as the session's policy says.
    ///
    /// - Parameters:
    ///   - method: HTTP method.
    ///   - path: Begins with `/` and is percent-encoded.
    ///   - query: Percent-encoded, without `?`.
    ///   - headers: Beside those of the signature; a body needs its `Content-Type`.
    ///   - body: As it goes out, compressed where a header says so.
    ///   - largestResponse: Bytes after which the answer is given up.
    ///   - isSafeToRepeat: Whether acting twice does no more than acting once; by the method if nil. True for `_search`, and for
    ///     `_bulk` where every line has an id.
    ///   - deadline: When the last try must have ended.
    /// - Returns: The last answer.
    /// - Throws: `ServiceFailure` where no answer came.
    package func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: String = "",
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        largestResponse: Int = HTTPRequest.usualLargestResponse,
        isSafeToRepeat: Bool? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> HTTPResponse {
        let request = HTTPRequest(
            method,
            service.endpoint,
            path: path,
            query: query,
            headers: headers,
            body: body,
            largestResponse: largestResponse,
            isSafeToRepeat: isSafeToRepeat
        )
        return try await service.answer("\(method.rawValue) \(path)", request, deadline: deadline).response
    }

    /// What an answer that is no success says, for a failure or a message.
    package static func refusal(_ response: HTTPResponse) -> ServiceRefusal { ServiceRefusal(response) }
}
