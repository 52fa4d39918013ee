/// The one way out: what sends a request and waits for its answer.
package protocol HTTPTransport: Sendable {
    /// Sends `request` once and gives the answer, whatever its status.
    ///
    /// - Throws: `AccessFailure` where no answer came, `CancellationError` if the task is cancelled; both at the latest when
    ///   `deadline` has passed.
    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse
}
