import AWSAccess
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

/// The state table against the strict stand-in: what is in it after deliveries and faults of all kinds.
@Suite(
    "State table against the strict stand-in",
    .serialized,
    .enabled(if: StrictAWS.isAvailable, "needs ../shared/tools/strict_aws.py and python3 with moto[server]")
)
struct StateTableTests {
    private static let stand = Result { try StrictAWS() }
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    private static let arrival = start + 3 * 86400

    private let aws: StrictAWS
    private let catalog: UsageCatalog

    init() throws {
        aws = try Self.stand.get()
        catalog = try UsageCatalog.builtIn()
    }

    /// An empty table, seen by a process that knows nothing yet.
    private func fresh() async throws -> StateTable {
        _ = try await aws.session()
        try await aws.makeTable("state")
        return try await table()
    }

    /// The same table, seen by another process, with faults to come.
    private func table(rules: String = "[]") async throws -> StateTable {
        let session = try await aws.session(rules: rules, keeping: true, clock: LeapingTime().clock)
        var table = StateTable(session: session, table: "state", catalog: catalog, retentionDays: 30)
        table.countersPerPart = 5
        return table
    }

    private func expectNoViolation() async throws {
        let violations = try await aws.violations()
        #expect(violations == [])
    }

    private var soon: ContinuousClock.Instant { .now + .seconds(240) }

