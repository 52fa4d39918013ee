import AWSAccess

/// Answers to custom resources, put where CloudFormation waits for them.
struct CustomResourceAnswer: Sendable {
    let transport: any HTTPTransport
    let policy: RetryPolicy
    let clock: CallClock

    /// Puts `body` to the request's address.
    ///
    /// The address is signed beforehand for a request without `Content-Type`, and is sent as it stands.
    func put(_ body: [UInt8], for request: CustomResourceRequest, deadline: ContinuousClock.Instant) async throws {
        guard let http = Self.request(request.responseURL, body) else {
            throw CustomResourceFailure(evidence: "ResponseURL is not an https address")
        }
        var tries = 0
        while true {
            tries += 1
            let outcome: RetryPolicy.Outcome
            do {
                let response = try await transport.send(http, deadline: deadline)
                if (200..<300).contains(response.status) { return }
                outcome = .answered(status: response.status)
            } catch let failure as AccessFailure {
                outcome = .failed(failure)
            }
            let decision = policy.next(
                after: outcome,
                tries: tries,
                isSafeToRepeat: true,
                timeLeft: deadline - clock.instant(),
                random: clock.random()
            )
            guard case .wait(let time) = decision else {
                throw CustomResourceFailure(evidence: "\(outcome) after \(tries) tries")
            }
            try await clock.sleep(time)
        }
    }

    private static func request(_ url: String, _ body: [UInt8]) -> HTTPRequest? {
        let mark = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let slash = url[mark...].firstIndex(of: "/") ?? url.endIndex
        guard let endpoint = Endpoint(String(url[..<slash])), endpoint.scheme == .https || endpoint.isLoopback else {
            return nil
        }
        let rest = url[slash...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return HTTPRequest(
            .put,
            endpoint,
            path: rest.first.map(String.init).flatMap { $0.isEmpty ? nil : $0 } ?? "/",
            query: rest.count > 1 ? String(rest[1]) : "",
            body: body
        )
    }
}
