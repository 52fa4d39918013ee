import Glibc
import Testing

@testable import AWSAccess

// Serialized: the loop sets a variable of the process, and each run blocks a thread of the pool.
@Suite("RuntimeLoop", .serialized)
struct RuntimeLoopTests {
    private struct Handler: InvocationHandler {
        let act: ([UInt8], InvocationContext) async throws -> [UInt8]

        func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8] {
            try await act(event, context)
        }
    }

    private struct BadEvent: Error, CustomStringConvertible {
        let description = "event: not \"JSON\"\n(3 bytes)"
    }

    private let echo = Handler { event, _ in event }

    private func body(_ request: Connection.Received) -> JSONValue? { JSONValue(request.body) }

    @Test func `events are answered one after the other on a kept connection`() async throws {
        let api = try LoopbackRuntimeAPI([.init("a-1", "{\"n\":1}"), .init("b/2", "{\"n\":2}"), .init("c-3", "")])
        let status = await api.run(log: CapturedLog().log) { echo }
        #expect(status == 1)
        #expect(
            api.requests.map(\.line) == [
                "GET /2018-06-01/runtime/invocation/next HTTP/1.1",
                "POST /2018-06-01/runtime/invocation/a-1/response HTTP/1.1",
                "GET /2018-06-01/runtime/invocation/next HTTP/1.1",
                "POST /2018-06-01/runtime/invocation/b%2F2/response HTTP/1.1",
                "GET /2018-06-01/runtime/invocation/next HTTP/1.1",
                "POST /2018-06-01/runtime/invocation/c-3/response HTTP/1.1",
                "GET /2018-06-01/runtime/invocation/next HTTP/1.1",
            ]
        )
        #expect(api.posts.map { String(decoding: $0.body, as: UTF8.self) } == ["{\"n\":1}", "{\"n\":2}", ""])
        #expect(api.posts.allSatisfy { $0.headers["content-type"] == "application/json" })
        #expect(api.posts.allSatisfy { $0.headers["Lambda-Runtime-Function-Error-Type"] == nil })
        // An empty body could be repeated by libcurl unseen where a kept connection dies, so it takes a new one.
        #expect(api.connections == 2)
    }

    @Test func `what Lambda says about an invocation reaches the handler`() async throws {
        let inFiveSeconds = WallTime.now().milliseconds + 5000
        let full = LoopbackRuntimeAPI.Event(
            "r",
            headers: [
                "Lambda-Runtime-Deadline-Ms": "\(inFiveSeconds)",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:111122223333:function:f:live",
                "Lambda-Runtime-Trace-Id": "Root=1-5e;Parent=53;Sampled=1",
                "Lambda-Runtime-Client-Context": "{\"c\":1}", "Lambda-Runtime-Cognito-Identity": "{\"i\":1}",
                "Lambda-Runtime-Aws-Tenant-Id": "blue",
            ]
        )
        let api = try LoopbackRuntimeAPI([full, .init("bare")])
        let seen = Recorder<(InvocationContext, left: Duration, trace: String?)>()
        _ = await api.run(log: CapturedLog().log) {
            Handler { event, context in
                let trace = getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) }
                seen.add((context, context.deadline - .now, trace))
                return event
            }
        }
        let first = try #require(seen.all.first)
        #expect(first.0.requestId == "r")
        #expect(first.left > .seconds(1) && first.left <= .seconds(5))
        #expect(first.0.invokedFunctionArn == "arn:aws:lambda:eu-west-1:111122223333:function:f:live")
        #expect(first.0.traceId == "Root=1-5e;Parent=53;Sampled=1" && first.trace == first.0.traceId)
        #expect(first.0.clientContext == "{\"c\":1}" && first.0.cognitoIdentity == "{\"i\":1}")
        #expect(first.0.tenantId == "blue")
        let second = try #require(seen.all.last)
        // Nothing of the traced invocation may cling to the next one.
        #expect(second.0.requestId == "bare" && second.0.traceId == nil && second.trace == "")
        #expect(second.left > .seconds(800) && second.left <= .seconds(900))
        #expect(second.0.invokedFunctionArn == "" && second.0.tenantId == nil)
    }

    @Test func `a deadline that cannot be read or lies beyond Lambda's longest becomes 15 minutes`() {
        let instant = ContinuousClock.now
        let now = WallTime(milliseconds: 1000)
        for (text, left) in [("x", 900_000), ("99999999999999", 900_000), ("1500", 500), ("500", -500), ("", 900_000)] {
            let headers: HTTPHeaders = ["Lambda-Runtime-Aws-Request-Id": "r", "Lambda-Runtime-Deadline-Ms": text]
            let context = InvocationContext(headers, now: now, instant: instant)
            #expect(context.map { $0.deadline - instant } == .milliseconds(left))
        }
        #expect(InvocationContext(["Lambda-Runtime-Deadline-Ms": "1"], now: now, instant: instant) == nil)
    }

    @Test func `an error of the handler is reported with type and message and the next event is taken`() async throws {
        let api = try LoopbackRuntimeAPI([.init("bad"), .init("good", "1")])
        let captured = CapturedLog()
        _ = await api.run(log: captured.log) {
            Handler { event, context in
                if context.requestId == "bad" { throw BadEvent() }
                return event
            }
        }
        try #require(api.posts.count == 2)
        #expect(api.posts[0].line == "POST /2018-06-01/runtime/invocation/bad/error HTTP/1.1")
        #expect(api.posts[0].headers["Lambda-Runtime-Function-Error-Type"] == "Function.BadEvent")
        #expect(
            body(api.posts[0])
                == .object([
                    .init(name: "errorMessage", value: .string("event: not \"JSON\"\n(3 bytes)")),
                    .init(name: "errorType", value: .string("Function.BadEvent")),
                ])
        )
        #expect(api.posts[1].line == "POST /2018-06-01/runtime/invocation/good/response HTTP/1.1")
        #expect(captured.values.first?["requestId"]?.string == "bad")
        #expect(captured.values.first?["level"]?.string == "ERROR")
    }

    @Test func `an error of the set-up is reported as such and no event is asked for`() async throws {
        let api = try LoopbackRuntimeAPI([.init("never")])
        let captured = CapturedLog()
        let status = await api.run(log: captured.log) { throw BadEvent() }
        #expect(status == 1)
        #expect(api.requests.map(\.line) == ["POST /2018-06-01/runtime/init/error HTTP/1.1"])
        #expect(api.posts.first?.headers["Lambda-Runtime-Function-Error-Type"] == "Function.BadEvent")
        #expect(api.posts.first.flatMap(body)?["errorType"]?.string == "Function.BadEvent")
        #expect(captured.values.map { $0["level"]?.string } == ["FATAL"])
    }

    @Test(
        "refusals after which the loop goes on",
        arguments: [(400, "ERROR"), (404, "ERROR"), (413, "ERROR")]
    )
    func goesOn(status: Int, level: String) async throws {
        let api = try LoopbackRuntimeAPI(
            [.init("one"), .init("two")],
            faults: [.init(path: "/one/response", reaction: .answer(status))]
        )
        let captured = CapturedLog()
        _ = await api.run(log: captured.log) { echo }
        // Above all no error report for the invocation whose answer was refused.
        #expect(
            api.posts.map { $0.line.split(separator: "/")[4...5].joined(separator: "/") } == [
                "one/response HTTP", "two/response HTTP",
            ]
        )
        #expect(captured.values.first?["level"]?.string == level)
        #expect(captured.values.first?["requestId"]?.string == "one")
    }

    @Test("refusals after which the process exits", arguments: [403, 500, 502])
    func exits(status: Int) async throws {
        for path in ["/one/response", "/one/error"] {
            let api = try LoopbackRuntimeAPI(
                [.init("one"), .init("two")],
                faults: [.init(path: path, reaction: .answer(status))]
            )
            let captured = CapturedLog()
            let code = await api.run(log: captured.log) {
                Handler { event, _ in
                    if path.hasSuffix("error") { throw BadEvent() }
                    return event
                }
            }
            #expect(code == 1)
            #expect(api.posts.count == 1)
            #expect(api.requests.count == 2)
            #expect(captured.values.last?["level"]?.string == "FATAL")
        }
    }

    @Test("whatever is no event ends the loop", arguments: [202, 204, 400, 403, 404, 500, 503])
    func nextRefused(status: Int) async throws {
        let api = try LoopbackRuntimeAPI([.init("one")], faults: [.init(path: "/next", reaction: .answer(status))])
        let captured = CapturedLog()
        #expect(await api.run(log: captured.log) { echo } == 1)
        #expect(api.requests.count == 1)
        #expect(captured.lines.count == 1 && captured.lines[0].contains("HTTP \(status)"))
    }

    @Test func `an event without a request id ends the loop`() async throws {
        let api = try LoopbackRuntimeAPI([.init("")])
        #expect(await api.run(log: CapturedLog().log) { echo } == 1)
        #expect(api.posts.isEmpty)
    }

    @Test func `a connection that breaks while an event is awaited is made anew`() async throws {
        let api = try LoopbackRuntimeAPI([.init("one")], faults: [.init(path: "/next", reaction: .hangUp)])
        _ = await api.run(log: CapturedLog().log) { echo }
        #expect(api.posts.count == 1)
        #expect(api.connections == 2)
    }

    @Test func `a connection that breaks again and again ends the loop`() async throws {
        let faults = (0..<9).map { _ in LoopbackRuntimeAPI.Fault(path: "/next", reaction: .hangUp) }
        let api = try LoopbackRuntimeAPI([.init("one")], faults: faults)
        #expect(await api.run(log: CapturedLog().log) { echo } == 1)
        #expect(api.posts.isEmpty)
    }

    @Test("an answer whose connection breaks is given once more", arguments: [202, 400, 403], ["1", ""])
    func repeatedAnswer(second: Int, answer: String) async throws {
        let api = try LoopbackRuntimeAPI(
            [.init("one", answer), .init("two", "2")],
            faults: [
                .init(path: "/one/response", reaction: .hangUp),
                .init(path: "/one/response", reaction: .answer(second)),
            ]
        )
        let captured = CapturedLog()
        _ = await api.run(log: captured.log) { echo }
        #expect(api.posts.map { String(decoding: $0.body, as: UTF8.self) } == [answer, answer, "2"])
        #expect(captured.values.first?["level"]?.string == (second == 202 ? "FATAL" : "WARN"))
    }

    @Test func `an answer whose connection breaks twice ends the loop`() async throws {
        let faults = (0..<2).map { _ in LoopbackRuntimeAPI.Fault(path: "/one/response", reaction: .hangUp) }
        let api = try LoopbackRuntimeAPI([.init("one", "1"), .init("two", "2")], faults: faults)
        let captured = CapturedLog()
        #expect(await api.run(log: captured.log) { echo } == 1)
        #expect(api.posts.count == 2)
        #expect(captured.lines.count == 1 && captured.lines[0].contains("not delivered"))
    }

    @Test func `six megabytes go in and come out`() async throws {
        let event = "\"" + String(repeating: "x", count: 6_000_000) + "\""
        let api = try LoopbackRuntimeAPI([.init("big", event)])
        _ = await api.run(log: CapturedLog().log) { echo }
        #expect(api.posts.map(\.body.count) == [6_000_002])
    }

    @Test func `without a usable address there is nothing to run`() async throws {
        for environment in [[:], ["AWS_LAMBDA_RUNTIME_API": ""], ["AWS_LAMBDA_RUNTIME_API": "h/p"]] {
            let captured = CapturedLog()
            #expect(await RuntimeLoop(environment: environment, log: captured.log).run { echo } == 1)
            #expect(captured.lines.count == 1 && captured.lines[0].contains("AWS_LAMBDA_RUNTIME_API"))
        }
        let closed = ["AWS_LAMBDA_RUNTIME_API": try LoopbackServer.closedPort().authority]
        #expect(await RuntimeLoop(environment: closed, log: CapturedLog().log).run { echo } == 1)
    }

    @Test func `error types keep the form that Lambda accepts`() {
        enum Oops42: Error { case x }
        struct Ü: Error {}
        struct lower_case: Error {}
        #expect(ErrorReport(Oops42.x).type == "Function.Oops")
        #expect(ErrorReport(Ü()).type == "Function.Unknown")
        #expect(ErrorReport(lower_case()).type == "Function.Lowercase")
        #expect(ErrorReport(CancellationError()).type == "Function.CancellationError")
        struct Long: Error, CustomStringConvertible { let description = String(repeating: "\u{1}", count: 1_000_000) }
        #expect(ErrorReport(Long()).body.count < 60_000)
    }
}
