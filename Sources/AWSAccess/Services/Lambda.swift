/// AWS Lambda: invoking functions, and how they are deployed (Lambda API Reference, version 2015-03-31).
package struct Lambda: Sendable {
    /// Whether the caller waits.
    package enum Mode: String, Sendable {
        /// Lambda queues the event, answers at once, and repeats what fails itself.
        case event = "Event"
        case requestResponse = "RequestResponse"
    }

    /// What came of an invocation.
    package struct Outcome: Sendable, Equatable {
        /// Of the function; empty for an event.
        package let payload: [UInt8]
        /// `Handled` or `Unhandled` where the function failed; then the payload describes its error.
        package let functionError: String?
    }

    let session: AWSSession

    /// The service as the session sees it.
    package init(session: AWSSession) { self.session = session }

    /// Bytes of a payload that is queued.
    package static let largestEvent = 1 << 20
    /// Bytes of a payload that is waited for.
    package static let largestRequest = 6 << 20

    private static let operation = "Invoke"

    /// Invokes a function.
    ///
    /// - Parameters:
    ///   - function: Its name or ARN, with a version or alias if wanted.
    ///   - payload: JSON.
    ///   - mode: Whether to wait for the outcome.
    ///   - isSafeToRepeat: Whether invoking it twice does no more than once; if nil, true for events, which Lambda itself may
    ///     deliver twice.
    ///   - deadline: When the last try must have ended.
    /// - Returns: What the function said.
    /// - Throws: `ServiceFailure` where the function was not reached; that it failed is an outcome.
    package func invoke(
        _ function: String,
        payload: [UInt8],
        mode: Mode,
        isSafeToRepeat: Bool? = nil,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Outcome {
        let service = AWSService(Self.identity(mode), session: session)
        let largest = mode == .event ? Self.largestEvent : Self.largestRequest
        guard payload.count <= largest else {
            throw service.invalid(Self.operation, "payload of \(payload.count) bytes, at most \(largest)")
        }
        let request = HTTPRequest(
            .post,
            service.endpoint,
            path: "/2015-03-31/functions/\(PercentEncoding.encode(function))/invocations",
            headers: ["Content-Type": "application/json", "X-Amz-Invocation-Type": mode.rawValue],
            body: payload,
            isSafeToRepeat: isSafeToRepeat ?? (mode == .event)
        )
        let response = try await service.send(Self.operation, request, deadline: deadline).response
        return Outcome(payload: response.body, functionError: response.headers["x-amz-function-error"])
    }

    /// A function may run for 15 minutes; a queue answers quickly or not at all.
    static func identity(_ mode: Mode) -> ServiceIdentity {
        ServiceIdentity(
            name: "Lambda",
            endpointKey: "LAMBDA",
            hostPrefix: "lambda",
            longestTry: mode == .event ? .seconds(10) : .seconds(900)
        )
    }
}
