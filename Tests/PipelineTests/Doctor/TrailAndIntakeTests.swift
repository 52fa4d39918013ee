import AWSAccess
import Testing

@testable import Pipeline

@Suite struct TrailCheckTests {
    private static func trail(
        _ name: String = "org-trail-usage",
        isOrganization: Bool = true,
        isMultiRegion: Bool = true,
        logGroup: String? = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
    ) -> CloudTrail.Trail {
        CloudTrail.Trail(
            name: name,
            arn: "arn:aws:cloudtrail:eu-west-1:111122223333:trail/\(name)",
            homeRegion: "eu-west-1",
            isOrganizationTrail: isOrganization,
            isMultiRegion: isMultiRegion,
            logGroupArn: logGroup,
            bucket: "b"
        )
    }

    private let healthy = TrailCheck.Answers(
        trails: [trail()],
        status: TrailStatus(isLogging: true, lastLogGroupDelivery: WallTime(milliseconds: 9_000_000)),
        selectors: TrailSelectors(takesManagementWrites: true, takesInvocations: true),
        now: 9_600_000
    )

    @Test func `a trail that is on, of the organization and of all Regions is well`() {
        let finding = TrailCheck.judge(healthy)
        #expect(finding.state == .ok && finding.observed == "org-trail-usage, the organization's, all Regions")
        #expect(finding.details == ["Lambda invocations are recorded"])
    }

    @Test func `the trail of the templates goes first, then one of the organization, unless one is named`() {
        let trails = [
            Self.trail("a", isOrganization: false), Self.trail("b", isOrganization: true), Self.trail("org-trail-x"),
        ]
        #expect(TrailCheck.choose(trails, wanted: nil)?.name == "org-trail-x")
        #expect(TrailCheck.choose(Array(trails[..<2]), wanted: nil)?.name == "b")
        #expect(TrailCheck.choose(trails, wanted: "a")?.name == "a")
        #expect(TrailCheck.choose(trails, wanted: trails[1].arn)?.name == "b")
        #expect(TrailCheck.choose(trails, wanted: "c") == nil)
        #expect(TrailCheck.choose([], wanted: nil) == nil)
    }

    @Test(
        "each fault of a trail is said with its fix",
        arguments: [
            Fault<TrailCheck.Answers>({ $0.trails = [] }, .broken, "there is no trail", "TrailMode=new"),
            Fault<TrailCheck.Answers>({ $0.wanted = "other" }, .broken, "there is no trail other here", "--trail"),
            Fault<TrailCheck.Answers>(
                { $0.status = TrailStatus(isLogging: false) },
                .broken,
                "it is off",
                "start-logging --region eu-west-1"
            ),
            Fault<TrailCheck.Answers>(
                { $0.trails = [trail(isOrganization: false)] },
                .broken,
                "it records one account alone",
                "--is-organization-trail"
            ),
            Fault<TrailCheck.Answers>(
                { $0.trails = [trail(isMultiRegion: false)] },
                .warning,
                "eu-west-1 alone",
                "--is-multi-region-trail"
            ),
            Fault<TrailCheck.Answers>(
                { $0.status = TrailStatus(isLogging: true, fileError: "AccessDenied") },
                .broken,
                "(AccessDenied)",
                "bucket's policy"
            ),
            Fault<TrailCheck.Answers>(
                { $0.status = TrailStatus(isLogging: true, logGroupError: "no group") },
                .broken,
                "(no group)",
                "trail's role"
            ),
            Fault<TrailCheck.Answers>(
                { $0.now = 13_000_000 },
                .warning,
                "nothing since 1970-01-01T02:30:00Z",
                "in the console"
            ),
            Fault<TrailCheck.Answers>(
                { $0.selectors = TrailSelectors(takesManagementWrites: false, takesInvocations: false) },
                .broken,
                "leaves out management events",
                "put-event-selectors"
            ),
            Fault<TrailCheck.Answers>(
                {
                    $0.selectors = nil
                    $0.selectorsFailure = denied("CloudTrail", "GetEventSelectors")
                },
                .unknown,
                "which events it records",
                "allow the caller cloudtrail:GetEventSelectors"
            ),
        ]
    )
    func faults(fault: Fault<TrailCheck.Answers>) {
        var answers = healthy
        fault.change(&answers)
        let finding = TrailCheck.judge(answers)
        #expect(finding.state == fault.state && finding.problems.count == 1, "\(finding)")
        #expect(finding.problems.first?.what.contains(fault.what) == true, "\(finding)")
        #expect(finding.problems.first?.fix.contains(fault.fix) == true, "\(finding)")
    }

