import AWSAccess
import UsageCore

/// Whether the trail's records reach MultiAccountLogs: through a log group and its filter, or a queue or stream that Lambda reads.
struct IntakeCheck: DeploymentCheck {
    let name = "intake"

    /// What was found out about the ways in.
    struct Answers {
        /// The trail's log group; nil where it has none, or the trail is not known.
        var logGroup: String?
        /// nil where the log group is not there.
        var filters: [CloudWatchLogs.SubscriptionFilter]? = []
        var sources: [Lambda.EventSource] = []
        /// What could not be asked.
        var failures: [ServiceFailure] = []
    }

    private static let function = DeployedFunction.logs.rawValue

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        var answers = Answers()
        do throws(ServiceFailure) {
            let trails = try await CloudTrail(session: deployment.session).trails(deadline: deadline)
            if let arn = TrailCheck.choose(trails, wanted: deployment.trail)?.logGroupArn {
                let (group, region) = Self.logGroup(arn)
                answers.logGroup = group
                answers.filters = try await filters(of: group, region, deployment.session, deadline)
            }
        } catch {
            answers.failures.append(error)
        }
        do throws(ServiceFailure) {
            answers.sources = try await Lambda(session: deployment.session).eventSources(
                of: Self.function,
                deadline: deadline
            )
        } catch {
            if error.kind != .notFound { answers.failures.append(error) }
        }
        return Self.judge(answers)
    }

    private func filters(
        of group: String,
        _ region: String?,
        _ session: AWSSession,
        _ deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [CloudWatchLogs.SubscriptionFilter]? {
        do throws(ServiceFailure) {
            return try await CloudWatchLogs(session: session, region: region)
                .subscriptionFilters(of: group, deadline: deadline)
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    /// Name and Region in `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`.
    static func logGroup(_ arn: String) -> (name: String, region: String?) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 7, AWSSession.isRegion(parts[3]) else { return (arn, nil) }
        return (parts[6], parts[3])
    }

    static func judge(_ answers: Answers) -> Finding {
        var ways: [String] = []
        var problems: [Finding.Problem] = []
        if let group = answers.logGroup {
            if let filters = answers.filters {
                let ours = filters.filter { $0.destinationArn.hasSuffix(":function:\(function)") }
                ways += ours.map { filter in
                    let what = filter.pattern.isEmpty ? "every record" : "what its pattern takes"
                    return "log group \(group), filter \(filter.name): \(what)"
                }
                if ours.isEmpty { problems += unfiltered(group, filters) }
            } else {
                problems.append(
                    .init(
                        .broken,
                        "the trail's log group \(group) is not there",
                        fix: "deploy again with RecordsFrom=log-group, or make the log group and its filter"
                    )
                )
            }
        }
        for source in answers.sources {
            ways.append("\(source.arn), \(source.state)")
            if ["Disabled", "Disabling"].contains(source.state) {
                problems.append(
                    .init(
                        .broken,
                        "\(source.arn) is not read: its mapping is off",
                        fix: "enable the event source mapping of \(function)"
                    )
                )
            } else if source.lastResult.hasPrefix("PROBLEM") {
                let fix = "look at the function's log for the same time"
                problems.append(.init(.warning, "\(source.arn): \(source.lastResult)", fix: fix))
            }
        }
        // With another way in the log group is for somebody else.
        if !ways.isEmpty { problems.removeAll { $0.what.hasPrefix(Self.noFilter) } }
        problems += answers.failures.map { .init(.unknown, "\($0)", fix: $0.fix) }
        if ways.isEmpty, answers.failures.isEmpty, answers.logGroup == nil {
            problems.append(
                .init(
                    .broken,
                    "the trail has no log group, and Lambda reads no queue or stream for \(function)",
                    fix: "deploy with RecordsFrom=log-group or RecordsFrom=trail-files"
                )
            )
        }
        return Finding(
            ways.isEmpty ? "no way in" : Counted.text(ways.count, "ways") + " in",
            details: ways,
            problems: problems
        )
    }

    private static let noFilter = "no filter of the log group"

    private static func unfiltered(
        _ group: String,
        _ filters: [CloudWatchLogs.SubscriptionFilter]
    ) -> [Finding.Problem] {
        let others = filters.map { "\($0.name) to \($0.destinationArn)" }.joined(separator: ", ")
        return [
            .init(
                .broken,
                "\(noFilter) \(group) leads to \(function)" + (others.isEmpty ? "" : " (there is \(others))"),
                fix: filters.count < 2
                    ? "deploy again: the template makes the filter and the permission"
                    : "remove one of the two filters, which is all that a log group may have, and deploy again"
            )
        ]
    }
}
