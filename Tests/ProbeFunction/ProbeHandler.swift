import AWSAccess
import Glibc
import Pipeline

/// Does what its event says, so that a test can see how a host of functions takes it.
struct ProbeHandler: InvocationHandler {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let session: AWSSession
    /// How many events this process has seen.
    private let seen = Counter()

    init(_ settings: Settings, _ ports: Ports) throws {
        session = ports.session
    }

    func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8] {
        let count = seen.next()
        let json = JSONValue(event)
        switch json?["do"]?.string {
        case nil: return event
        case "count": return Array("\(count)".utf8)
        case "fail": throw Failure(description: "event: as wished")
        case "exit": exit(Int32(json?["code"]?.int ?? 3))
        case "abort": abort()
        case "hang": while true { sleep(1) }
        case "large": return [UInt8](repeating: 0x31, count: json?["bytes"]?.int ?? 0)
        case "write":
            LineWriter.standardOutput.write(line: Array("a metric".utf8))
            return Array("null".utf8)
        case "context":
            let left = context.deadline - .now
            let trace = getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) } ?? ""
            return JSONValue.sorted([
                "requestId": .string(context.requestId), "arn": .string(context.invokedFunctionArn),
                "secondsLeft": .integer(Int(left / .seconds(1))), "trace": .string(trace),
                "isTraced": .bool(trace == context.traceId),
            ]).bytes
        case "environment":
            return JSONValue.sorted(processEnvironment().mapValues(JSONValue.string)).bytes
        case "call":
            let identity = try await STS(session: session).callerIdentity(deadline: context.deadline)
            return JSONValue.sorted(["account": .string(identity.account)]).bytes
        case let other?: throw Failure(description: "event: no such wish (\(other))")
        }
    }
}
