import AWSAccess
import Testing

@Suite("RetryPolicy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(
        mostTries: 5,
        base: .milliseconds(100),
        cap: .milliseconds(500),
        leastTime: .milliseconds(50)
    )

    private func decide(
        _ outcome: RetryPolicy.Outcome,
        tries: Int = 1,
        isSafe: Bool = true,
        timeLeft: Duration = .seconds(60),
        random: Double = 1
    ) -> RetryPolicy.Decision {
        policy.next(after: outcome, tries: tries, isSafeToRepeat: isSafe, timeLeft: timeLeft, random: random)
    }

    @Test func `waits double up to the cap and the random share scales them`() {
        let waits = (1...4).map { decide(.answered(status: 503), tries: $0) }
        #expect(waits == [100, 200, 400, 500].map { .wait(.milliseconds($0)) })
        #expect(decide(.answered(status: 503), tries: 2, random: 0.25) == .wait(.milliseconds(50)))
        #expect(decide(.answered(status: 503), random: 0) == .wait(.zero))
        #expect(decide(.answered(status: 503), random: .nan) == .wait(.zero))
        #expect(decide(.answered(status: 503), random: 9) == .wait(.milliseconds(100)))
        #expect(decide(.answered(status: 503), tries: 5) == .stop(.triesUsed))
        #expect(decide(.answered(status: 503), tries: .max) == .stop(.triesUsed))
    }

    @Test func `what may have been acted on is repeated only where that does no harm`() {
        let doubtful: [RetryPolicy.Outcome] = [
            .failed(.connectionLost(host: "h", detail: "")),
            .failed(.timedOut(host: "h", afterMilliseconds: 1, sent: true)),
            .answered(status: 408), .answered(status: 500), .answered(status: 502), .answered(status: 503),
            .answered(status: 504),
        ]
        for outcome in doubtful {
            #expect(decide(outcome, isSafe: false) == .stop(.unsafeToRepeat))
            #expect(decide(outcome) == .wait(.milliseconds(100)))
        }
    }

    @Test func `what was refused unseen or never sent is repeated even if acting twice would do harm`() {
        let harmless: [RetryPolicy.Outcome] = [
            .failed(.unreachable(host: "h", detail: "")),
            .failed(.timedOut(host: "h", afterMilliseconds: 1, sent: false)),
            .answered(status: 429), .answered(status: 400, errorCode: "ThrottlingException"),
            .answered(status: 503, errorCode: "SlowDown"),
            .answered(status: 400, errorCode: "ProvisionedThroughputExceededException"),
        ]
        for outcome in harmless { #expect(decide(outcome, isSafe: false) == .wait(.milliseconds(100))) }
    }

    @Test func `successes, refusals and faults of our own are final`() {
        for status in [200, 202, 204, 301, 400, 401, 403, 404, 409, 413, 501] {
            #expect(decide(.answered(status: status)) == .stop(.final))
        }
        #expect(decide(.answered(status: 400, errorCode: "ValidationException")) == .stop(.final))
        let failures: [AccessFailure] = [
            .malformedRequest(subject: "", detail: ""), .untrusted(host: "h", detail: ""),
            .responseTooLarge(host: "h", limit: 1), .transportClosed(host: "h"),
        ]
        for failure in failures { #expect(decide(.failed(failure)) == .stop(.final)) }
    }

    @Test func `no try begins that the deadline would cut short`() {
        #expect(decide(.answered(status: 503), timeLeft: .milliseconds(150)) == .wait(.milliseconds(100)))
        #expect(decide(.answered(status: 503), timeLeft: .milliseconds(149)) == .stop(.deadline))
        #expect(decide(.answered(status: 503), timeLeft: .milliseconds(-5), random: 0) == .stop(.deadline))
    }

    @Test func `a wait that the other side asks for is kept even beyond the cap but not beyond the deadline`() {
        let asked = RetryPolicy.Outcome.answered(status: 503, retryAfter: .seconds(7))
        #expect(decide(asked) == .wait(.seconds(7)))
        #expect(decide(asked, timeLeft: .seconds(7)) == .stop(.deadline))
        #expect(decide(.answered(status: 429, retryAfter: .milliseconds(20))) == .wait(.milliseconds(100)))
    }

    @Test func `Retry-After is read as seconds or as a date`() {
        let now = WallTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT") ?? .latest
        let cases: [(String, Duration?)] = [
            ("120", .seconds(120)), ("0", .zero), ("Sun, 06 Nov 1994 08:50:00 GMT", .seconds(23)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", .zero), ("-1", nil), ("1.5", nil), ("soon", nil),
            ("99999999999999999999", nil), ("", nil),
        ]
        for (text, wait) in cases {
            #expect(HTTPResponse(status: 503, headers: ["retry-after": text]).retryAfter(now: now) == wait)
        }
        #expect(HTTPResponse(status: 503).retryAfter(now: now) == nil)
    }
}
