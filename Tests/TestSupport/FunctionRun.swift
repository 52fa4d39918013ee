import AWSAccess

/// A function's own program, run by `anomalyctl invoke` on some events.
package struct FunctionRun: Sendable {
    /// One for each event: `status`, `reply`, `errorType`, timing, as `--format json` prints them.
    package let outcomes: [JSONValue]
    /// What the function logged, and messages.
    package let messages: String
    package let code: Int32?

    /// Runs `function` with nothing but `environment`.
    ///
    /// - Parameters:
    ///   - function: As `anomalyctl invoke` takes it.
    ///   - events: The texts of the events; one empty event if none.
    ///   - environment: What the function is told beside Lambda's own variables.
    ///   - timeout: Seconds for each event.
    /// - Throws: Where the events could not be written or the program not be run.
    package init(
        _ function: String,
        _ events: [String] = [],
        environment: [String: String],
        timeout: Int = 60
    ) throws {
        let folder = try TemporaryFolder()
        var words = ["invoke", function]
        for (index, event) in events.enumerated() {
            try folder.write(event, to: "\(index)")
            words.append("\(folder.path)/\(index)")
        }
        words += ["--clean", "--format", "json", "--timeout", "\(timeout)"]
        for (name, value) in environment { words += ["--env", "\(name)=\(value)"] }
        let quoted = words.map {
            "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        let run = try ProgramRun(quoted.joined(separator: " "))
        outcomes = run.output.split(separator: "\n").compactMap { JSONValue(Array($0.utf8)) }
        messages = run.messages
        code = run.code
    }

    /// The replies and errors, in the order of the events.
    package var replies: [JSONValue] { outcomes.compactMap { $0["reply"] } }
    package var statuses: [String] { outcomes.compactMap { $0["status"]?.string } }
}
