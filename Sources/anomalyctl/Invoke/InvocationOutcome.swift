/// What became of one event.
struct InvocationOutcome: Equatable, Sendable {
    enum Status: String, Sendable {
        case ok
        /// The function said so itself, or its reply was too large.
        case error
        case timeout
        case exit
        /// The function could not be set up, so that no event will fare better.
        case initError = "init-error"
    }

    let requestId: String
    let status: Status
    /// The reply, or the error as the caller is told it.
    let payload: [UInt8]
    /// As Lambda names it; nil for a reply.
    var errorType: String?
    /// From the start of the process to its first poll; nil where the process served an earlier event.
    var start: Duration?
    /// From handing the event over to the answer; nil where it was never handed over.
    var duration: Duration?
    /// The most memory that the process has held so far, in KiB.
    var peakKiB: Int?
    /// What is odd although there is a reply.
    var note: String?

    /// A reply.
    init(requestId: String, reply: [UInt8]) {
        self.requestId = requestId
        status = .ok
        payload = reply
    }

    /// A failure.
    init(requestId: String, status: Status, error: FunctionError) {
        self.requestId = requestId
        self.status = status
        payload = error.payload
        errorType = error.type
    }
}
