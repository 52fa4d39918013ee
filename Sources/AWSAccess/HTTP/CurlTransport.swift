import Glibc

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

    /// The file of certificates to trust: what `AWS_CA_BUNDLE` names, else the one that travels beside a function's program, else
    /// the first that exists where Debian or Amazon Linux install one; nil leaves it to libcurl's built-in path.
    ///
    /// A function brings its own libcurl along, whose built-in path is that of the system it was built for.
    package static func certificateFile(
        environment: [String: String],
        isReadable: (String) -> Bool = { access($0, R_OK) == 0 }
    ) -> String? {
        if let named = environment["AWS_CA_BUNDLE"], !named.isEmpty { return named }
        let beside = environment["LAMBDA_TASK_ROOT"].flatMap { $0.isEmpty ? nil : $0 + "/ca-bundle.crt" }
        return [
            beside, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        ].compactMap { $0 }.first(where: isReadable)
    }
}
