import AWSAccess
import Pipeline
import Testing
import UsageCore

@Suite struct OrganizationDirectoryTests {
    private static let path = "o-exampleorgid/r-1/ou-1/ou-2/"

    private func session(_ script: OrganizationScript, _ time: HandClock) throws -> AWSSession {
        try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"],
            credentials: CredentialsCache { _ in
                Credentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: nil)
            },
            transport: script,
            policy: RetryPolicy(mostTries: 1),
            clock: time.clock
        )
    }

    private func directory(
        _ script: OrganizationScript,
        _ time: HandClock = HandClock(),
        table: String? = nil
    ) throws -> OrganizationDirectory {
        OrganizationDirectory(session: try session(script, time), stateTable: table, readsUnits: true)
    }

    private var far: ContinuousClock.Instant { .now + .seconds(60) }

    @Test func `an account has its name, its tags and its units`() async throws {
        let script = OrganizationScript(
            [
                "111122223333": .init(
                    name: "prod-main",
                    tags: ["CostCenter": "42"],
                    paths: Self.path + "111122223333/"
                )
            ],
            units: ["ou-1": "Workloads", "ou-2": "Prod"]
        )
        let found = try await directory(script).contexts(of: ["111122223333"], deadline: far)["111122223333"]
        #expect(found?.alias == "prod-main")
        #expect(found?.type == "production")
        #expect(found?.ouPath == "Root/Workloads/Prod")
        #expect(found?.costCenter == "42")
        #expect(found?.contextMissing == false)
    }

    @Test func `without paths the way up leads to the units`() async throws {
        let script = OrganizationScript(["111122223333": .init(name: "web")], units: ["ou-1": "Sandbox"])
        let found = try await directory(script).contexts(of: ["111122223333"], deadline: far)["111122223333"]
        #expect(found?.ouPath == "Root/Sandbox")
        #expect(found?.type == "sandbox")
    }

    @Test func `what is known is not asked for again before it is old, and then the old answer is given at once`()
        async throws
    {
        let script = OrganizationScript(["111122223333": .init(name: "web")], units: ["ou-1": "Dev"])
        let time = HandClock()
        let directory = try directory(script, time)
        _ = await directory.contexts(of: ["111122223333"], deadline: far)
        let first = script.operations.count
        time.advance(3600)
        _ = await directory.contexts(of: ["111122223333", "111122223333"], deadline: far)
        #expect(script.operations.count == first)
        time.advance(6 * 3600)
        let old = await directory.contexts(of: ["111122223333"], deadline: far)["111122223333"]
        #expect(old?.alias == "web")
        await directory.refresh(deadline: far)
        #expect(script.count("DescribeAccount") == 2)
    }

    @Test func `an account that nobody knows is missing, and is asked for again after a while`() async throws {
        let script = OrganizationScript([:])
        let time = HandClock()
        let directory = try directory(script, time)
        for _ in 0..<3 {
            let found = await directory.contexts(of: ["444455556666"], deadline: far)["444455556666"]
            #expect(found?.contextMissing == true)
        }
        #expect(script.count("DescribeAccount") == 1)
        time.advance(16 * 60)
        _ = await directory.contexts(of: ["444455556666"], deadline: far)
        await directory.refresh(deadline: far)
        #expect(script.count("DescribeAccount") == 2)
    }

    @Test func `a refusal is no answer: the organization is left alone for a minute and asked again then`() async throws
    {
        let script = OrganizationScript(
            ["111122223333": .init(name: "web")],
            units: ["ou-1": "Dev"],
            refusals: ["DescribeAccount": "AccessDeniedException"]
        )
        let time = HandClock()
        let directory = try directory(script, time)
        for _ in 0..<3 {
            #expect(
                await directory.contexts(of: ["111122223333"], deadline: far)["111122223333"]?.contextMissing == true
            )
        }
        #expect(script.count("DescribeAccount") == 1)
        #expect(await directory.lastRefusal?.kind == .accessDenied)
        script.forgive()
        time.advance(61)
        #expect(await directory.contexts(of: ["111122223333"], deadline: far)["111122223333"]?.alias == "web")
    }

    @Test func `storing goes on after the longest wait, and what was begun ends before the response`() async throws {
        let script = OrganizationScript(["111122223333": .init(name: "web")], units: ["ou-1": "Dev"], isHeld: true)
        let time = HandClock()
        let directory = try directory(script, time)
        async let early = directory.contexts(of: ["111122223333"], deadline: far)
        while time.sleeping == 0 { await Task.yield() }
        time.wake()
        #expect(await early["111122223333"]?.contextMissing == true)
        script.release()
        await directory.refresh(deadline: far)
        let late = await directory.contexts(of: ["111122223333"], deadline: far)["111122223333"]
        #expect(late?.alias == "web")
        #expect(script.count("DescribeAccount") == 1)
    }

    @Test func `many unknown accounts cost one listing instead of a call each`() async throws {
        let ids = (0..<40).map { String(100_000_000_000 + $0) }
        let script = OrganizationScript(
            ids.dropLast().reduce(into: [:]) {
                $0[$1] = .init(name: "web-\($1)", paths: "o-exampleorgid/r-1/ou-1/\($1)/")
            },
            units: ["ou-1": "Dev"]
        )
        let found = try await directory(script).contexts(of: ids, deadline: far)
        #expect(found.values.count { !$0.contextMissing } == 39)
        #expect(found[ids[39]]?.contextMissing == true)
        #expect(script.count("ListAccounts") == 1)
        #expect(script.count("DescribeAccount") == 0)
        #expect(script.count("DescribeOrganizationalUnit") <= OrganizationDirectoryTests.atOnce)
        #expect(script.count("ListTagsForResource") == 39)
    }

    /// Units may be asked for by as many lookups as run at once before the first answer is remembered.
    private static let atOnce = 4

    @Test func `a second process takes from the state table what the first has found out`() async throws {
        let script = OrganizationScript(["111122223333": .init(name: "web")], units: ["ou-1": "Dev"])
        let time = HandClock()
        _ = try await directory(script, time, table: "usage-state").contexts(of: ["111122223333"], deadline: far)
        script.clear()
        let found = try await directory(script, time, table: "usage-state").contexts(
            of: ["111122223333"],
            deadline: far
        )["111122223333"]
        #expect(found?.alias == "web")
        #expect(found?.ouPath == "Root/Dev")
        #expect(script.operations == ["BatchGetItem"])
    }

    @Test func `what is no account id is missing and asked of nobody`() async throws {
        let script = OrganizationScript([:])
        let found = try await directory(script).contexts(of: ["", "anonymous", "1234"], deadline: far)
        #expect(found.count == 3)
        #expect(found.values.allSatisfy { $0.contextMissing })
        #expect(script.operations.isEmpty)
    }

    @Test func `the self-test names each right that is missing`() async throws {
        let script = OrganizationScript(
            ["111122223333": .init(name: "main")],
            refusals: [
                "ListAccounts": "AccessDeniedException", "ListTagsForResource": "AccessDeniedException",
            ]
        )
        let check = await EnrichmentCheck.run(
            session: try session(script, HandClock()),
            stateTable: "usage-state",
            deadline: far
        )
        #expect(check.accountId == "111122223333")
        #expect(check.missingRights == ["organizations:ListAccounts", "organizations:ListTagsForResource"])
        #expect(!check.isWhole)
        #expect(
            check.summary.hasPrefix("missing rights: organizations:ListAccounts, organizations:ListTagsForResource; ")
        )
        let json = try UsageCore.JSONValue.parse(Array(check.json.utf8))
        #expect(json["ok"] == .bool(false))
        #expect(json["steps"]?.array?.count == check.steps.count)
    }

    @Test func `the self-test of a function with all rights says how many accounts it can tell apart`() async throws {
        let script = OrganizationScript(
            ["111122223333": .init(name: "main", paths: "o-exampleorgid/r-1/ou-1/111122223333/")],
            units: ["ou-1": "Security"]
        )
        let check = await EnrichmentCheck.run(
            session: try session(script, HandClock()),
            stateTable: "usage-state",
            deadline: far
        )
        #expect(check.isWhole)
        #expect(check.accountCount == 1)
        #expect(check.context?.ouPath == "Root/Security")
        #expect(check.summary == "account enrichment works: 1 account can be told apart")
        let off = await EnrichmentCheck.run(
            session: try session(script, HandClock()),
            stateTable: nil,
            isOn: false,
            deadline: far
        )
        #expect(off.summary.contains("ENABLE_ACCOUNT_ENRICHMENT"))
    }
}
