/// One service in one Region: signs a request, sends it, and repeats it as the session's policy says, until the deadline.
package struct AWSService: Sendable {
    /// The last answer, whatever its status.
    struct Answer {
        let response: HTTPResponse
        let tries: Int
        /// nil for a success.
        let refusal: ServiceRefusal?
    }

    package let identity: ServiceIdentity
    package let session: AWSSession
    package let endpoint: Endpoint
    private let signer: RequestSigner

    /// The service as the session sees it.
    ///
    /// - Parameters:
    ///   - identity: Which service.
    ///   - session: Who calls.
    ///   - region: Instead of the session's.
    ///   - endpoint: Instead of the one that environment and Region lead to.
    package init(
        _ identity: ServiceIdentity,
        session: AWSSession,
        region: String? = nil,
        endpoint: Endpoint? = nil
    ) {
        self.identity = identity
        self.session = session
        self.endpoint = endpoint ?? session.endpoint(of: identity, region: region)
        signer = RequestSigner(
            service: identity.signingName,
            region: identity.region(seenFrom: region ?? session.region)
        )
    }

    /// Sends `request` and gives the answer if it is a success.
    func send(
        _ operation: String,
        _ request: HTTPRequest,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Answer {
        let answer = try await answer(operation, request, deadline: deadline)
        if let refusal = answer.refusal {
            throw failure(operation, .refused(refusal), tries: answer.tries)
        }
        return answer
    }

    /// Sends `request` until the policy is content with what comes back, and gives that, whatever its status.
    ///
    /// Beside what the policy repeats, credentials that a service calls expired are renewed once, and a clock that is off is
    /// corrected once: in both cases nothing was done.
    func answer(
        _ operation: String,
        _ request: HTTPRequest,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Answer {
        var tries = 0
        var mayRenew = true
        var mayCorrect = true
        while true {
            tries += 1
            let outcome: RetryPolicy.Outcome
            let answer: Answer?
            let cause: ServiceFailure.Cause
            switch await attempt(request, deadline: deadline) {
            case .cancelled: throw failure(operation, .cancelled, tries: tries)
            case .failed(let access):
                outcome = .failed(access)
                cause = .noAnswer(access)
                answer = nil
            case .answered(let response, let credentials, let signedAt):
                if (200..<300).contains(response.status) {
                    return Answer(response: response, tries: tries, refusal: nil)
                }
                let refusal = ServiceRefusal(response)
                if mayRenew, refusal.kind == .credentialsExpired {
                    mayRenew = false
                    await session.credentials.discard(credentials)
                    continue
                }
                let now = session.clock.now()
                if mayCorrect, [400, 401, 403].contains(response.status),
                    session.skew.learn(from: response, signedAt: signedAt, now: now)
                {
                    mayCorrect = false
                    continue
                }
                outcome = .answered(
                    status: response.status,
                    errorCode: refusal.codeForRetry,
                    retryAfter: response.retryAfter(now: now)
                )
                cause = .refused(refusal)
                answer = Answer(response: response, tries: tries, refusal: refusal)
            }
            let isSafe = request.isSafeToRepeat
            guard try await pause(operation, after: outcome, tries: tries, isSafeToRepeat: isSafe, deadline: deadline)
            else {
                if let answer { return answer }
                throw failure(operation, cause, tries: tries)
            }
        }
    }

    /// Asks the policy, and waits if it says so; false means that there shall be no further try.
    func pause(
        _ operation: String,
        after outcome: RetryPolicy.Outcome,
        tries: Int,
        isSafeToRepeat: Bool = true,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> Bool {
        let decision = session.policy.next(
            after: outcome,
            tries: tries,
            isSafeToRepeat: isSafeToRepeat,
            timeLeft: deadline - session.clock.instant(),
            random: session.clock.random()
        )
        switch decision {
        case .stop: return false
        case .wait(let duration):
            do {
                try await session.clock.sleep(duration)
                return true
            } catch {
                throw failure(operation, .cancelled, tries: tries)
            }
        }
    }

    func failure(_ operation: String, _ cause: ServiceFailure.Cause, tries: Int) -> ServiceFailure {
        ServiceFailure(service: identity.name, operation: operation, tries: tries, cause: cause)
    }

    /// For input that a limit of the service forbids.
    func invalid(_ operation: String, _ detail: String) -> ServiceFailure {
        failure(operation, .invalidInput(detail), tries: 0)
    }

    private enum Attempt {
        case answered(HTTPResponse, signedWith: Credentials, at: WallTime)
        case failed(AccessFailure)
        case cancelled
    }

    private func attempt(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async -> Attempt {
        do {
            let credentials = try await session.credentials.credentials()
            let time = session.skew.corrected(session.clock.now())
            let signed = try signer.sign(request, with: credentials, at: time)
            let end = min(deadline, session.clock.instant() + (session.policy.longestTry ?? identity.longestTry))
            let response = try await session.transport.send(signed, deadline: end)
            return .answered(response, signedWith: credentials, at: time)
        } catch let failure as AccessFailure {
            return .failed(failure)
        } catch is CancellationError {
            return .cancelled
        } catch {
            // Role credentials come from a call of their own.
            return .failed(.credentials(source: "their source", detail: "\(error)"))
        }
    }
}
