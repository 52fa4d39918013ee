import Pipeline
import UsageCore

/// `anomalyctl invoke`: a function's own program, run as Lambda would.
enum InvokeCommand {
    static let declaration = Command(
        name: "invoke",
        summary: "run a function's program under a local Lambda Runtime API and give it events",
        operands: .init(
            name: "FUNCTION EVENT...",
            count: 1...10_000,
            help: "a function's name or its program, then event files; - is standard input, no EVENT one empty event"
        ),
        options: [
            .init(name: "--env", value: "K=V", help: "a variable for the function", isRepeatable: true),
            .init(name: "--clean", value: nil, help: "give the function nothing of this shell but --env"),
            .init(name: "--timeout", value: "S", help: "seconds for each event, 0.1 to 900", standard: "60"),
            .init(
                name: "--memory",
                value: "MIB",
                help: "what the function is told it has, 128 to 10240; its peak is shown beside",
                standard: "256"
            ),
            .init(
                name: "--format",
                value: "F",
                help: "text (the reply as it came) or json (one object an event, with timing)",
                choices: ["text", "json"],
                standard: "text"
            ),
        ],
        explanation: """
            Starts the program as Lambda does: Runtime API on this machine, Lambda's variables, one process for all events.
            A process that ends, or is ended because its time is over, is replaced for the next event; a failed set-up
            ends the run. FUNCTION is MultiAccountLogs, CrossAccountAnomalyProcessor or QBusinessConnector, looked for
            beside anomalyctl, or the path of any program that speaks the Runtime API.

            Of this shell the function sees AWS's variables (AWS_REGION, AWS_ENDPOINT_URL, keys; Region us-east-1 where
            none is set), the settings of this product (OPENSEARCH_ENDPOINT, STATE_TABLE, ...) and LD_LIBRARY_PATH,
            nothing else. --env is stronger; K= with nothing behind it is as good as not set.

            Replies, and errors as the caller is told them, go to standard output; the function's log and one line of
            timing for each event to standard error. Exit codes: 0 all replied, 1 a function error, 2 wrong usage.

            Example:
              anomalyctl invoke MultiAccountLogs Events/logs-one-account.json --env STATE_TABLE=usage-state
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let path = try FunctionFinder.path(of: arguments.operands[0])
        let events = arguments.operands.count > 1 ? Array(arguments.operands.dropFirst()) : [""]
        let memory = try arguments.integer("--memory", in: 128...10240)
        let shell = arguments.has("--clean") ? [:] : FunctionEnvironment.inherited(from: processEnvironment())
        let function = HostedFunction(
            path: path,
            given: try FunctionEnvironment.given(arguments.texts("--env")),
            inherited: shell,
            timeout: try arguments.number("--timeout", in: 0.1...900) ?? 60,
            memory: memory,
            now: Console.now()
        )
        let isJSON = arguments.text("--format") == "json"
        // All are read first: what cannot be read is told before anything has happened.
        let payloads = try events.map(payload)
        let host = try RuntimeHost(function)
        var code = ExitCode.done
        for (event, payload) in zip(events, payloads) {
            let outcome = try host.invoke(payload)
            let name = event.isEmpty ? "empty event" : event
            if isJSON {
                try Console.print(InvokeText.json(event, outcome))
            } else {
                try Console.write(outcome.payload + [0x0A])
                Console.say(InvokeText.summary(name, outcome, memory: memory))
            }
            if outcome.status != .ok { code = .failed }
            if outcome.status == .initError { break }
        }
        return code
    }

    private static func payload(_ event: String) throws -> [UInt8] {
        guard !event.isEmpty else { return [] }
        let bytes: [UInt8]
        do throws(InputFailure) {
            bytes = try FileBytes.whole(event == "-" ? "/dev/stdin" : event, wanted: .event)
        } catch {
            throw UsageFailure.badValue(
                option: "EVENT",
                value: event,
                allowed: "a file that can be read, or - for standard input"
            )
        }
        guard bytes.count <= Invocation.largestEvent else {
            throw UsageFailure.badValue(
                option: "EVENT",
                value: event,
                allowed: "at most \(Invocation.largestEvent) bytes, which is what Lambda takes; this has \(bytes.count)"
            )
        }
        return bytes
    }
}
