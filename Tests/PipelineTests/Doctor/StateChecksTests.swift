import Testing
import UsageCore

@testable import AWSAccess
@testable import Pipeline

@Suite struct ChannelCheckTests {
    private let topic = "arn:aws:sns:eu-west-1:111122223333:alerts"

    @Test(
        "receivers who have confirmed are what counts",
        arguments: [
            ([(true, "email"), (true, "lambda")], [], .ok), ([], [], .broken), ([(false, "email")], [], .broken),
            ([(false, "email"), (true, "email")], [], .warning), ([], ["Slack"], .warning),
            ([(false, "email")], ["Slack"], .warning),
        ] as [([(Bool, String)], [String], Finding.State)]
    )
    func receivers(of given: [(Bool, String)], others: [String], state: Finding.State) {
        let subscriptions = given.map { SNS.Subscription(protocolName: $0.1, isConfirmed: $0.0) }
        #expect(ChannelCheck.judge(topic: topic, subscriptions, others: others).state == state)
    }

    @Test func `without any channel nobody is told`() {
        #expect(ChannelCheck.judge(topic: nil, nil, others: []).state == .broken)
        #expect(ChannelCheck.judge(topic: nil, nil, others: ["Teams"]).state == .ok)
        #expect(ChannelCheck.judge(topic: topic, nil, others: []).problems.first?.what == "the topic is not there")
    }
}

@Suite struct QueuesCheckTests {
    private func queue(_ kind: QueuesCheck.Queue.Kind, _ waiting: Int, _ inFlight: Int = 0) -> QueuesCheck.Queue {
        .init(kind: kind, name: "q", depth: .init(waiting: waiting, inFlight: inFlight))
    }

    @Test func `empty queues, and files that are being read, are well`() {
        #expect(
            QueuesCheck.judge([queue(.deadLetters, 0), queue(.failedEvents, 0), queue(.input, 40, 10)]).state == .ok
        )
    }

    @Test func `what lies there is said, with the way to bring it back`() {
        let letters = QueuesCheck.judge([queue(.deadLetters, 1, 2)])
        #expect(letters.problems.map(\.what) == ["3 messages of records that no store took lie in q"])
        #expect(letters.problems.first?.fix.contains("anomalyctl redrive") == true && letters.state == .warning)
        #expect(QueuesCheck.judge([queue(.deadLetters, 0), queue(.failedEvents, 1)]).state == .warning)
        #expect(QueuesCheck.judge([queue(.deadLetters, 0), queue(.input, 1001)]).state == .warning)
        #expect(QueuesCheck.judge([]).problems.first?.what.hasPrefix("there is no dead-letter queue") == true)
    }

    @Test func `a queue that is gone is broken, one that may not be seen is not known`() {
        let gone = refused("SQS", "GetQueueAttributes", code: "QueueDoesNotExist")
        #expect(QueuesCheck.judge([], failures: [gone]).state == .broken)
        #expect(QueuesCheck.judge([], failures: [denied("SQS", "GetQueueAttributes")]).state == .unknown)
    }
}

@Suite struct CheckpointChecksTests {
    private let now = EventTime.parse("2026-10-12T12:00:00Z") ?? 0

