/// When to send a request again, as a value that answers and does nothing itself.
///
/// Waits are "full jitter": uniform between nothing and a ceiling that doubles (AWS Architecture Blog, "Exponential Backoff And
/// Jitter"). Nothing is repeated that may have been acted on, unless the request says that this does no harm.
package struct RetryPolicy: Sendable, Equatable {
    /// How one try ended.
    package enum Outcome: Equatable {
        /// No answer.
        case failed(AccessFailure)
        /// An answer, with the service's error code where the body or header named one.
        case answered(status: Int, errorCode: String? = nil, retryAfter: Duration? = nil)
    }

    /// What to do now.
    package enum Decision: Equatable {
        case wait(Duration)
        case stop(Reason)
    }

    /// Why there is no further try.
    package enum Reason: Equatable {
        /// The answer is final: a success, or a refusal that would come again.
        case final
        /// It may have been acted on, and acting twice would do harm.
        case unsafeToRepeat
        /// All tries are used.
        case triesUsed
        /// The next try could not start before the deadline.
        case deadline
    }

    /// Tries in all, the first one counted.
    package var mostTries: Int
    /// The ceiling of the first wait.
    package var base: Duration
    /// The highest ceiling.
    package var cap: Duration
    /// What the next try needs at least: it is not begun with less time left.
    package var leastTime: Duration
    /// Longest that one try may take; nil for what suits the service that is called.
    package var longestTry: Duration?

    /// The defaults suit calls inside a Lambda invocation: waits of at most 0.1, 0.2 and 0.4 s.
    package init(
        mostTries: Int = 4,
        base: Duration = .milliseconds(100),
        cap: Duration = .seconds(5),
        leastTime: Duration = .milliseconds(200)
    ) {
        self.mostTries = mostTries
        self.base = base
        self.cap = cap
        self.leastTime = leastTime
    }

    /// The decision after try number `tries` (1 for the first) ended with `outcome`.
    ///
    /// - Parameters:
    ///   - outcome: How that try ended.
    ///   - tries: How many were made, 1 or more.
    ///   - isSafeToRepeat: Whether acting twice does no more than acting once (`HTTPRequest.isSafeToRepeat`).
    ///   - timeLeft: From now to the deadline.
    ///   - random: Uniform in 0..<1; what is outside is clamped.
    /// - Returns: The wait before the next try, or why there is none.
    package func next(
        after outcome: Outcome,
        tries: Int,
        isSafeToRepeat: Bool,
        timeLeft: Duration,
        random: Double
    ) -> Decision {
        switch Self.verdict(on: outcome) {
        case .final: return .stop(.final)
        case .perhapsActedOn where !isSafeToRepeat: return .stop(.unsafeToRepeat)
        case .perhapsActedOn, .notActedOn: break
        }
        guard tries < mostTries else { return .stop(.triesUsed) }
        var ceiling = min(base, cap)
        for _ in stride(from: 1, to: tries, by: 1) {
            ceiling = min(ceiling * 2, cap)
            if ceiling == cap { break }
        }
        // NaN compares false with everything and so becomes 0.
        let share = random > 0 ? min(random, 1) : 0
        var wait = ceiling * share
        if case .answered(_, _, let asked?) = outcome { wait = max(wait, asked) }
        return wait + leastTime <= timeLeft ? .wait(wait) : .stop(.deadline)
    }

    private enum Verdict {
        case final
        case notActedOn
        case perhapsActedOn
    }

    private static func verdict(on outcome: Outcome) -> Verdict {
        switch outcome {
        case .failed(let failure):
            switch failure {
            case .unreachable, .timedOut(_, _, sent: false): .notActedOn
            case .connectionLost, .timedOut: .perhapsActedOn
            case .malformedRequest, .untrusted, .responseTooLarge, .transportClosed, .localResource, .credentials,
                .setting:
                .final
            }
        case .answered(_, let code?, _) where throttles.contains(code): .notActedOn
        case .answered(let status, _, _):
            switch status {
            case 429: .notActedOn
            case 408, 500, 502, 503, 504: .perhapsActedOn
            default: .final
            }
        }
    }

    /// Codes by which AWS services refuse a request unseen, some with status 400 (AWS SDKs and Tools Reference, "Retry behavior").
    static let throttles: Set<String> = [
        "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
        "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
        "TooManyRequestsException", "TransactionInProgressException",
    ]
}

extension HTTPResponse {
    /// How long the other side asks us to wait (RFC 9110, 10.2.3): seconds, or a date seen from `now`; nil if it does not ask.
    package func retryAfter(now: WallTime) -> Duration? {
        guard let text = headers["retry-after"] else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int32(text) { return .seconds(seconds) }
        return WallTime(httpDate: text).map { .milliseconds(max(0, $0.milliseconds - now.milliseconds)) }
    }
}
