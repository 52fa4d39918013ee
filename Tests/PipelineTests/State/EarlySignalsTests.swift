import AWSAccess
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

/// Limits, hints and signals in a table and on a bus that are held strictly.
@Suite(
    "Early signals against the strict stand-in",
    .serialized,
    .enabled(if: StrictAWS.isAvailable, "needs ../shared/tools/strict_aws.py and python3 with moto[server]")
)
struct EarlySignalsTests {
    private static let stand = Result { try StrictAWS() }
    /// In the middle of an interval.
    private static let now: Int64 = 1_767_571_320  // 2026-01-05T00:02:00Z
    private static let interval: Int64 = 1_767_571_200
    private static let bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"

    private let aws: StrictAWS
    private let catalog: UsageCatalog
    private let lines = WrittenLines()

    init() throws {
        aws = try Self.stand.get()
        catalog = try UsageCatalog.builtIn()
    }

    private var soon: ContinuousClock.Instant { .now + .seconds(240) }

    private func fresh() async throws {
        _ = try await aws.session()
        try await aws.makeTable("state")
    }

    private func session(rules: String = "[]") async throws -> AWSSession {
        try await aws.session(rules: rules, keeping: true, clock: LeapingTime().clock)
    }

    private func table(_ session: AWSSession) -> StateTable {
        var table = StateTable(session: session, table: "state", catalog: catalog, retentionDays: 30)
        table.keepsHints = true
        table.countersPerPart = 5
        return table
    }

