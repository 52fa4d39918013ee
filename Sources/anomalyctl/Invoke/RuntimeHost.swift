import Glibc
import UsageCore

/// Runs a function as Lambda does: its executable as a process, the Runtime API on loopback, one invocation at a time.
///
/// One process serves all events; where it ends or is ended, the next event meets a new one.
final class RuntimeHost {
    private let function: HostedFunction
    private let listener: RuntimeListener
    private var process: FunctionProcess?
    private var ending: FunctionProcess.Ending?
    private var exchange = RuntimeExchange()
    private var connections: [RuntimeConnection] = []
    private var startedAt = ContinuousClock.now
    private var firstPollAt: ContinuousClock.Instant?

    /// The longest that Lambda lets a process take to its first poll, unless the function's time-out is longer.
    private static let longestStart = Duration.seconds(10)

    init(_ function: HostedFunction) throws(CommandFailure) {
        self.function = function
        listener = try RuntimeListener()
    }

    // Lambda ends a process without extensions without a warning, too.
    deinit { stop() }

    /// Gives the function one event and waits for what becomes of it.
    func invoke(_ event: [UInt8]) throws(CommandFailure) -> InvocationOutcome {
        let requestId = HostedFunction.requestId()
        let isNew = process == nil
        if isNew {
            try start()
            let limit = max(function.timeout, Self.longestStart)
            wait(until: startedAt + limit) { exchange.isReady || exchange.initializationError != nil }
            guard exchange.isReady else {
                defer { stop() }
                return unready(requestId, after: limit)
            }
        }
        let start = ContinuousClock.now
        let end = start + function.timeout
        give(function.invocation(requestId, event))
        wait(until: end) { exchange.result != nil }
        let took = ContinuousClock.now - start
        // What is done between the answer and the next poll is a part of the invocation still.
        if exchange.result != nil { wait(until: end) { exchange.isReady } }
        var outcome = outcome(requestId)
        if isNew { outcome.start = firstPollAt.map { $0 - startedAt } }
        outcome.duration = took
        outcome.peakKiB = process?.peakKiB()
        if !exchange.isReady { stop() }
        return outcome
    }

    private func start() throws(CommandFailure) {
        var environment = function.environment
        environment["AWS_LAMBDA_RUNTIME_API"] = listener.address
        exchange = RuntimeExchange()
        firstPollAt = nil
        ending = nil
        startedAt = .now
        process = try FunctionProcess(path: function.path, environment: environment)
    }

    private func stop() {
        if ending == nil { process?.kill() }
        process = nil
        for connection in connections { close(connection.descriptor) }
        connections = []
    }

    /// Why there was no first poll.
    private func unready(_ requestId: String, after limit: Duration) -> InvocationOutcome {
        if let error = exchange.initializationError {
            return InvocationOutcome(requestId: requestId, status: .initError, error: error)
        }
        return failure(requestId, after: limit)
    }

    private func outcome(_ requestId: String) -> InvocationOutcome {
        guard let result = exchange.result else { return failure(requestId, after: function.timeout) }
        var outcome: InvocationOutcome
        switch result {
        case .reply(let reply): outcome = InvocationOutcome(requestId: requestId, reply: reply)
        case .error(let error): outcome = InvocationOutcome(requestId: requestId, status: .error, error: error)
        }
        if let ending {
            outcome.note = "\(ending.text) after its answer"
        } else if !exchange.isReady {
            outcome.note = "asked for no further event before its deadline and was ended"
        }
        return outcome
    }

    /// Lambda's words for a process that ended or was ended without an answer.
    private func failure(_ requestId: String, after limit: Duration) -> InvocationOutcome {
        let prefix = "RequestId: \(requestId) Error: "
        if let ending {
            let error = FunctionError(type: "Runtime.ExitError", message: prefix + ending.text)
            return InvocationOutcome(requestId: requestId, status: .exit, error: error)
        }
        let seconds = Decimal.fixed(limit / .seconds(1), decimals: 2)
        let error = FunctionError(type: "Sandbox.Timedout", message: prefix + "Task timed out after \(seconds) seconds")
        return InvocationOutcome(requestId: requestId, status: .timeout, error: error)
    }
}

extension RuntimeHost {
    /// Serves the connections until `isDone`, the end of the process, or `end`.
    private func wait(until end: ContinuousClock.Instant, _ isDone: () -> Bool) {
        while !isDone(), ending == nil {
            let left = end - .now
            guard left > .zero else { return }
            // The end of a process closes its connections, which wakes this; one without connections is looked after.
            let isQuiet = serve(milliseconds: Int32(min(10, (left / .milliseconds(1)).rounded(.up))))
            guard isQuiet, let ended = process?.ending() else { continue }
            // What it sent last may have come in between.
            while !serve(milliseconds: 0) {}
            ending = ended
        }
    }

    /// Serves what is there, or comes within `milliseconds`; true where nothing was.
    private func serve(milliseconds: Int32) -> Bool {
        var polled = [pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
        polled += connections.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return true }
        for index in connections.indices.reversed() where polled[index + 1].revents != 0 { serve(at: index) }
        if polled[0].revents != 0, let connection = listener.next() { connections.append(connection) }
        return false
    }

    private func serve(at index: Int) {
        let requests = connections[index].receive()
        for request in requests ?? [] {
            if let reply = exchange.take(request) {
                connections[index].send(reply)
                if request.isLast { connections[index].isClosing = true }
            } else {
                connections[index].isHeld = true
                if firstPollAt == nil { firstPollAt = .now }
            }
        }
        if requests == nil || !connections[index].flush() || connections[index].isDone {
            close(connections.remove(at: index).descriptor)
        }
    }

    /// Gives an invocation to the `next` that was asked last.
    private func give(_ invocation: Invocation) {
        let reply = exchange.give(invocation)
        guard let index = connections.lastIndex(where: \.isHeld) else { return }
        connections[index].isHeld = false
        connections[index].send(reply)
    }
}
