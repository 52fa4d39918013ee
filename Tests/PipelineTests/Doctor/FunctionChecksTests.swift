import AWSAccess
import Testing
import UsageCore

@testable import Pipeline

@Suite struct FunctionsCheckTests {
    private func functions(_ logs: Result<Lambda.FunctionConfiguration, ServiceFailure>) -> Deployment.Functions {
        var all = Deployment.Functions()
        for function in DeployedFunction.allCases { all[function] = .success(.init(arn: function.rawValue)) }
        all[.logs] = logs
        return all
    }

    @Test func `functions that are there and active are ready`() {
        let finding = FunctionsCheck.judge(
            functions(.success(.init(arn: "a", lastModified: WallTime(milliseconds: 0), architecture: "arm64")))
        )
        #expect(finding.state == .ok && finding.observed == "3 of 3 are ready")
        #expect(
            finding.details.first == "MultiAccountLogsFunction: arm64, 512 MiB, changed 1970-01-01T00:00:00Z"
        )
    }

    @Test(
        "a function that is missing, failed or cannot be seen is told apart",
        arguments: [
            (
                .failure(refused("Lambda", "GetFunctionConfiguration", code: "ResourceNotFoundException", status: 404)),
                .broken
            ),
            (.failure(denied("Lambda", "GetFunctionConfiguration")), .unknown),
            (.success(.init(arn: "a", state: "Pending")), .warning),
            (.success(.init(arn: "a", state: "Inactive")), .warning),
            (.success(.init(arn: "a", state: "Failed", stateReason: "no role")), .broken),
            (.success(.init(arn: "a", lastUpdate: "Failed", lastUpdateReason: "no key")), .broken),
        ] as [(Result<Lambda.FunctionConfiguration, ServiceFailure>, Finding.State)]
    )
    func states(logs: Result<Lambda.FunctionConfiguration, ServiceFailure>, state: Finding.State) {
        let finding = FunctionsCheck.judge(functions(logs))
        #expect(finding.state == state && finding.observed == "2 of 3 are ready", "\(finding)")
        #expect(finding.problems.first?.what.contains("MultiAccountLogsFunction") == true)
    }
}

@Suite struct ErrorsCheckTests {
    private typealias Sums = ErrorsCheck.Sums

    @Test func `a day without errors is well, and a connector without an index may be silent`() {
        let sums: [DeployedFunction: ErrorsCheck.Sums] = [
            .logs: Sums(invocations: 1200), .processor: Sums(invocations: 288),
        ]
        let finding = ErrorsCheck.judge(sums, hasIndex: false)
        #expect(finding.state == .ok && finding.observed == "last 24 hours: 1,488 invocations, 0 errors")
        #expect(
            ErrorsCheck.judge(sums, hasIndex: true).problems.map(\.what) == [
                "QBusinessConnectorFunction was not invoked"
            ]
        )
    }

    @Test(
        "what Lambda counts against a function is judged",
        arguments: [
            (ErrorsCheck.Sums(), .broken, "was not invoked"),
            (ErrorsCheck.Sums(invocations: 100, errors: 1), .warning, "1 error in 100 invocations"),
            (ErrorsCheck.Sums(invocations: 100, errors: 50), .broken, "50 errors in 100 invocations"),
            (ErrorsCheck.Sums(invocations: 100, throttles: 2), .warning, "held back 2 times"),
            (ErrorsCheck.Sums(invocations: 100, dropped: 3), .broken, "gave up 3 events"),
            (
                ErrorsCheck.Sums(invocations: 100, lost: 1), .broken,
                "1 event of MultiAccountLogsFunction could not be kept"
            ),
        ] as [(ErrorsCheck.Sums, Finding.State, String)]
    )
    func faults(sums: ErrorsCheck.Sums, state: Finding.State, what: String) {
        let finding = ErrorsCheck.judge([.logs: sums, .processor: Sums(invocations: 1)], hasIndex: false)
        #expect(finding.state == state && finding.problems.count == 1, "\(finding)")
        #expect(finding.problems.first?.what.contains(what) == true, "\(finding)")
    }
}

@Suite struct OrganizationCheckTests {
    private func judge(_ json: String) throws -> Finding {
        let answer = AWSAccess.JSONValue(Array(json.utf8))
        return OrganizationCheck.judge(try #require(answer))
    }

    @Test func `the function's own check is taken at its word`() throws {
        #expect(try judge(#"{"check":"account-enrichment","ok":true,"summary":"works"}"#).state == .ok)
        let missing = try judge(
            #"{"ok":false,"summary":"s","missingRights":["organizations:ListAccounts"],"steps":[]}"#
        )
        #expect(missing.state == .broken)
        #expect(missing.problems.first?.what == "the function may not call organizations:ListAccounts")
        #expect(try judge(#"{"ok":false,"summary":"throttled","missingRights":[]}"#).state == .warning)
        #expect(try judge(#"{"ok":false,"steps":[{"outcome":"off"}]}"#).state == .off)
        #expect(OrganizationCheck.failed("Unhandled", "{}").state == .broken)
    }

    @Test func `with the caller's rights the function's own are not known`() {
        var check = EnrichmentCheck()
        check.accountCount = 3
        check.steps = [.init(action: "organizations:ListAccounts", outcome: "ok", detail: "")]
        let whole = OrganizationCheck.judge(check, because: "no function")
        #expect(whole.state == .unknown && whole.observed.contains("with the caller's rights"))
        check.steps = [.init(action: "organizations:ListAccounts", outcome: "denied", detail: "")]
        #expect(OrganizationCheck.judge(check, because: "no function").state == .warning)
    }
}