    private func usage(_ name: String) throws -> Int { try #require(catalog.usages.firstIndex { $0.name == name }) }

    private func items(_ usage: String, _ quantities: [Double], callers: CallerClass = .others) throws -> [WatchedItem]
    {
        try quantities.enumerated().map { index, quantity in
            WatchedItem(
                account: "111122223333",
                region: "eu-central-1",
                seconds: Self.interval + Int64(index % 100),
                identity: "\(usage) \(index) \(quantity)",
                usage: try self.usage(usage),
                quantity: quantity,
                kind: index.isMultiple(of: 2) ? "m5" : "g5",
                callers: callers,
                body: Array("{}".utf8)
            )
        }
    }

    private func limit(_ usage: String, _ callers: CallerClass, _ limit: Double) throws -> CountLimit {
        CountLimit(
            usage: try self.usage(usage),
            account: "111122223333",
            region: "eu-central-1",
            callers: callers,
            limit: limit
        )
    }

    private func leave(_ entities: [CountLimit], accounts: [String] = [], at now: Int64 = now) async throws -> Int {
        var limits = CountLimits()
        limits.entities = entities
        limits.accounts = accounts
        return try await table(try await session()).leave(limits, now: now, deadline: soon)
    }

    private func add(_ items: [WatchedItem], _ batch: String, to table: StateTable) async throws -> Set<CountedInterval>
    {
        try await table.add(items, batch: batch, receivedAt: Self.now, deadline: soon).touched
    }

    private func signals(_ table: StateTable, _ session: AWSSession, target: String = bus) -> EarlySignals {
        EarlySignals(table: table, target: target, session: session)
    }

    private func raise(_ touched: Set<CountedInterval>, _ signals: EarlySignals) async -> EarlySignals.Outcome {
        await signals.raise(
            touched,
            receivedAt: Self.now,
            log: Log(level: .info, writer: lines.writer),
            deadline: soon
        )
    }

    /// Adds a batch as a process does that has just started, and raises what there is to raise.
    private func take(_ items: [WatchedItem], _ batch: String) async throws -> Int {
        let session = try await session()
        let table = table(session)
        return await raise(try await add(items, batch, to: table), signals(table, session)).sent
    }

    @Test func `a count that reaches its limit is told once for each doubling, whoever counts and however often`()
        async throws
    {
        try await fresh()
        #expect(try await leave([limit("ec2-run-instances", .others, 12)]) == 1)
        #expect(try await take(items("ec2-run-instances", [5, 6]), "a") == 0)
        #expect(try await take(items("ec2-run-instances", [1]), "b") == 1)
        // Again, in a batch that came before, and in another below the next step.
        #expect(try await take(items("ec2-run-instances", [1]), "b") == 0)
        #expect(try await take(items("ec2-run-instances", [5]), "c") == 0)
        // Over two steps at once: one signal.
        #expect(try await take(items("ec2-run-instances", [80]), "d") == 1)
        #expect(try await take(items("ec2-run-instances", [80], callers: .controllers), "e") == 0)
        let hints = try await aws.items(of: "state").filter { $0.contains(##""hints#2026-01-05"##) }
        #expect(hints.count == 2)
        #expect(hints.contains { $0.contains(#""quantity":{"N":"97"}"#) && $0.contains("others") })
        let counts = try await aws.counts()
        #expect(counts["events.PutEvents"] == 2)
        #expect(lines.all.count { $0.contains("early signal: sent") && $0.contains(#""limit":12"#) } == 2)
        #expect(try await aws.violations() == [])
    }

    @Test func `counters of high volume are held against limits too, whole or told apart by kind`() async throws {
        try await fresh()
        let left = try [limit("lambda-invoke", .all, 1000), limit("bedrock-invoke-model", .all, 500)]
        #expect(try await leave(left) == 2)
        var lambda = try items("lambda-invoke", Array(repeating: 1, count: 999))
        for index in lambda.indices { lambda[index].kind = "" }
        #expect(try await take(lambda, "a") == 0)
        #expect(try await take(Array(lambda.prefix(1)), "b") == 1)
        #expect(try await take(items("bedrock-invoke-model", [250, 249]), "c") == 0)
        #expect(try await take(items("bedrock-invoke-model", [1]), "d") == 1)
        // What has a counter of its own has no hint.
        #expect(try await aws.items(of: "state").count { $0.contains(##""hints#"##) } == 1)
        #expect(try await aws.violations() == [])
    }

    @Test func `what an account that is known for long has never done has the limit of a first burst`() async throws {
        try await fresh()
        #expect(try await take(items("rds-create-db-instance", [9]), "a") == 0)
        #expect(try await leave([], accounts: ["111122223333"]) == 1)
        // Two are told of this usage, of controllers nothing.
        #expect(try await take(items("rds-create-db-instance", [1]), "b") == 1)
        #expect(try await take(items("rds-create-db-instance", [9], callers: .controllers), "c") == 0)
        #expect(try await aws.violations() == [])
    }

    @Test func `parallel functions send one signal`() async throws {
        try await fresh()
        _ = try await leave([limit("ec2-run-instances", .others, 12)])
        let session = try await session()
        let table = table(session)
        let touched = try await add(try items("ec2-run-instances", [20]), "a", to: table)
        let sent = await withTaskGroup(of: Int.self) { group in
            for number in 0..<6 {
                let clock = CallClock(random: { Double(number) / 6 })
                let session = try? AWSSession(
                    environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "\(aws.endpoint)"],
                    credentials: session.credentials,
                    transport: session.transport,
                    clock: clock
                )
                guard let session else { continue }
                group.addTask { await raise(touched, signals(self.table(session), session)).sent }
            }
            return await group.reduce(0, +)
        }
        #expect(sent == 1)
        #expect(try await aws.counts()["events.PutEvents"] == 1)
    }

    @Test(
        "what fails is told and counted, and the records are not concerned",
        arguments: [
            #"{"service":"events","operation":"PutEvents","do":{"error":"AccessDeniedException","status":400}}"#,
            #"""
            {"service":"events","operation":"PutEvents","do":{"status":200,"body":
            {"FailedEntryCount":1,"Entries":[{"ErrorCode":"NotAuthorizedForSourceException","ErrorMessage":"no"}]}}}
            """#,
            #"{"service":"dynamodb","operation":"BatchGetItem","do":{"error":"AccessDeniedException"}}"#,
            #"{"service":"dynamodb","operation":"PutItem","skip":1,"do":{"error":"AccessDeniedException"}}"#,
        ]
    )
    func failing(rule: String) async throws {
        try await fresh()
        _ = try await leave([limit("ec2-run-instances", .others, 12)])
        let session = try await session(rules: "[\(rule)]")
        let table = table(session)
        let touched = try await add(try items("ec2-run-instances", [20]), "a", to: table)
        let outcome = await raise(touched, signals(table, session))
        #expect(outcome == EarlySignals.Outcome(sent: 0, failed: 1))
        let line = try #require(lines.all.first { $0.contains("early signal: not sent") })
        #expect(line.contains(#""level":"ERROR""#))
    }

    @Test(
        "what passes is tried again and sent once",
        arguments: [
            #"{"service":"events","operation":"PutEvents","times":1,"do":{"status":503,"body":""}}"#,
            #"""
            {"service":"events","operation":"PutEvents","times":1,"do":{"status":200,"body":
            {"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException","ErrorMessage":"slow"}]}}}
            """#,
            #"{"service":"dynamodb","operation":"PutItem","skip":1,"times":1,"do":{"truncate":1}}"#,
        ]
    )
    func passing(rule: String) async throws {
        try await fresh()
        _ = try await leave([limit("ec2-run-instances", .others, 12)])
        let session = try await session(rules: "[\(rule)]")
        let table = table(session)
        let touched = try await add(try items("ec2-run-instances", [20]), "a", to: table)
        #expect(await raise(touched, signals(table, session)) == EarlySignals.Outcome(sent: 1, failed: 0))
        #expect(try await take(items("ec2-run-instances", [20]), "a") == 0)
        #expect(try await aws.violations() == [])
    }

    @Test func `limits are written where they are new, have changed or grow old, and end with their day`() async throws
    {
        try await fresh()
        let many = try (1...60).map { number in
            CountLimit(
                usage: try usage("ec2-run-instances"),
                account: "1111222233\(String(number + 10))",
                region: "eu-central-1",
                callers: .others,
                limit: Double(number)
            )
        }
        #expect(try await leave(many, accounts: ["111122223333"]) == 61)
        let writes = try await aws.counts()["dynamodb.BatchWriteItem"]
        #expect(writes == 3)
        #expect(try await leave(many, accounts: ["111122223333"], at: Self.now + 3600) == 0)
        let changed = many.prefix(10).map {
            CountLimit(usage: $0.usage, account: $0.account, region: $0.region, callers: .others, limit: $0.limit * 1.3)
        }
        #expect(try await leave(changed + many.dropFirst(10), at: Self.now + 3600) == 10)
        #expect(try await leave(many, accounts: ["111122223333"], at: Self.now + 46_000) == 61)
        // Nobody has evaluated for a day: the limits are none any more, whether deleted or not.
        try await fresh()
        _ = try await leave([limit("ec2-run-instances", .others, 12)], at: Self.now - 86_400)
        #expect(try await take(items("ec2-run-instances", [20]), "a") == 0)
        #expect(try await aws.violations() == [])
    }

    @Test func `what is known is not read again, and old intervals are left alone`() async throws {
        try await fresh()
        _ = try await leave([limit("ec2-run-instances", .others, 12)])
        let session = try await session()
        let table = table(session)
        let signals = signals(table, session)
        let touched = try await add(try items("ec2-run-instances", [20]), "a", to: table)
        #expect(await raise(touched, signals).sent == 1)
        let before = try await aws.counts()
        #expect(await raise(touched, signals).sent == 0)
        let after = try await aws.counts()
        // One look at the counts, none at the limits, no try to note what is noted.
        #expect((after["dynamodb.BatchGetItem"] ?? 0) - (before["dynamodb.BatchGetItem"] ?? 0) == 1)
        #expect(after["dynamodb.PutItem"] == before["dynamodb.PutItem"])
        let old = Set(touched.map { CountedInterval(entity: $0.entity, start: $0.start - 86_400) })
        #expect(await raise(old, signals) == EarlySignals.Outcome())
        #expect(try await aws.counts()["dynamodb.BatchGetItem"] == after["dynamodb.BatchGetItem"])
    }

    @Test func `a crash after any write and a second delivery leave the hints of one delivery`() async throws {
        let batch = try items("ec2-run-instances", [2, 3]) + items("bedrock-invoke-model", [4, 5])
        try await fresh()
        _ = try await add(batch, "one", to: table(try await session()))
        let expected = try await aws.items(of: "state")
        let writes = try await aws.counts().reduce(0) { $1.key == "dynamodb.CreateTable" ? $0 : $0 + $1.value } - 1
        #expect(writes >= 5)
        for done in 0..<writes {
            try await fresh()
            let rule =
                #"[{"service":"dynamodb","operation":"*","skip":\#(done),"do":{"error":"AccessDeniedException"}}]"#
            let dying = table(try await session(rules: rule))
            await #expect(throws: ServiceFailure.self) { try await add(batch, "one", to: dying) }
            _ = try await add(batch, "one", to: table(try await session()))
            #expect(try await aws.items(of: "state") == expected, "after \(done) writes")
        }
    }

    @Test(arguments: [
        (bus, SignalTarget.bus(bus)),
        ("arn:aws-cn:lambda:cn-north-1:1:function:f", .function("arn:aws-cn:lambda:cn-north-1:1:function:f")),
    ]) func `the service in the ARN says how a signal goes`(arn: String, target: SignalTarget) {
        #expect(SignalTarget(arn: arn) == target)
    }
}