    @Test func `one account's trail is well where the deployment is of one account`() {
        var answers = healthy
        answers.trails = [Self.trail(isOrganization: false)]
        answers.isOfOrganization = false
        #expect(TrailCheck.judge(answers).state == .ok)
    }
}

@Suite struct IntakeCheckTests {
    private func filter(_ function: String) -> CloudWatchLogs.SubscriptionFilter {
        CloudWatchLogs.SubscriptionFilter(
            name: "usage",
            pattern: "",
            destinationArn: "arn:aws:lambda:eu-west-1:111122223333:function:\(function)"
        )
    }

    @Test func `a filter that leads to the function, or a source that is read, is a way in`() {
        var answers = IntakeCheck.Answers(logGroup: "trail", filters: [filter("MultiAccountLogsFunction")])
        #expect(IntakeCheck.judge(answers).state == .ok)
        #expect(IntakeCheck.judge(answers).details == ["log group trail, filter usage: every record"])
        answers = IntakeCheck.Answers(sources: [.init(arn: "arn:aws:sqs:eu-west-1:1:files", state: "Enabled")])
        #expect(IntakeCheck.judge(answers).state == .ok)
        answers.logGroup = "trail"
        #expect(IntakeCheck.judge(answers).state == .ok, "the log group is for somebody else")
    }

    @Test(
        "what is missing on the way in is said",
        arguments: [
            (IntakeCheck.Answers(), "the trail has no log group"),
            (IntakeCheck.Answers(logGroup: "trail", filters: nil), "log group trail is not there"),
            (
                IntakeCheck.Answers(logGroup: "trail"),
                "no filter of the log group trail leads to MultiAccountLogsFunction"
            ),
            (
                IntakeCheck.Answers(sources: [.init(arn: "arn:aws:sqs:eu-west-1:1:files", state: "Disabled")]),
                "its mapping is off"
            ),
        ]
    )
    func missing(answers: IntakeCheck.Answers, what: String) {
        let finding = IntakeCheck.judge(answers)
        #expect(finding.state == .broken && finding.problems.count == 1, "\(finding)")
        #expect(finding.problems.first?.what.contains(what) == true, "\(finding)")
    }

    @Test func `a filter to another function is no way in, and where two are taken that is the first to mend`() {
        let others = [filter("Other"), filter("NotMultiAccountLogsFunction2")]
        let finding = IntakeCheck.judge(IntakeCheck.Answers(logGroup: "trail", filters: others))
        #expect(finding.state == .broken)
        #expect(finding.problems.first?.fix.hasPrefix("remove one of the two filters") == true)
    }

    @Test func `what may not be asked is not known, and is not called missing`() {
        let answers = IntakeCheck.Answers(failures: [denied("Lambda", "ListEventSourceMappings")])
        let finding = IntakeCheck.judge(answers)
        #expect(finding.state == .unknown && finding.problems.map(\.state) == [.unknown])
    }

    @Test func `a log group's name and Region stand in its ARN`() {
        let (name, region) = IntakeCheck.logGroup("arn:aws:logs:eu-west-1:1:log-group:/a/b:*")
        #expect(name == "/a/b" && region == "eu-west-1")
        #expect(IntakeCheck.logGroup("arn:aws:logs:evil.example:1:log-group:/a/b:*").region == nil)
    }
}

/// A call that the caller may not make.
func denied(_ service: String, _ operation: String) -> ServiceFailure {
    refused(service, operation, code: "AccessDeniedException", status: 403)
}

/// A call that was answered with an error.
func refused(
    _ service: String,
    _ operation: String,
    code: String,
    status: Int = 400,
    message: String = "no"
) -> ServiceFailure {
    let body: AWSAccess.JSONValue = ["__type": .string(code), "message": .string(message)]
    let refusal = OpenSearch.refusal(HTTPResponse(status: status, body: body.bytes))
    return ServiceFailure(service: service, operation: operation, tries: 1, cause: .refused(refusal))
}

/// One change to what was found out, and what must be said of it.
struct Fault<Answers>: Sendable {
    let change: @Sendable (inout Answers) -> Void
    let state: Finding.State
    let what: String
    let fix: String

    init(
        _ change: @escaping @Sendable (inout Answers) -> Void,
        _ state: Finding.State,
        _ what: String,
        _ fix: String = ""
    ) {
        self.change = change
        self.state = state
        self.what = what
        self.fix = fix
    }
}
