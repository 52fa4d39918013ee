import AWSAccess
import Synchronization

/// Answers requests from a list, in order, and records them.
final class ScriptedTransport: HTTPTransport {
    /// What one request meets.
    enum Step: Sendable {
        case answer(HTTPResponse)
        case failure(AccessFailure)
        case cancellation

        static func json(_ text: String, status: Int = 200, headers: HTTPHeaders = [:]) -> Step {
            .answer(HTTPResponse(status: status, headers: headers, body: Array(text.utf8)))
        }
    }

    private let steps: Mutex<[Step]>
    private let seen = Recorder<HTTPRequest>()
    private let ends = Recorder<ContinuousClock.Instant>()

    init(_ steps: [Step]) { self.steps = Mutex(steps) }

    var requests: [HTTPRequest] { seen.all }
    /// The deadlines that the requests came with.
    var deadlines: [ContinuousClock.Instant] { ends.all }
    var bodies: [String] { requests.map { String(decoding: $0.body, as: UTF8.self) } }
    var isUsedUp: Bool { steps.withLock(\.isEmpty) }

    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        seen.add(request)
        ends.add(deadline)
        let step = steps.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch step {
        case .answer(let response): return response
        case .failure(let failure): throw failure
        case .cancellation: throw CancellationError()
        case nil: throw AccessFailure.malformedRequest(subject: "script", detail: "used up")
        }
    }
}

/// Clocks that stand still unless somebody sleeps, and chance that is always one half.
final class StillTime: Sendable {
    static let start = WallTime(milliseconds: 1_767_312_000_000)

    private let instants = Mutex((now: ContinuousClock.now, slept: [Duration]()))
    let begin: ContinuousClock.Instant

    init() { begin = instants.withLock(\.now) }

    var sleeps: [Duration] { instants.withLock(\.slept) }

    var clock: CallClock {
        CallClock(
            now: { StillTime.start },
            instant: { self.instants.withLock(\.now) },
            sleep: { duration in
                self.instants.withLock { state in
                    state.now += duration
                    state.slept.append(duration)
                }
            },
            random: { 0.5 }
        )
    }
}

extension AWSSession {
    /// A session over a script, in eu-west-1 unless the environment says otherwise.
    static func scripted(
        _ transport: ScriptedTransport,
        time: StillTime = StillTime(),
        environment: [String: String] = [:],
        credentials: CredentialsCache? = nil
    ) throws -> AWSSession {
        let keys = Credentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "s3cret", sessionToken: "t0ken")
        return try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"].merging(environment) { $1 },
            credentials: credentials ?? CredentialsCache { _ in keys },
            transport: transport,
            clock: time.clock
        )
    }
}

/// A deadline that no test reaches.
var far: ContinuousClock.Instant { .now + .seconds(300) }
