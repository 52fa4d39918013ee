/// HTTP over libcurl: one thread, started with the first request, owns one multi handle for all of them.
///
/// Connections are kept and shared, HTTP/2 is used where the other side offers it over TLS. Redirects are not followed,
/// certificates are checked, proxies from the environment are used except for this machine and this link.
package final class CurlTransport: HTTPTransport {
    private let loop: CurlLoop

    /// A transport of its own.
    ///
    /// - Parameters:
    ///   - connectTimeout: The longest wait for a connection, TLS included; the deadline of a request may be nearer.
    ///   - certificateFile: The certificates to trust (PEM) instead of those at libcurl's built-in path.
    package init(connectTimeout: Duration = .seconds(3), certificateFile: String? = nil) {
        loop = CurlLoop(connectTimeout: connectTimeout, certificateFile: certificateFile)
    }

    deinit { loop.stop() }

    package func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        let id = loop.nextIdentifier()
        defer { loop.forget(id) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.submit(CurlLoop.Order(id: id, request: request, deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            loop.cancel(id)
        }
    }
}
