import CMemory
import Glibc

/// The life of a function's process: set the handler up, then take one event after the other until Lambda ends it.
///
/// Written to the Lambda Runtime API (AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes").
package struct RuntimeLoop {
    private let environment: [String: String]
    private let log: Log

    /// The loop for the Runtime API that `AWS_LAMBDA_RUNTIME_API` names.
    package init(environment: [String: String], log: Log) {
        self.environment = environment
        self.log = log
    }

    /// Runs until the Runtime API cannot be served any longer, which is never a success: Lambda ends a healthy process itself.
    ///
    /// Blocks the calling thread while it waits for an event, so call it from the main thread and nowhere else.
    ///
    /// - Parameter makeHandler: Called once, before the first event is asked for; an error is reported to Lambda as that of the
    ///   initialization.
    /// - Returns: The status to exit with.
    package func run(_ makeHandler: () throws -> any InvocationHandler) async -> Int32 {
        keep_memory_between_invocations()
        let api: RuntimeAPI
        do throws(AccessFailure) {
            guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
                throw .setting(key: "AWS_LAMBDA_RUNTIME_API", value: "not set", allowed: "host:port, as Lambda does")
            }
            api = try RuntimeAPI(address: address)
        } catch {
            return end("Runtime API: not usable (\(error))")
        }
        // The variable exists before any thread may read the environment: from here on only its value is exchanged, the table
        // that getenv walks stays in place.
        setenv(Self.traceVariable, "", 1)
        let handler: any InvocationHandler
        do {
            handler = try makeHandler()
        } catch {
            return reportInitialization(error, to: api)
        }
        while true {
            if let status = await serveOne(api, handler) { return status }
        }
    }

    private static let traceVariable = "_X_AMZN_TRACE_ID"

    /// Takes one event and answers it; gives the status to exit with if that is called for.
    private func serveOne(_ api: RuntimeAPI, _ handler: any InvocationHandler) async -> Int32? {
        let event: HTTPResponse
        do {
            event = try api.next()
        } catch {
            return end("next invocation: not received (\(error))")
        }
        guard event.status == 200 else { return end("next invocation: refused (\(evidence(event)))") }
        guard let context = InvocationContext(event.headers, now: .now(), instant: .now) else {
            return end("next invocation: no request id (\(event.body.count) bytes)")
        }
        setenv(Self.traceVariable, context.traceId ?? "", 1)
        let log = log.with(requestId: context.requestId)
        do {
            let answer: [UInt8]
            do {
                answer = try await handler.handle(event.body, context)
            } catch {
                let report = ErrorReport(error)
                log.error("\(error)", ["errorType": .string(report.type)])
                let (reply, isRepetition) = try api.fail(context.requestId, report)
                return react(to: reply, isRepetition: isRepetition, log)
            }
            let (reply, isRepetition) = try api.respond(to: context.requestId, answer)
            return react(to: reply, isRepetition: isRepetition, log)
        } catch {
            return end("answer: not delivered (\(error))", log)
        }
    }

    /// Nil to go on with the next event, or the status to exit with.
    private func react(to reply: HTTPResponse, isRepetition: Bool, _ log: Log) -> Int32? {
        switch reply.status {
        case 200..<300:
            return nil
        case 400 where isRepetition, 403 where isRepetition:
            // The connection broke after the first copy had arrived.
            log.warn("answer: refused when repeated (\(evidence(reply))); the first copy counts")
            return nil
        case 413:
            // Lambda has recorded Function.ResponseSizeTooLarge itself: an error report would be a second answer.
            log.error("answer: too large (\(evidence(reply))); the invocation has failed")
            return nil
        case 403:
            // Two answers to one request or the like: a fault of this loop, after which nothing can be relied on.
            return end("answer: refused (\(evidence(reply)))", log)
        case 400..<500:
            log.error("answer: refused (\(evidence(reply))); going on with the next event")
            return nil
        default:
            // 500 is documented as a container error, after which the runtime is to exit promptly.
            return end("answer: failed (\(evidence(reply)))", log)
        }
    }

    private func reportInitialization(_ error: any Error, to api: RuntimeAPI) -> Int32 {
        log.write(.fatal, "\(error)")
        do {
            let reply = try api.failInitialization(ErrorReport(error))
            if reply.status != 202 { log.error("initialization error: not accepted (\(evidence(reply)))") }
        } catch {
            log.error("initialization error: not delivered (\(error))")
        }
        return 1
    }

    private func end(_ message: String, _ invocationLog: Log? = nil) -> Int32 {
        (invocationLog ?? log).write(.fatal, message + "; the process exits and Lambda starts another")
        return 1
    }

    private func evidence(_ reply: HTTPResponse) -> String {
        "HTTP \(reply.status) \(String(decoding: reply.body.prefix(200), as: UTF8.self))"
    }
}
