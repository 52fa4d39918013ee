/// One event on its way to a function.
struct Invocation: Equatable, Sendable {
    /// Bytes of an event that Lambda takes from a caller who waits (Lambda quotas, 6 MB).
    static let largestEvent = 6 << 20
    /// Bytes of a reply: the same and 100 more.
    static let largestReply = largestEvent + 100

    let requestId: String
    let event: [UInt8]
    /// When it ends, milliseconds since 1970.
    let deadline: Int64
    let functionArn: String
    /// `Root=...;Parent=...;Sampled=...`.
    let traceId: String

    /// The reply to the `next` that it is given to.
    var reply: RuntimeReply {
        RuntimeReply(
            status: 200,
            headers: [
                ("Lambda-Runtime-Aws-Request-Id", requestId), ("Lambda-Runtime-Deadline-Ms", "\(deadline)"),
                ("Lambda-Runtime-Invoked-Function-Arn", functionArn), ("Lambda-Runtime-Trace-Id", traceId),
            ],
            body: event
        )
    }
}
