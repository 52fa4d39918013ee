import AWSAccess
import UsageCore

/// Whether the trail is on, and takes in the whole organization.
struct TrailCheck: DeploymentCheck {
    let name = "trail"

    /// What was found out about the trail.
    struct Answers {
        var trails: [CloudTrail.Trail] = []
        /// Name or ARN that was asked for.
        var wanted: String?
        /// Whether the deployment is of an organization.
        var isOfOrganization = true
        var status = TrailStatus(isLogging: true)
        var selectors: TrailSelectors?
        /// Why the selectors are not known.
        var selectorsFailure: ServiceFailure?
        /// Milliseconds since 1970.
        var now: Int64 = 0
    }

    /// CloudTrail delivers within minutes, and in an organization something always happens.
    private static let longestSilence: Int64 = 3600 * 1000

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let service = CloudTrail(session: deployment.session)
        var answers = Answers(wanted: deployment.trail, now: deployment.session.clock.now().milliseconds)
        answers.trails = try await service.trails(deadline: deadline)
        answers.isOfOrganization = deployment.settings.map { $0.organizationId != nil } ?? true
        if let trail = Self.choose(answers.trails, wanted: answers.wanted) {
            answers.status = try await service.status(of: trail.arn, deadline: deadline)
            do throws(ServiceFailure) {
                answers.selectors = try await service.eventSelectors(of: trail.arn, deadline: deadline)
            } catch {
                answers.selectorsFailure = error
            }
        }
        return Self.judge(answers)
    }

    /// The trail that is asked for; else the one that the templates name, one of the organization, one of all Regions.
    static func choose(_ trails: [CloudTrail.Trail], wanted: String?) -> CloudTrail.Trail? {
        if let wanted { return trails.first { $0.name == wanted || $0.arn == wanted } }
        func rank(_ trail: CloudTrail.Trail) -> Int {
            (trail.name.hasPrefix("org-trail-") ? 8 : 0) + (trail.isOrganizationTrail ? 4 : 0)
                + (trail.isMultiRegion ? 2 : 0) + (trail.logGroupArn == nil ? 0 : 1)
        }
        return trails.min { (-rank($0), $0.arn) < (-rank($1), $1.arn) }
    }

    static func judge(_ answers: Answers) -> Finding {
        guard let trail = choose(answers.trails, wanted: answers.wanted) else {
            let others = answers.trails.map(\.name).sorted().joined(separator: ", ")
            let what =
                answers.wanted.map { "there is no trail \($0) here" } ?? "there is no trail in this account and Region"
            let fix =
                others.isEmpty
                ? "deploy with TrailMode=new, or look from the account and Region of the trail"
                : "name one of \(others) with --trail"
            return Finding("none", problems: [.init(.broken, what, fix: fix)])
        }
        var problems: [Finding.Problem] = []
        if !answers.status.isLogging {
            problems.append(
                .init(
                    .broken,
                    "it is off: nothing is recorded",
                    fix: "aws cloudtrail start-logging --region \(trail.homeRegion) --name \(trail.arn)"
                )
            )
        }
        let update = "aws cloudtrail update-trail --region \(trail.homeRegion) --name \(trail.arn)"
        if answers.isOfOrganization, !trail.isOrganizationTrail {
            problems.append(
                .init(
                    .broken,
                    "it records one account alone, and ORGANIZATION_ID says that there are more",
                    fix: "\(update) --is-organization-trail, in the management account or a delegated administrator's"
                )
            )
        }
        if !trail.isMultiRegion {
            problems.append(
                .init(.warning, "it records \(trail.homeRegion) alone", fix: "\(update) --is-multi-region-trail")
            )
        }
        problems += delivery(answers.status, hasLogGroup: trail.logGroupArn != nil, now: answers.now)
        if let failure = answers.selectorsFailure {
            problems.append(.init(.unknown, "which events it records: \(failure)", fix: failure.fix))
        }
        if answers.selectors?.takesManagementWrites == false {
            problems.append(
                .init(
                    .broken,
                    "it leaves out management events that change something, which nearly all watched usages are",
                    fix: "aws cloudtrail put-event-selectors: management events, read and write"
                )
            )
        }
        return Finding(
            "\(trail.name), \(trail.isOrganizationTrail ? "the organization's" : "of one account"), "
                + (trail.isMultiRegion ? "all Regions" : trail.homeRegion),
            details: details(answers),
            problems: problems
        )
    }

    private static func delivery(_ status: TrailStatus, hasLogGroup: Bool, now: Int64) -> [Finding.Problem] {
        var problems: [Finding.Problem] = []
        if let error = status.fileError {
            problems.append(
                .init(
                    .broken,
                    "its files cannot be written (\(error))",
                    fix: "look at the bucket's policy and the key's: cloudtrail.amazonaws.com must be let in"
                )
            )
        }
        if let error = status.logGroupError {
            problems.append(
                .init(
                    .broken,
                    "its records cannot be written into the log group (\(error))",
                    fix: "look at the trail's role for CloudWatch Logs, and whether the log group is there"
                )
            )
        }
        let last = hasLogGroup ? status.lastLogGroupDelivery : status.lastFile
        if status.isLogging, let last, now - last.milliseconds > longestSilence {
            problems.append(
                .init(
                    .warning,
                    "it has delivered nothing since \(EventTime.text(last.milliseconds / 1000))",
                    fix: "look at the trail in the console; an organization is seldom silent for an hour"
                )
            )
        }
        return problems
    }

    private static func details(_ answers: Answers) -> [String] {
        guard let selectors = answers.selectors else { return [] }
        return [
            selectors.takesInvocations
                ? "Lambda invocations are recorded"
                : "Lambda invocations are not recorded, so that they are not watched"
        ]
    }
}
