import AWSAccess

/// Looks at a deployment, one thing beside the other, and says what it lacks.
///
/// Reads only: what it calls is listed with the command. The function's own check of its rights is the one thing that runs.
package struct Doctor: Sendable {
    /// The checks, in the order of the report.
    static let checks: [any DeploymentCheck] = [
        SettingsCheck(), CredentialsCheck(), TrailCheck(), IntakeCheck(), FunctionsCheck(), ErrorsCheck(),
        PackagesCheck(), OrganizationCheck(), DomainCheck(), DetectorsCheck(), ChannelCheck(), QueuesCheck(),
        LedgerCheck(), EvaluationCheck(), SyncCheck(), CostsCheck(),
    ]

    /// Their names.
    package static var names: [String] { checks.map(\.name) }

    private let deployment: Deployment
    private let limit: Duration
    private let checks: [any DeploymentCheck]

    /// Checks under way at the same time.
    private static let concurrency = 6
    /// What calls that have missed their deadline get to come back by themselves.
    private static let grace = Duration.seconds(1)

    /// - Parameters:
    ///   - deployment: What to look at.
    ///   - limit: How long one check may take.
    ///   - names: The checks to make; all of them if empty.
    package init(_ deployment: Deployment, limit: Duration, only names: [String] = []) {
        self.init(
            deployment,
            limit: limit,
            checks: Self.checks.filter { names.isEmpty || names.contains($0.name) }
        )
    }

    init(_ deployment: Deployment, limit: Duration, checks: [any DeploymentCheck]) {
        self.deployment = deployment
        self.limit = limit
        self.checks = checks
    }

    /// Makes the checks and gives each report in its turn.
    ///
    /// - Throws: What `tell` throws.
    package func run(tell: (CheckReport) throws -> Void) async throws {
        try await Concurrently.eachInOrder(checks, atMost: Self.concurrency) { check in
            CheckReport(name: check.name, finding: await finding(of: check))
        } take: { _, report in
            try tell(report)
        }
    }

    /// What a check finds, or that it did not come to an end in its time.
    private func finding(of check: any DeploymentCheck) async -> Finding {
        let clock = deployment.session.clock
        let deadline = clock.instant() + limit
        return await withTaskGroup(of: Finding?.self) { group in
            group.addTask {
                do {
                    return try await check.finding(deployment, deadline: deadline)
                } catch is MissingSettings {
                    return .unknown("\(MissingSettings())", fix: "mend what the check \"settings\" says")
                } catch {
                    return .unseen(error)
                }
            }
            group.addTask {
                do { try await clock.sleep(limit + Self.grace) } catch { return nil }
                return .unknown(
                    "no end after \(limit.components.seconds) s",
                    fix: "give it more time with --timeout, or look at the way to what it asks"
                )
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .unknown("cancelled", fix: "run this again")
        }
    }
}
