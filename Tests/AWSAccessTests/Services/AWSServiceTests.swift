import AWSAccess
import Testing

/// The core is exercised through SNS and DynamoDB: one may always be repeated, the other not.
@Suite("AWSService")
struct AWSServiceTests {
    private let published = ScriptedTransport.Step.json("<r><MessageId>m-1</MessageId></r>")
    private let slow = ScriptedTransport.Step.json(
        "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>",
        status: 400
    )

    private func publish(
        _ steps: [ScriptedTransport.Step],
        time: StillTime = StillTime(),
        credentials: CredentialsCache? = nil,
        seconds: Double = 60
    ) async throws -> (transport: ScriptedTransport, failure: ServiceFailure?) {
        let transport = ScriptedTransport(steps)
        let sns = SNS(session: try .scripted(transport, time: time, credentials: credentials))
        do throws(ServiceFailure) {
            try await sns.publish("m", topicArn: "arn:t", deadline: time.begin + .seconds(seconds))
            return (transport, nil)
        } catch {
            return (transport, error)
        }
    }

    @Test func `a throttled call is sent again after waits that the policy gives`() async throws {
        let time = StillTime()
        let (transport, failure) = try await publish([slow, slow, published], time: time)
        #expect(failure == nil && transport.isUsedUp)
        #expect(time.sleeps == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func `tries end with the policy and the failure says how many there were`() async throws {
        let (transport, failure) = try await publish([slow, slow, slow, slow, published])
        #expect(transport.requests.count == 4)
        #expect(failure?.kind == .throttled && failure?.tries == 4)
        #expect(
            failure?.description
                == "SNS Publish: HTTP 400 (Throttling: Rate exceeded) after 4 tries; send less, or ask for a higher limit"
        )
    }

    @Test func `a wait that would pass the deadline is not begun`() async throws {
        let time = StillTime()
        let (transport, failure) = try await publish([slow, published], time: time, seconds: 0.2)
        #expect(transport.requests.count == 1 && time.sleeps.isEmpty)
        #expect(failure?.kind == .throttled)
    }

    @Test func `Retry-After is heeded`() async throws {
        let time = StillTime()
        let busy = ScriptedTransport.Step.json("", status: 503, headers: ["Retry-After": "7"])
        let (_, failure) = try await publish([busy, published], time: time)
        #expect(failure == nil && time.sleeps == [.seconds(7)])
    }

    @Test func `one try gets no more than its share of the time`() async throws {
        let time = StillTime()
        let (transport, _) = try await publish([published], time: time, seconds: 60)
        #expect(transport.deadlines == [time.begin + .seconds(10)])
        let (hurried, _) = try await publish([published], time: time, seconds: 3)
        #expect(hurried.deadlines == [time.begin + .seconds(3)])
    }

    @Test func `what may have been acted on is repeated only where that does no harm`() async throws {
        let lost = ScriptedTransport.Step.failure(.connectionLost(host: "h", detail: "reset"))
        let (repeated, failure) = try await publish([lost, published])
        #expect(failure == nil && repeated.requests.count == 2)

        let transport = ScriptedTransport([lost, .json("{}")])
        let table = DynamoDB(session: try .scripted(transport))
        await #expect {
            try await table.updateItem(["pk": .string("a")], table: "t", update: "ADD n :n", deadline: far)
        } throws: { error in
            (error as? ServiceFailure)?.cause == .noAnswer(.connectionLost(host: "h", detail: "reset"))
        }
        #expect(transport.requests.count == 1)
    }

    @Test func `a refusal that would come again is final`() async throws {
        let denied = ScriptedTransport.Step.json(
            "<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>",
            status: 403,
            headers: ["x-amzn-RequestId": "r-1"]
        )
        let (transport, failure) = try await publish([denied, published])
        #expect(transport.requests.count == 1 && failure?.kind == .accessDenied)
        guard case .refused(let refusal)? = failure?.cause else { return #expect(Bool(false)) }
        #expect(refusal.requestId == "r-1" && refusal.code == "AuthorizationError")
    }

    @Test func `expired credentials are renewed once and no more`() async throws {
        let expired = ScriptedTransport.Step.json(
            "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>m</Message></Error></ErrorResponse>",
            status: 403
        )
        let fetches = Counter()
        let cache = CredentialsCache { _ in
            Credentials(accessKeyId: "K\(fetches.increment())", secretAccessKey: "s")
        }
        let (transport, failure) = try await publish([expired, published], credentials: cache)
        #expect(failure == nil)
        #expect(
            transport.requests.map { $0.headers["authorization"]?.contains("K2") } == [false, true]
        )
        let (stubborn, refused) = try await publish([expired, expired, published], credentials: cache)
        #expect(stubborn.requests.count == 2 && refused?.kind == .credentialsExpired)
    }

    @Test func `a clock that is off is corrected by the answer's date and stays corrected`() async throws {
        let transport = ScriptedTransport([
            .json(
                #"{"__type":"InvalidSignatureException","message":"Signature expired"}"#,
                status: 400,
                headers: ["Date": "Fri, 02 Jan 2026 01:00:00 GMT"]
            ), .json("{}"), .json("{}"),
        ])
        let table = DynamoDB(session: try .scripted(transport))
        for _ in 0..<2 { _ = try await table.getItem(["pk": .string("a")], table: "t", deadline: far) }
        #expect(
            transport.requests.map { $0.headers["x-amz-date"] } == [
                "20260102T000000Z", "20260102T010000Z", "20260102T010000Z",
            ]
        )
    }

    @Test func `a wrong signature is final where the clocks agree`() async throws {
        let transport = ScriptedTransport([
            .json(
                #"{"__type":"InvalidSignatureException","message":"m"}"#,
                status: 400,
                headers: ["Date": "Fri, 02 Jan 2026 00:03:00 GMT"]
            ), .json("{}"),
        ])
        let table = DynamoDB(session: try .scripted(transport))
        await #expect {
            _ = try await table.getItem(["pk": .string("a")], table: "t", deadline: far)
        } throws: { ($0 as? ServiceFailure)?.kind == .accessDenied }
        #expect(transport.requests.count == 1)
    }

    @Test func `a cancelled call says so`() async throws {
        let (_, failure) = try await publish([.cancellation])
        #expect(failure?.cause == .cancelled)
    }

    @Test func `credentials that cannot be had are a failure of the call and named`() async throws {
        let none = CredentialsCache { _ in throw AccessFailure.credentials(source: "x", detail: "y") }
        let (transport, failure) = try await publish([published], credentials: none)
        #expect(transport.requests.isEmpty)
        #expect(failure?.cause == .noAnswer(.credentials(source: "x", detail: "y")))
    }

    @Test func `an answer that is not what the model says is told apart`() async throws {
        let (_, lacking) = try await publish([.json("<r/>")])
        #expect(lacking?.cause == .unreadable("no MessageId"))
        let transport = ScriptedTransport([.json("<html>")])
        await #expect {
            _ = try await DynamoDB(session: .scripted(transport)).getItem([:], table: "t", deadline: far)
        } throws: { ($0 as? ServiceFailure)?.cause == .unreadable("no JSON in 6 bytes") }
    }

    @Test func `no message shows what the service repeats of a signed request`() async throws {
        let telling = """
            <ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.

            The Canonical String for this request should have been
            x-amz-security-token:t0ken</Message></Error></ErrorResponse>
            """
        let (_, failure) = try await publish([.json(telling, status: 403)])
        var dumped = ""
        dump(failure, to: &dumped)
        #expect(dumped.contains("The signature does not match.") && !dumped.contains("t0ken"))
    }
}
