/// The Runtime API's side of one function process, version 2018-06-01: which request is allowed when, and what it is answered.
///
/// Values in, values out; the connection is `RuntimeHost`'s. Replies and their order are those of AWS's Runtime Interface Emulator.
struct RuntimeExchange {
    enum State: String {
        case started = "Started"
        case initializationFailed = "InitError"
        case ready = "Ready"
        case running = "Running"
        case answered = "InvocationResponse"
        case failed = "InvocationErrorResponse"
    }

    /// What became of an invocation.
    enum Result: Equatable, Sendable {
        case reply([UInt8])
        case error(FunctionError)
    }

    private(set) var state = State.started
    /// What the runtime said of its initialization, where that failed.
    private(set) var initializationError: FunctionError?
    /// What the runtime said of the invocation it was given last; nil before.
    private(set) var result: Result?
    private var requestId = ""

    private static let root = "/2018-06-01/runtime"

    /// Whether an invocation can be given: the runtime has asked for one and waits.
    var isReady: Bool { state == .ready }

    /// Gives the waiting runtime an invocation; the reply is for the `next` that is held.
    mutating func give(_ invocation: Invocation) -> RuntimeReply {
        state = .running
        requestId = invocation.requestId
        result = nil
        return invocation.reply
    }

    /// Takes a request; nil for a `next`, which is held until there is something to give.
    mutating func take(_ request: RuntimeRequest) -> RuntimeReply? {
        let invocation = Self.root + "/invocation/"
        switch (request.method, request.path) {
        case ("GET", invocation + "next"): return next()
        case ("POST", Self.root + "/init/error"): return initializationError(request)
        case ("POST", let path) where path.hasPrefix(invocation):
            let parts = path.dropFirst(invocation.count).split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1] == "response" || parts[1] == "error" else { return Self.notFound }
            guard parts[0] == requestId, !requestId.isEmpty else {
                return .refusal(400, "InvalidRequestID", "Invalid request ID")
            }
            return parts[1] == "response" ? response(request) : error(request)
        default: return Self.notFound
        }
    }

    private static let notFound = RuntimeReply.refusal(404, "NotFound", "404 page not found")

    private mutating func next() -> RuntimeReply? {
        switch state {
        case .started, .answered, .failed: state = .ready
        // Asked again while an event is out or a first request is held: there is nothing to give yet.
        case .ready, .running: break
        case .initializationFailed: return refuse(.ready)
        }
        return nil
    }

    private mutating func initializationError(_ request: RuntimeRequest) -> RuntimeReply {
        guard state == .started else { return refuse(.initializationFailed) }
        state = .initializationFailed
        initializationError = FunctionError(
            reported: request.body,
            header: request.headers["lambda-runtime-function-error-type"]
        )
        return .accepted
    }

    private mutating func response(_ request: RuntimeRequest) -> RuntimeReply {
        guard state == .running else { return refuse(.answered) }
        let mode = request.headers["lambda-runtime-function-response-mode"]
        guard mode == nil || mode == "streaming" else {
            return .refusal(400, "InvalidResponseMode", "Invalid value for Lambda-Runtime-Function-Response-Mode")
        }
        state = .answered
        guard request.bodySize <= Invocation.largestReply else {
            let limit = "maximum allowed payload size (\(Invocation.largestReply) bytes)."
            result = .error(
                FunctionError(
                    type: "Function.ResponseSizeTooLarge",
                    message: "Response payload size (\(request.bodySize) bytes) exceeded \(limit)"
                )
            )
            return .refusal(413, "RequestEntityTooLarge", "Exceeded \(limit)")
        }
        result = .reply(request.body)
        return .accepted
    }

    private mutating func error(_ request: RuntimeRequest) -> RuntimeReply {
        guard state == .running else { return refuse(.failed) }
        state = .failed
        result = .error(
            FunctionError(reported: request.body, header: request.headers["lambda-runtime-function-error-type"])
        )
        return .accepted
    }

    private func refuse(_ wanted: State) -> RuntimeReply {
        .refusal(
            403,
            "InvalidStateTransition",
            "State transition from \(state.rawValue) to \(wanted.rawValue) failed for runtime. "
                + "Error: State transition is not allowed"
        )
    }
}