    @Test(
        "an evaluation that is older than its reach has lost records",
        arguments: [
            (#"{"watchedSince":"2026-10-01T00:00:00Z","evaluatedAt":"2026-10-12T10:41:00Z"}"#, .ok),
            (#"{"watchedSince":"2026-10-01T00:00:00Z","evaluatedAt":"2026-10-12T10:39:00Z"}"#, .broken),
            (#"{"watchedSince":"2026-10-01T00:00:00Z"}"#, .broken), ("{}", .broken), (nil, .broken),
        ] as [(String?, Finding.State)]
    )
    func evaluation(document: String?, state: Finding.State) {
        #expect(EvaluationCheck.judge(document, now: now, reachMinutes: 80).state == state)
    }

    @Test(
        "the index may be as far behind as three runs and the time that changes settle",
        arguments: [("2026-10-12T11:00:00Z", .ok), ("2026-10-12T10:59:59Z", .broken)] as [(String, Finding.State)]
    )
    func sync(through: String, state: Finding.State) {
        let document = #"{"checkpoint":"connector","through":"\#(through)","sweptAt":"\#(through)","put":{}}"#
        #expect(SyncCheck.judge(document, now: now, intervalMinutes: 15).state == state)
    }

    @Test func `a sync that never ran, or left nonsense, is broken`() {
        #expect(SyncCheck.judge(nil, now: now, intervalMinutes: 15).state == .broken)
        #expect(SyncCheck.judge("x", now: now, intervalMinutes: 15).observed == "not known")
    }
}

@Suite struct CostsCheckTests {
    @Test func `Cost Explorer that is off is told from a right that is missing`() {
        let amount = CostExplorer.Amount(start: "2026-10-10", keys: [], amount: "1", unit: "USD", isEstimated: true)
        #expect(CostsCheck.judge(.success([amount])).state == .ok)
        let off = refused(
            "Cost Explorer",
            "GetCostAndUsage",
            code: "AccessDeniedException",
            message: "User not enabled for cost explorer access"
        )
        #expect(CostsCheck.judge(.failure(off)).state == .warning)
        let empty = refused("Cost Explorer", "GetCostAndUsage", code: "DataUnavailableException")
        #expect(CostsCheck.judge(.failure(empty)).state == .warning)
        let finding = CostsCheck.judge(.failure(denied("Cost Explorer", "GetCostAndUsage")))
        #expect(finding.state == .unknown)
        #expect(finding.problems.first?.fix.contains("ce:GetCostAndUsage") == true)
    }
}

@Suite struct LedgerCheckTests {
    private let hour = EventTime.parse("2026-10-12T12:00:00Z") ?? 0

    private func entry(
        _ stream: String,
        hoursAgo: Int64,
        _ change: (inout IngestReport) -> Void = { _ in }
    )
        -> LedgerEntry
    {
        var counts = IngestReport()
        counts.received = 10
        counts.stored = 10
        change(&counts)
        return LedgerEntry(stream: stream, hour: hour - hoursAgo * 3600, counts: counts)
    }

    @Test func `numbers that add up are well`() {
        let finding = LedgerCheck.judge([entry("a", hoursAgo: 0), entry("b", hoursAgo: 3)], hour: hour)
        #expect(finding.state == .ok)
        #expect(finding.observed == "last 24 hours: 20 records came, 20 are known to be stored")
        #expect(finding.details.count == 1 && finding.details[0].hasPrefix("2 streams: received 20, new 20"))
    }

    @Test func `streams where something is missing are named, the worst first`() {
        let finding = LedgerCheck.judge(
            [
                entry("b", hoursAgo: 0) {
                    $0.setAside = 3
                    $0.deadLettered = 3
                    $0.stored = 7
                },
                entry("a", hoursAgo: 1) {
                    $0.unresolved = 9
                    $0.stored = 1
                }, entry("c", hoursAgo: 1),
            ],
            hour: hour
        )
        #expect(finding.state == .warning && finding.problems.count == 2)
        #expect(finding.details.dropFirst().map { $0.prefix(2) } == ["a:", "b:"])
    }

    @Test func `records that are nowhere, or set aside and not kept, are broken`() {
        let gap = LedgerCheck.judge([entry("a", hoursAgo: 0) { $0.stored = 9 }], hour: hour)
        #expect(gap.state == .broken && gap.details.last?.hasSuffix("unaccounted 1") == true)
        let lost = LedgerCheck.judge(
            [
                entry("a", hoursAgo: 0) {
                    $0.stored = 9
                    $0.setAside = 1
                }
            ],
            hour: hour
        )
        #expect(lost.problems.map(\.what) == ["1 record set aside and not in the dead-letter queue"])
        #expect(LedgerCheck.judge([], hour: hour).state == .broken)
    }

    @Test func `a stream that was busy and is silent is named, one that seldom speaks is not`() {
        var entries = (6..<20).map { entry("busy\n\u{1B}[31m", hoursAgo: $0) } + [entry("new", hoursAgo: 0)]
        entries += (6..<12).map { entry("seldom", hoursAgo: $0) }
        let finding = LedgerCheck.judge(entries, hour: hour)
        #expect(finding.problems.map(\.what) == ["silent for 6 hours: busy\n\u{1B}[31m"])
        let report = CheckReport(name: "ledger", finding: finding)
        #expect(!report.text.contains("\u{1B}") && report.text.split(separator: "\n").count == 4)
        #expect(!report.json.contains("\u{1B}") && !report.json.contains("\n"))
        #expect(LedgerCheck.judge(entries + [entry("busy\n\u{1B}[31m", hoursAgo: 5)], hour: hour).state == .ok)
    }
}