    /// Launches and volumes record by record, invocations of two functions' worth of counters in two accounts and many intervals.
    private func items(_ numbers: Range<Int>) throws -> [WatchedItem] {
        var one = RecordText()
        var texts: [String] = []
        for number in numbers {
            one.account = number.isMultiple(of: 3) ? "111122223333" : "444455556666"
            let seconds = Self.start + Int64(number) * 11_000
            texts.append(
                one.call("Invoke", source: "lambda.amazonaws.com", at: seconds, id: number, more: #""readOnly":false,"#)
            )
            if number.isMultiple(of: 4) { texts.append(one.launch(2, "m5.large", at: seconds, id: 10_000 + number)) }
        }
        return try WatchedItems(texts, catalog).items
    }

    private func add(_ items: [WatchedItem], _ batch: String, to table: StateTable) async throws -> StateReport {
        try await table.add(items, batch: batch, receivedAt: Self.arrival, deadline: soon)
    }

    @Test func `deliveries of any number and order leave the same items`() async throws {
        let (one, two) = (try items(0..<13), try items(10..<24))
        let undisturbed = try await fresh()
        let report = try await add(one, "one", to: undisturbed)
        #expect(report.stored == 4 && report.counted == 13 && report.repeated == 0 && report.countedBefore == 0)
        let other = try await add(two, "two", to: undisturbed)
        // Of the launches one came before; counters know batches only.
        #expect(other.stored == 2 && other.repeated == 1 && other.counted == 14)
        let expected = try await aws.items(of: "state")

        let again = try await fresh()
        var random = SeededRandom(state: 3)
        for batch in ["two", "one", "two", "one", "one", "one", "one"] {
            let items = (batch == "one" ? one : two).shuffled(using: &random)
            _ = try await add(items, batch, to: try await table())
        }
        let last = try await add(one, "one", to: again)
        #expect(last.stored == 0 && last.repeated == 4 && last.counted == 0 && last.countedBefore == 13)
        #expect(try await aws.items(of: "state") == expected)
        try await expectNoViolation()
    }

    @Test func `a crash after any write and a second delivery leave what one delivery leaves`() async throws {
        let items = try items(0..<13)
        _ = try await add(items, "one", to: try await fresh())
        let expected = try await aws.items(of: "state")
        let writes = try await aws.counts().reduce(0) { $1.key == "dynamodb.CreateTable" ? $0 : $0 + $1.value } - 1
        #expect(writes >= 9)
        for done in 0..<writes {
            _ = try await fresh()
            let dying = try await table(
                rules:
                    #"[{"service":"dynamodb","operation":"*","skip":\#(done),"do":{"error":"AccessDeniedException"}}]"#
            )
            await #expect(throws: ServiceFailure.self) { try await add(items, "one", to: dying) }
            _ = try await add(items, "one", to: try await table())
            #expect(try await aws.items(of: "state") == expected, "after \(done) writes")
        }
        try await expectNoViolation()
    }

    @Test(
        "answers that are lost, conflicts and throttling pass, and nothing is added twice",
        arguments: [
            ("TransactWriteItems", #"{"truncate":1}"#), ("PutItem", #"{"truncate":1}"#),
            ("UpdateItem", #"{"truncate":1}"#), ("*", #"{"reset":true}"#),
            ("*", #"{"error":"ProvisionedThroughputExceededException"}"#), ("*", #"{"status":503,"body":""}"#),
            (
                "TransactWriteItems",
                #"""
                {"status":400,"body":{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "message":"cancelled","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}}
                """#
            ),
        ]
    )
    func passing(operation: String, fault: String) async throws {
        let items = try items(0..<13)
        _ = try await add(items, "one", to: try await fresh())
        let expected = try await aws.items(of: "state")
        _ = try await fresh()
        let faulty = try await table(
            rules: #"[{"service":"dynamodb","operation":"\#(operation)","times":7,"do":\#(fault)}]"#
        )
        _ = try await add(items, "one", to: faulty)
        #expect(try await aws.items(of: "state") == expected)
        try await expectNoViolation()
    }

    @Test(
        "what lasts makes the addition fail with its reason before the deadline",
        arguments: [
            (#"{"error":"ProvisionedThroughputExceededException"}"#, ServiceRefusal.Kind.throttled),
            (#"{"error":"AccessDeniedException"}"#, .accessDenied),
            (#"{"error":"InternalServerError","status":500}"#, .unavailable),
        ]
    )
    func lasting(fault: String, kind: ServiceRefusal.Kind) async throws {
        _ = try await fresh()
        let faulty = try await table(rules: #"[{"service":"dynamodb","operation":"*","do":\#(fault)}]"#)
        let items = try items(0..<5)
        await #expect {
            try await add(items, "one", to: faulty)
        } throws: { ($0 as? ServiceFailure)?.kind == kind }
    }

    @Test func `a table that is missing is said to be`() async throws {
        let session = try await aws.session(clock: LeapingTime().clock)
        let table = StateTable(session: session, table: "nowhere", catalog: catalog, retentionDays: 30)
        let items = try items(0..<2)
        await #expect {
            try await add(items, "one", to: table)
        } throws: { error in
            (error as? ServiceFailure)?.kind == .notFound && "\(error)".contains("ResourceNotFoundException")
        }
    }

    @Test func `a record that no item can hold is handed back with its reason, the others are stored`() async throws {
        let table = try await fresh()
        var items = try items(0..<5).filter { catalog.usages[$0.usage].isLowVolume }
        let filler = String(repeating: "x", count: 420_000)
        items[1].body = Array(#"{"x":"\#(filler)"}"#.utf8)
        let report = try await add(items, "one", to: table)
        #expect(report.stored == 1)
        #expect(report.refused.map(\.index) == [1] && report.refused.map(\.reason) == ["too-large"])
        #expect(report.refused.first?.detail.hasPrefix("record of 420008 bytes: ") == true)
        #expect(report.refused.first?.detail.contains("\n") == false)
        try await expectNoViolation()
    }

    @Test func `names of any length and kind become keys that DynamoDB takes and tell records apart`() async throws {
        let table = try await fresh()
        let model = try #require(catalog.usages.firstIndex { $0.name == "bedrock-invoke-model" })
        let launch = try #require(catalog.usages.firstIndex { $0.name == "ec2-run-instances" })
        let long = String(repeating: "#\u{1F600}", count: 900)
        var items: [WatchedItem] = []
        for (index, text) in ["", "a#b", "a%23b", long + "1", long + "2", "\n\u{0}\u{202E}", "="].enumerated() {
            for usage in [model, launch] {
                items.append(
                    WatchedItem(
                        account: text,
                        region: text,
                        seconds: Self.start + Int64(index),
                        identity: text,
                        usage: usage,
                        quantity: 1,
                        kind: text,
                        body: Array("{}".utf8)
                    )
                )
            }
        }
        let report = try await add(items, "one", to: table)
        #expect(report.stored == 7 && report.counted == 7)
        let stored = try await aws.items(of: "state")
        #expect(stored.count { $0.contains(##""records#2026-01-05"##) } == 7)
        #expect(stored.count { $0.contains(##""counts#2026-01-05"##) } == 7)
        #expect(stored.count { $0.contains(#"{"S":"accounts"}"#) } == 7)
        try await expectNoViolation()
    }

    @Test func `a counter has the sum of its records, and a full transaction is taken`() async throws {
        var table = try await fresh()
        table.countersPerPart = CounterBatch.partSize
        var items = try items(0..<120).filter { !catalog.usages[$0.usage].isLowVolume }
        for index in items.indices { items[index].quantity = Double(index) + 1.0 / 1024 }
        let report = try await add(items + items, "one", to: table)
        #expect(report.counted == 240)
        let counters = try await aws.items(of: "state").filter { $0.contains(##""counts#"##) }
        #expect(counters.count == 120)
        #expect(counters.count { $0.contains(#""records":{"N":"2"}"#) } == 120)
        #expect(counters.contains { $0.contains(#""quantity":{"N":"238.001953125"}"#) })
        let counts = try await aws.counts()
        #expect(counts["dynamodb.TransactWriteItems"] == 2)
        try await expectNoViolation()
    }

    @Test func `what is known of an account's time is not written again`() async throws {
        let table = try await fresh()
        _ = try await add(try items(40..<48), "one", to: table)
        #expect(try await aws.counts()["dynamodb.UpdateItem"] == 4)
        _ = try await add(try items(43..<46), "two", to: table)
        #expect(try await aws.counts()["dynamodb.UpdateItem"] == 4)
        // Another process does not know, and narrows nothing.
        _ = try await add(try items(43..<46), "three", to: try await self.table())
        let accounts = try await aws.items(of: "state").filter { $0.contains(#"{"S":"accounts"}"#) }
        // In the order of their first records: 40 and 42 are the first of theirs, 47 and 45 the last, in whole minutes.
        let times = [40, 42].map { Self.start + $0 * 11_000 }
        let lasts = [47, 45].map { (Self.start + $0 * 11_000) / 60 * 60 }
        #expect(
            accounts.map { String($0.prefix { $0 != "p" }) }
                == zip(times, lasts).map { #"{"first":{"N":"\#($0)"},"last":{"N":"\#($1)"},""# }
        )
        _ = try await add(try items(0..<10), "four", to: table)
        let wider = try await aws.items(of: "state").filter { $0.contains(#"{"S":"accounts"}"#) }
        #expect(wider[0].contains(#""first":{"N":"\#(Self.start)"}"#))
        try await expectNoViolation()
    }

    @Test func `records and counters end with their retention, marks with the last delivery that may come`()
        async throws
    {
        _ = try await add(try items(0..<1), "one", to: try await fresh())
        let lines = try await aws.items(of: "state")
        func expiry(_ prefix: String) -> String? {
            let line = lines.first { $0.contains("{\"S\":\"\(prefix)") }
            return line?.firstRange(of: #""expiresAt":{"N":""#).map { mark in
                String((line ?? "")[mark.upperBound...].prefix { $0.isNumber })
            }
        }
        #expect(expiry("records#") == String(Self.start + 30 * 86400))
        #expect(expiry("counts#") == String(Self.start + 30 * 86400))
        #expect(expiry("batch#") == String(Self.arrival + 15 * 86400))
        #expect(expiry("accounts") == nil)
    }
}
