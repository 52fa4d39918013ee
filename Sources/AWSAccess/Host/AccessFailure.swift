/// What can go wrong between this process and the services it talks to, with the evidence.
///
/// The cases differ where the right reaction differs: `RetryPolicy` reads them. No case carries a secret or a request's body.
package enum AccessFailure: Error, Equatable {
    /// The request could not be put on the wire as it stands: a fault of the caller, so it is never repeated.
    case malformedRequest(subject: String, detail: String)
    /// No connection came about (name not resolved, refused, no route, time-out while connecting): nothing was sent.
    case unreachable(host: String, detail: String)
    /// The connection broke after the request may have been sent: the other side may have acted on it.
    case connectionLost(host: String, detail: String)
    /// The deadline passed. `sent` tells whether the other side may have seen the request.
    case timedOut(host: String, afterMilliseconds: Int64, sent: Bool)
    /// The other side could not prove who it is.
    case untrusted(host: String, detail: String)
    /// The answer was longer than the request allowed.
    case responseTooLarge(host: String, limit: Int)
    /// The transport was closed before the answer came.
    case transportClosed(host: String)
    /// The machine could not give what is needed to talk at all: a thread, memory, a hash function.
    case localResource(subject: String, detail: String)
    /// No usable credentials came from where they were looked for.
    case credentials(source: String, detail: String)
    /// An environment value that cannot be used.
    case setting(key: String, value: String, allowed: String)
}

extension AccessFailure: CustomStringConvertible {
    /// One line: subject, what happened, evidence, what to do.
    package var description: String {
        switch self {
        case .malformedRequest(let subject, let detail):
            "\(cut(subject)): request not sent (\(cut(detail))); this is a fault of the caller"
        case .unreachable(let host, let detail):
            "\(cut(host)): no connection (\(cut(detail))); nothing was sent, check name, route and security group"
        case .connectionLost(let host, let detail):
            "\(cut(host)): connection lost (\(cut(detail))); the request may have been acted on"
        case .timedOut(let host, let milliseconds, let sent):
            "\(cut(host)): no answer in time (\(milliseconds) ms, \(sent ? "request sent" : "request not sent")); "
                + (sent ? "the request may have been acted on" : "nothing was sent")
        case .untrusted(let host, let detail):
            "\(cut(host)): TLS could not be verified (\(cut(detail))); nothing was sent, check the certificate file"
        case .responseTooLarge(let host, let limit):
            "\(cut(host)): answer too long (over \(limit) bytes); the rest was not read"
        case .transportClosed(let host):
            "\(cut(host)): transport closed (request unfinished); nothing more will be sent"
        case .localResource(let subject, let detail):
            "\(cut(subject)): not available (\(cut(detail))); give the process more memory or threads"
        case .credentials(let source, let detail):
            "credentials: none from \(cut(source)) (\(cut(detail))); give the process a role or keys"
        case .setting(let key, let value, let allowed):
            "\(cut(key)): cannot be used (\(cut(value))); give \(cut(allowed))"
        }
    }

    private func cut(_ text: String) -> String { text.asEvidence }
}
