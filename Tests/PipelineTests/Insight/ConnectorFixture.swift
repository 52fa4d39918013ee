import AWSAccess
import Synchronization
import Testing

@testable import Pipeline

/// A connector on an index on the wire, with a clock that stands still until it is moved.
final class ConnectorFixture: Sendable {
    static let application = "a1b2c3d4-0000-4000-8000-000000000001"
    static let index = "a1b2c3d4-0000-4000-8000-000000000002"
    static let start: Int64 = 1_767_312_000

    let wire: IndexOnWire
    let incidents = IncidentsInMemory()
    let handler: ConnectorHandler
    private let time: Time

    private final class Time: Sendable {
        let begin = ContinuousClock.now
        let seconds = Mutex<Int64>(ConnectorFixture.start)
        let slept = Mutex<[Duration]>([])
        let lines = Mutex<[[UInt8]]>([])
    }

    init(environment: [String: String] = ["STATE_TABLE": "usage-state"]) throws {
        let time = Time()
        self.time = time
        wire = IndexOnWire(at: time.begin) { time.seconds.withLock(\.self) }
        let writer = LineWriter(descriptor: -1) { _, bytes in
            time.lines.withLock { $0.append(Array(bytes)) }
            return bytes.count
        }
        let keys = Credentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "s", sessionToken: "t")
        let session = try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"],
            credentials: CredentialsCache { _ in keys },
            transport: wire,
            clock: CallClock(
                now: { WallTime(milliseconds: time.seconds.withLock(\.self) * 1000) },
                // Deadlines are not reached, however slow the machine is.
                instant: { time.begin },
                sleep: { duration in time.slept.withLock { $0.append(duration) } },
                random: { 0.5 }
            )
        )
        let settings = try Settings(
            environment: environment.merging([
                "Q_APPLICATION_ID": Self.application, "Q_INDEX_ID": Self.index, "RETENTION_DAYS": "30",
            ]) { $1 }
        )
        let incidents = incidents
        let ports = Ports(session: session, log: Log(level: .trace, writer: writer), metrics: writer)
        let home = try StoreHome(settings, session: session) { time.seconds.withLock(\.self) }
        handler = try ConnectorHandler(
            settings,
            ports,
            ConnectorHandler.Homes(incidents: { _ in incidents }, checkpoints: { home.checkpoints(until: $0) })
        )
    }

    /// Seconds since 1970.
    var now: Int64 { time.seconds.withLock(\.self) }
    var sleeps: [Duration] { time.slept.withLock(\.self) }
    /// Lines of log and metrics.
    var lines: [String] {
        time.lines.withLock { lines in lines.map { String(decoding: $0.dropLast(), as: UTF8.self) } }
    }

    func pass(_ seconds: Int64) { time.seconds.withLock { $0 += seconds } }

    /// Adds an incident that changed `ago` seconds ago.
    func add(_ id: String, ago: Int64 = 60, state: String = "open", endedAgo: Int64? = nil, alias: String = "prod-main")
    {
        incidents.put(
            .example(id, state: state, end: now - (endedAgo ?? ago), updatedAt: now - ago, alias: alias)
        )
    }

    /// Runs the connector on an event; gives the answer.
    func run(_ event: String = "{}", secondsLeft: Int = 60) async throws -> JSONValue {
        let context = InvocationContext(requestId: "r", deadline: time.begin + .seconds(secondsLeft))
        return try #require(JSONValue(try await handler.handle(Array(event.utf8), context)))
    }
}

extension JSONValue {
    /// The counts of an answer that are not zero.
    var counts: [String: Int] {
        guard case .object(let members) = self else { return [:] }
        return members.reduce(into: [:]) { all, member in
            if let count = member.value.int, count != 0 { all[member.name] = count }
        }
    }
}
