import AWSAccess
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

@Suite(
    "Ledger against the strict stand-in",
    .serialized,
    .enabled(if: StrictAWS.isAvailable, "needs ../shared/tools/strict_aws.py and python3 with moto[server]")
)
struct LedgerTests {
    private static let stand = Result { try StrictAWS() }
    private static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z

    private let aws: StrictAWS

    init() throws { aws = try Self.stand.get() }

    private func table(rules: String = "[]", keeping: Bool = true) async throws -> StateTable {
        if !keeping {
            _ = try await aws.session()
            try await aws.makeTable("state")
        }
        let session = try await aws.session(rules: rules, keeping: true, clock: LeapingTime().clock)
        return StateTable(session: session, table: "state", catalog: try UsageCatalog.builtIn(), retentionDays: 30)
    }

    private func counts(_ stored: Int, duplicates: Int = 0, unresolved: Int = 0) -> IngestReport {
        var counts = IngestReport()
        counts.received = stored + duplicates + unresolved
        (counts.stored, counts.duplicates, counts.unresolved) = (stored, duplicates, unresolved)
        return counts
    }

    private func enter(
        _ streams: [String: IngestReport],
        at seconds: Int64 = 0,
        by invocation: Int,
        to table: StateTable
    ) async throws {
        try await table.enter(
            streams,
            receivedAt: Self.start + seconds,
            invocation: Digest128(of: "\(invocation)"),
            deadline: .now + .seconds(240)
        )
    }

    @Test func `tries of any number add up by stream and hour, and the hours are told apart`() async throws {
        let table = try await table(keeping: false)
        let hostile = "a#b\n\u{0}\u{202E}" + String(repeating: "é", count: 300)
        for invocation in 0..<20 {
            let streams = ["a": counts(invocation, duplicates: 1), hostile: counts(1, unresolved: 2)]
            try await enter(streams, at: Int64(invocation) * 600, by: invocation, to: table)
        }
        let entries = try await table.ledger(from: Self.start, to: Self.start + 86400)
        #expect(entries.map(\.hour) == [0, 0, 1, 1, 2, 2, 3, 3].map { Self.start + $0 * 3600 })
        #expect(entries.filter { $0.stream == "a" }.map(\.counts.stored) == [15, 51, 87, 37])
        #expect(entries.filter { $0.stream == hostile }.map(\.counts.unresolved) == [12, 12, 12, 4])
        #expect(entries.allSatisfy { $0.counts.isBalanced })
        let part = try await table.ledger(from: Self.start + 3600, to: Self.start + 7200)
        #expect(part == entries.filter { $0.hour == Self.start + 3600 })
        #expect(try await table.ledger(from: Self.start, to: Self.start).isEmpty)
        let items = try await aws.items(of: "state").filter { $0.contains(##"{"S":"ledger#2026-01-05"##) }
        // Invocations spread over the lanes, and the time to live is that of the records.
        #expect(items.count > entries.count)
        let expiries = (0..<4).map { (hour: Int64) -> String in
            #""expiresAt":{"N":"\#(Self.start + hour * 3600 + 30 * 86400)""#
        }
        #expect(items.allSatisfy { item in expiries.contains { item.contains($0) } })
        #expect(try await aws.violations() == [])
    }

    @Test(
        "a write that is lost, cut off or refused for a while counts once",
        arguments: [
            #"{"truncate":1}"#, #"{"reset":true}"#, #"{"error":"ThrottlingException"}"#,
            #"""
            {"status":400,"body":{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "message":"cancelled","CancellationReasons":[{"Code":"TransactionConflict"}]}}
            """#,
        ]
    )
    func passing(fault: String) async throws {
        _ = try await table(keeping: false)
        let rule = #"[{"service":"dynamodb","operation":"TransactWriteItems","times":2,"do":\#(fault)}]"#
        let table = try await table(rules: rule)
        try await enter(["a": counts(3)], by: 1, to: table)
        #expect(try await table.ledger(from: Self.start, to: Self.start + 3600).map(\.counts.stored) == [3])
        #expect(try await aws.counts()["dynamodb.TransactWriteItems"] == 3)
        #expect(try await aws.violations() == [])
    }

    @Test func `hundreds of streams of one invocation are a few writes`() async throws {
        let table = try await table(keeping: false)
        var streams: [String: IngestReport] = [:]
        for number in 0..<230 { streams["stream \(number)"] = counts(number) }
        try await enter(streams, by: 1, to: table)
        #expect(try await aws.counts()["dynamodb.TransactWriteItems"] == 3)
        let entries = try await table.ledger(from: Self.start, to: Self.start + 3600)
        #expect(entries.count == 230)
        #expect(entries.reduce(0) { $0 + $1.counts.stored } == 229 * 115)
        #expect(try await aws.violations() == [])
    }

    @Test func `who was heard is told by the hour of arrival, and names that are none are left out`() async throws {
        let table = try await table(keeping: false)
        var streams: [String: IngestReport] = [:]
        for number in 0..<250 {
            let sender = IngestBatch.Sender(account: "\(111_122_223_000 + number)", region: "eu-west-1")
            streams["many", default: IngestReport()].heard[sender] = 1000 - number
        }
        var odd = IngestReport()
        odd.heard = [
            .init(account: "111122223333", region: ""): 1, .init(account: "", region: "us-east-1"): 2,
            .init(account: "a/b", region: "us-east-1"): 3,
            .init(account: "111122223333", region: String(repeating: "x", count: 41)): 4,
        ]
        streams["odd"] = odd
        let now = WallTime.now().milliseconds / 1000
        for invocation in 0..<2 {
            try await table.enter(
                streams,
                receivedAt: now,
                invocation: Digest128(of: "\(invocation)"),
                deadline: .now + .seconds(20)
            )
        }
        let activity = try await table.until(.now + .seconds(20)).activity(of: UsageCounts(), Progress())
        // The most of one stream, and what has names.
        #expect(activity.places.count == 100 + 2)
        func heard(_ account: String, _ region: String) -> Int? {
            let place = Activity.Place(account: account, region: region)
            return activity.places[place].map { $0.values.reduce(0) { $0 + $1.records } }
        }
        #expect(heard("111122223000", "eu-west-1") == 2000)
        #expect(heard("111122223099", "eu-west-1") == 2 * 901)
        #expect(heard("111122223100", "eu-west-1") == nil)
        #expect(heard("111122223333", "") == 2 && heard("", "us-east-1") == 4)
        #expect(activity.hours(of: activity.places.keys) == [now / 3600])
        // The numbers of records are not taken for places, nor the other way round.
        #expect(try await table.ledger(from: now - 3600, to: now + 3600).allSatisfy { $0.counts == IngestReport() })
        #expect(try await aws.violations() == [])
    }

    @Test(arguments: [
        ("o-x_111122223333_CloudTrail_eu-west-1", "o-x_111122223333_CloudTrail_eu-west-1"), ("event", "event"),
        ("", ""),
        (
            "s3://trails/AWSLogs/o-x/111122223333/CloudTrail/eu-west-1/2026/10/12/111122223333_CloudTrail_x.json.gz",
            "s3://trails/AWSLogs/o-x/111122223333/CloudTrail/eu-west-1"
        ),
        ("s3://trails/1.json.gz", "s3://trails"), ("s3://trails/2026/x.json", "s3://trails"),
    ])
    func `what files of a folder share is the folder above their date`(source: String, stream: String) {
        #expect(LedgerEntry.stream(of: source) == stream)
    }
}
