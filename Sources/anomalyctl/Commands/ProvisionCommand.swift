import AWSAccess
import Pipeline
import UsageCore

/// `anomalyctl provision`: an existing OpenSearch domain, set up as the custom resource does it.
enum ProvisionCommand {
    static let declaration = Command(
        name: "provision",
        summary:
            "set up an OpenSearch domain: templates, lifecycle policy, roles, channel, detectors, monitors, dashboards",
        operands: nil,
        options: [
            .init(name: "--dry-run", value: nil, help: "only say what would be written"),
            .init(name: "--remove", value: nil, help: "remove what was set up; records and incidents stay"),
            .init(name: "--delete-records", value: nil, help: "with --remove: delete records and incidents too"),
            .init(
                name: "--topic",
                value: "ARN",
                help: "the SNS topic by which monitors tell the processor; none: no monitors"
            ),
            .init(
                name: "--channel-role",
                value: "ARN",
                help: "the role by which a managed domain publishes to the topic"
            ),
            .init(name: "--writer", value: "ARN", help: "an IAM role that adds records", isRepeatable: true),
            .init(name: "--reader", value: "ARN", help: "an IAM role that reads incidents", isRepeatable: true),
            .init(name: "--viewer", value: "ARN", help: "an IAM role of people at Dashboards", isRepeatable: true),
            .init(name: "--retention-days", value: "N", help: "days that records are kept, 1 to 3650", standard: "90"),
            .init(
                name: "--format",
                value: "F",
                help: "text or json (one part a line)",
                choices: ["text", "json"],
                standard: "text"
            ),
        ],
        explanation: """
            OPENSEARCH_ENDPOINT names the domain; the caller is its master where it has fine-grained access control. Each part
            is looked at first and written only where it is absent or differs, so that a second run writes nothing. What bears
            the same name and is not ours stops the run before anything is written.

            Detectors need a first record; until then they are pending, and the next run or evaluation sets them up.

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some parts are pending or left out, each with its reason.

            Example:
              anomalyctl provision --dry-run --topic arn:aws:sns:eu-central-1:111122223333:usage-alerts
            """,
        run: run
    )

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let environment = processEnvironment()
        let settings = try Settings(environment: environment, requiring: [.openSearchEndpoint])
        guard let endpoint = settings.openSearchEndpoint else { return .failed }
        let ports = try Ports(environment: environment, log: Log(level: .warn))
        var request = ProvisionRequest()
        request.alertTopicArn = arguments.text("--topic")
        request.channelRoleArn = arguments.text("--channel-role")
        request.writers = arguments.texts("--writer")
        request.readers = arguments.texts("--reader")
        request.viewers = arguments.texts("--viewer")
        request.retentionDays = try arguments.integer("--retention-days", in: 1...3650)
        request.deletesRecords = arguments.has("--delete-records")
        for option in ["--topic", "--channel-role", "--writer", "--reader", "--viewer"] {
            for arn in arguments.texts(option) where !arn.hasPrefix("arn:") {
                throw UsageFailure.badValue(option: option, value: arn, allowed: "an ARN, which begins with arn:")
            }
        }
        let provisioning = Provisioning(
            session: ports.session,
            endpoint: endpoint,
            catalog: settings.catalog,
            request: request
        )
        let deadline = ports.session.clock.instant() + .seconds(600)
        let isDryRun = arguments.has("--dry-run")
        let changes =
            arguments.has("--remove")
            ? try await provisioning.remove(isDryRun: isDryRun, deadline: deadline)
            : try await provisioning.setUp(isDryRun: isDryRun, deadline: deadline)
        let isJSON = arguments.text("--format") == "json"
        for change in changes { try Console.print(isJSON ? change.json : change.text) }
        let written = changes.count { [.created, .updated, .removed].contains($0.action) }
        let left = changes.count(where: \.isLeft)
        Console.say(
            "\(Counted.text(written, "parts")) \(isDryRun ? "would change" : "changed"), "
                + "\(changes.count { $0.action == .unchanged }) unchanged, \(left) pending or left out"
        )
        return left > 0 ? .doneWithSetAsides : .done
    }
}
