import AWSAccess
import Pipeline
import UsageCore

/// `anomalyctl doctor`: what a deployment lacks.
enum DoctorCommand {
    static let declaration = Command(
        name: "doctor",
        summary: "say what a deployment lacks, in plain words and with the fix",
        operands: nil,
        options: [
            .init(name: "--only", value: "CHECK,...", help: "only these checks, in the order of the report"),
            .init(name: "--trail", value: "NAME", help: "the trail, by name or ARN; found by itself if not given"),
            .init(
                name: "--packages",
                value: "DIR",
                help: "the folder of the packages that were deployed",
                standard: "dist"
            ),
            .init(name: "--timeout", value: "S", help: "seconds that one check may take, 1 to 600", standard: "10"),
            .init(
                name: "--format",
                value: "F",
                help: "text or json (one check a line)",
                choices: ["text", "json"],
                standard: "text"
            ),
        ],
        explanation: """
            Needs credentials that may read the deployment, and AWS_REGION. Settings are read from the deployed functions;
            what this environment says (STATE_TABLE, OPENSEARCH_ENDPOINT, ...) goes before. Each check stands alone: one that
            may not look, or takes too long, says so and keeps no other from its work.

            The checks: \(Doctor.names.prefix(8).joined(separator: ", ")),
            \(Doctor.names.dropFirst(8).joined(separator: ", ")).

            A check is ok, off (not part of this deployment), unknown (it could not be looked at), warning or broken. Only
            reading calls are made, and MultiAccountLogs is invoked once with an empty event, upon which it checks its own
            rights. The check "costs" asks Cost Explorer one question, which costs $0.01.

            Exit codes: 0 nothing is broken, 1 something is, or the command failed, 2 wrong usage.

            Example:
              anomalyctl doctor
              anomalyctl doctor --only trail,intake,ledger --format json
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let limit = Duration.seconds(try arguments.integer("--timeout", in: 1...600))
        let names = try only(arguments)
        let isJSON = arguments.text("--format") == "json"
        let environment = processEnvironment()
        let session = try Ports(environment: environment, log: Log(level: .fatal)).session
        let deployment = await Deployment.read(
            session: session,
            environment: environment,
            trail: arguments.text("--trail"),
            packages: arguments.text("--packages") ?? "dist",
            deadline: session.clock.instant() + limit
        )
        var counts: [Finding.State: Int] = [:]
        try await Doctor(deployment, limit: limit, only: names).run { report in
            try Console.print(isJSON ? report.json : report.text)
            counts[report.finding.state, default: 0] += 1
        }
        let words = Finding.State.allCases.reversed().compactMap { state in
            counts[state].map { "\($0) \(state.rawValue)" }
        }
        Console.say("\(Counted.text(counts.values.reduce(0, +), "checks")): \(words.joined(separator: ", "))")
        return counts[.broken] == nil ? .done : .failed
    }

    private static func only(_ arguments: Arguments) throws(UsageFailure) -> [String] {
        let names = (arguments.text("--only") ?? "").split(separator: ",").map(String.init)
        for name in names where !Doctor.names.contains(name) {
            throw .badValue(option: "--only", value: name, allowed: Doctor.names.joined(separator: ", "))
        }
        return names
    }
}
