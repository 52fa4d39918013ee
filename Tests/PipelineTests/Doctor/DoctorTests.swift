import Synchronization
import TestSupport
import Testing

@testable import AWSAccess
@testable import Pipeline

@Suite struct DoctorTests {
    /// A check that does what a test says.
    private struct Said: DeploymentCheck {
        let name: String
        let body: @Sendable () async throws -> Finding

        func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
            try await body()
        }
    }

    /// Answers nothing: these tests ask nobody.
    private struct Nobody: HTTPTransport {
        func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
            throw AccessFailure.malformedRequest(subject: "test", detail: "nobody is asked")
        }
    }

    private func deployment(
        functions: Deployment.Functions = [:],
        environment: [String: String] = [:],
        sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in try await Self.forever() }
    ) throws -> Deployment {
        let session = try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"],
            credentials: CredentialsCache { _ in Credentials(accessKeyId: "a", secretAccessKey: "b") },
            transport: Nobody(),
            clock: CallClock(sleep: sleep)
        )
        return Deployment(session: session, functions: functions, environment: environment)
    }

    /// Until the task is cancelled.
    private static func forever() async throws {
        while true {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private func run(_ deployment: Deployment, _ checks: [Said]) async throws -> [CheckReport] {
        var reports: [CheckReport] = []
        let doctor = Doctor(deployment, limit: .seconds(3), checks: checks)
        try await doctor.run { reports.append($0) }
        return reports
    }

    @Test func `reports come in the order of the checks, whichever ends first`() async throws {
        let isSecondDone = Mutex(false)
        let reports = try await run(
            try deployment(),
            [
                Said(name: "first") {
                    while !isSecondDone.withLock({ $0 }) { await Task.yield() }
                    return Finding("one")
                },
                Said(name: "second") {
                    isSecondDone.withLock { $0 = true }
                    return Finding("two")
                },
            ]
        )
        #expect(reports.map(\.name) == ["first", "second"] && reports.map(\.finding.observed) == ["one", "two"])
    }

    @Test func `a check that fails keeps no other from its work, and says which right it lacks`() async throws {
        let reports = try await run(
            try deployment(),
            [
                Said(name: "denied") { throw denied("SNS", "ListSubscriptionsByTopic") },
                Said(name: "settings") { throw MissingSettings() }, Said(name: "well") { Finding("well") },
            ]
        )
        #expect(reports.map(\.finding.state) == [.unknown, .unknown, .ok])
        #expect(
            reports[0].finding.problems.first?.fix.hasPrefix("allow the caller sns:ListSubscriptionsByTopic") == true
        )
    }

    @Test func `a check that does not end is given up after its time`() async throws {
        let waited = Mutex<[Duration]>([])
        let deployment = try deployment { duration in waited.withLock { $0.append(duration) } }
        let reports = try await run(
            deployment,
            [
                Said(name: "hangs") {
                    try await Self.forever()
                    return Finding("never")
                }
            ]
        )
        #expect(reports.map(\.finding.state) == [.unknown])
        #expect(reports[0].finding.problems.first?.what == "no end after 3 s")
        #expect(waited.withLock { $0 } == [.seconds(4)])
    }

    @Test func `every check has a name of its own and can be asked for alone`() async throws {
        #expect(Set(Doctor.names).count == Doctor.checks.count)
        var names: [String] = []
        try await Doctor(try deployment(), limit: .seconds(1), only: ["ledger", "sync"]).run { names.append($0.name) }
        #expect(names == ["ledger", "sync"])
    }

    @Test func `settings are the functions' own, and what the environment says goes before`() throws {
        let deployment = try deployment(
            functions: [
                .logs: .success(
                    .init(
                        arn: "a",
                        environment: ["STATE_TABLE": "of-logs", "USAGE_CATALOG": "/var/task/c.json", "PATH": "x"]
                    )
                ),
                .processor: .success(
                    .init(arn: "b", environment: ["STATE_TABLE": "of-processor", "ANOMALY_EVAL_MINUTES": "90"])
                ),
                .connector: .failure(denied("Lambda", "GetFunctionConfiguration")),
            ],
            environment: ["ANOMALY_EVAL_MINUTES": "30", "OPENSEARCH_ENDPOINT": "", "HOME": "h"]
        )
        let settings = try #require(deployment.settings)
        #expect(settings.stateTable == "of-logs" && settings.evaluationMinutes == 30)
        #expect(deployment.ownKeys == ["ANOMALY_EVAL_MINUTES"])
        let finding = SettingsCheck.judge(
            settings,
            problems: [],
            deployed: [.logs, .processor],
            ownKeys: deployment.ownKeys
        )
        #expect(
            finding
                == Finding(
                    "state table of-logs; from 2 deployed functions, then this environment (ANOMALY_EVAL_MINUTES)"
                )
        )
    }

    @Test func `settings that cannot be used are broken, each with its problem`() throws {
        let deployment = try deployment(environment: ["ANOMALY_EVAL_MINUTES": "soon"])
        #expect(deployment.settings == nil)
        let finding = SettingsCheck.judge(nil, problems: deployment.settingsProblems, deployed: [], ownKeys: [])
        #expect(finding.state == .broken && finding.problems.count == 2)
    }

    @Test func `whose credentials these are is said, and nothing else of them`() {
        let caller = STS.CallerIdentity(account: "111122223333", arn: "arn:aws:sts::111122223333:assumed-role/r/s")
        #expect(CredentialsCheck.judge(.success(caller)).state == .ok)
        let expired = refused("STS", "GetCallerIdentity", code: "ExpiredToken", status: 403)
        #expect(CredentialsCheck.judge(.failure(expired)).state == .broken)
    }

    @Test func `the text of a report stays as it is`() throws {
        let fix = "mend it"
        let reports = [
            CheckReport(name: "credentials", finding: Finding("arn:aws:sts::111122223333:assumed-role/r/s")),
            CheckReport(
                name: "trail",
                finding: Finding(
                    "org-trail-usage",
                    details: ["Lambda invocations are recorded"],
                    problems: [
                        .init(.broken, "it is off\n\u{1B}[31m", fix: fix), .init(.warning, "one Region", fix: fix),
                        .init(.unknown, "its events", fix: "allow the caller cloudtrail:GetEventSelectors"),
                    ]
                )
            ),
            CheckReport(name: "sync", finding: .off("there is no index")),
            CheckReport(name: "costs", finding: .unknown("no end after 10 s", fix: "give it more time")),
        ]
        let text = reports.map { $0.text + "\n" }.joined() + reports.map { $0.json + "\n" }.joined()
        #expect(try Golden.compare(text, with: "doctor.txt") == .same)
    }
}
