import AWSAccess
import Synchronization
import Testing

/// A Runtime API on loopback that hands out events, records what it is told and answers as its script says.
///
/// When the events are used up, `next` is answered with 500, which ends the loop under test.
final class LoopbackRuntimeAPI: Sendable {
    /// How to treat one request; the first that fits is used up.
    struct Fault: Sendable {
        enum Reaction: Sendable {
            case answer(Int)
            /// Read the request and close without an answer.
            case hangUp
        }

        let path: String
        let reaction: Reaction
    }

    struct Event: Sendable {
        var headers: HTTPHeaders
        var body: [UInt8]

        init(_ requestId: String, _ body: String = "{}", headers: HTTPHeaders = [:]) {
            self.headers = headers
            self.headers.add("Lambda-Runtime-Aws-Request-Id", requestId)
            self.body = Array(body.utf8)
        }
    }

    private let server: LoopbackServer
    private let seen: Recorder<Connection.Received>

    /// The requests in order, `next` left out.
    var posts: [Connection.Received] { seen.all.filter { $0.line.hasPrefix("POST") } }
    var requests: [Connection.Received] { seen.all }
    var connections: Int { server.connections }
    var environment: [String: String] { ["AWS_LAMBDA_RUNTIME_API": server.endpoint.authority] }

    init(_ events: [Event], faults: [Fault] = []) throws {
        let queue = Box((events: events, faults: faults))
        let seen = Recorder<Connection.Received>()
        self.seen = seen
        server = try LoopbackServer { connection in
            while let request = connection.next() {
                seen.add(request)
                let path = String(request.line.split(separator: " ").dropFirst().first ?? "")
                let fault = queue.value.withLock { queue -> Fault? in
                    guard let index = queue.faults.firstIndex(where: { path.hasSuffix($0.path) }) else { return nil }
                    return queue.faults.remove(at: index)
                }
                switch fault?.reaction {
                case .answer(let status):
                    connection.answer(status, body: Array(#"{"errorMessage":"m","errorType":"T"}"#.utf8))
                case .hangUp:
                    return
                case nil where path == "/2018-06-01/runtime/invocation/next":
                    let event = queue.value.withLock { $0.events.isEmpty ? nil : $0.events.removeFirst() }
                    if let event {
                        connection.answer(200, headers: event.headers, body: event.body)
                    } else {
                        connection.answer(500)
                    }
                case nil:
                    connection.answer(202)
                }
            }
        }
    }

    /// Runs a loop against this API until it ends.
    func run(log: Log, _ makeHandler: () throws -> any InvocationHandler) async -> Int32 {
        await RuntimeLoop(environment: environment, log: log).run(makeHandler)
    }
}

private final class Box<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
}

/// A log whose lines are kept for the test.
struct CapturedLog: Sendable {
    private let written = Recorder<[UInt8]>()
    let log: Log

    init(level: Log.Level = .trace) {
        let written = written
        log = Log(
            level: level,
            writer: LineWriter(descriptor: -1) { _, bytes in
                written.add(Array(bytes))
                return bytes.count
            },
            now: { WallTime(milliseconds: 1_767_323_045_678) }
        )
    }

    /// The lines as text, without line feeds.
    var lines: [String] {
        String(decoding: written.all.joined(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The lines as JSON; a line that is none is left out, so count them.
    var values: [JSONValue] { lines.compactMap { JSONValue(Array($0.utf8)) } }
}
