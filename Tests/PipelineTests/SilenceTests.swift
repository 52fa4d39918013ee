import AWSAccess
import Pipeline
import Testing
import UsageCore

/// Records that stop coming, from the records to what is told.
@Suite struct SilenceTests {
    static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    static let stop = start + 8 * 86400 + 10 * 3600

    private let catalog: UsageCatalog

    init() throws { catalog = try UsageCatalog.builtIn() }

    /// Reads by an account, three an hour in the hours of `time`.
    private static func reads(_ account: String, _ time: Range<Int64>, region: String = "eu-central-1") -> [String] {
        var text = RecordText()
        text.account = account
        text.region = region
        text.principal = "arn:aws:iam::\(account):user/ann"
        return stride(from: time.lowerBound, to: time.upperBound, by: 1200).enumerated().map { index, seconds in
            text.call("GetObject", source: "s3.amazonaws.com", at: seconds, id: index)
        }
    }

    private static let one = "111122223333"
    private static let two = "444455556666"

    private static func trail(_ name: String, at seconds: Int64) -> String {
        RecordText().call(
            name,
            source: "cloudtrail.amazonaws.com",
            at: seconds,
            id: 90_000,
            more: #""requestParameters":{"name":"org-trail"},"#
        )
    }

    private func incidents(_ texts: [String], clock: Int64? = nil) async throws -> [Incident] {
        var stages = Stages(catalog: catalog, directory: AccountDirectory(), level: 0.6, workers: 2)
        stages.clock = clock
        return try await stages.run(RecordsInMemory(texts: texts, catalog: catalog), Progress()).incidents
    }

    @Test func `an account that stops is told with since when, how much was ordinary and what to ask`() async throws {
        let texts =
            Self.reads(Self.one, Self.start..<Self.start + 10 * 86400) + Self.reads(Self.two, Self.start..<Self.stop)
        let found = try await incidents(texts)
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.state == .open)
        #expect(incident.severity.level == .medium)
        #expect(
            incident.summary.hasPrefix(
                "No CloudTrail records come from 444455556666 since 2026-01-13 10:00 UTC, where 72 records a day are ordinary"
            ),
            "\(incident.summary)"
        )
        #expect(incident.usages == [SilenceWriter.usage])
        #expect(incident.causes.map(\.id) == ["unknown"])
        #expect(incident.recommendations.contains { $0.contains("AWS Organizations") })
        #expect(incident.detectedAt == Self.stop + 4 * 3600)
        let text = NotificationText(incident)
        #expect(text.subject == "[MEDIUM] CloudTrail records: none come from 444455556666")
        #expect(text.body.contains("- None of its own"))
        // What is stored is what is read.
        let read = try Incident(JSONValue.parse(Array(incident.json.utf8)), catalog)
        #expect(read?.json == incident.json)
        #expect(read.map { NotificationText($0) } == text)
    }

    @Test func `a trail that is stopped before everything falls silent is named as the cause`() async throws {
        let texts =
            Self.reads(Self.one, Self.start..<Self.stop) + Self.reads(Self.two, Self.start..<Self.stop)
            + [Self.trail("StopLogging", at: Self.stop - 300)]
        let found = try await incidents(texts, clock: Self.stop + 6 * 3600)
        #expect(found.count == 2)
        let silence = try #require(found.first { $0.usages == [SilenceWriter.usage] })
        #expect(silence.severity.level == .critical)
        #expect(silence.pattern == .organizationWide)
        #expect(silence.causes.map(\.id) == [SilenceWriter.trailChange])
        #expect(silence.causes.first?.evidence.flatMap(\.eventIds) == ["event-\(Self.one)-90000"])
        #expect(
            silence.summary.contains("Just before, CloudTrail trail org-trail was stopped by user ann"),
            "\(silence.summary)"
        )
        #expect(found.contains { $0.usages == ["cloudtrail-stop"] })
    }

    @Test func `a trail that was changed in another account is no cause of one account's silence`() async throws {
        let texts =
            Self.reads(Self.one, Self.start..<Self.start + 10 * 86400) + Self.reads(Self.two, Self.start..<Self.stop)
            + [Self.trail("UpdateTrail", at: Self.stop - 300)]
        let silence = try #require(try await incidents(texts).first { $0.usages == [SilenceWriter.usage] })
        #expect(silence.causes.map(\.id) == ["unknown"])
    }

    @Test func `watched usages alone are too few to tell a silence from`() async throws {
        let launches = RecordText().ordinary(days: 9, from: Self.start)
        let other = Self.reads(Self.two, Self.start..<Self.start + 10 * 86400)
        #expect(try await incidents(launches + other).isEmpty)
    }

    /// What an evaluation makes of it as time goes by.
    private final class Watch {
        let time = SettableTime(SilenceTests.stop - 3600)
        let topic = ChannelInMemory("topic")
        let store: StoreInMemory
        let catalog: UsageCatalog

        init(_ texts: [String], _ catalog: UsageCatalog) {
            self.catalog = catalog
            store = StoreInMemory(texts: texts, catalog: catalog) { [time] in time.now }
        }

        func look(at seconds: Int64, lookback: Int64? = nil) async throws {
            time.now = seconds
            store.lookback = lookback
            let standing = StandingClock()
            let parts = Evaluation.Parts(
                store: store,
                checkpoints: store,
                catalog: catalog,
                accounts: { _ in AccountDirectory() },
                analysis: .all,
                channels: [topic],
                evaluationSeconds: 4800,
                now: { [time] in time.now },
                clock: standing.clock,
                log: Log(level: .fatal)
            )
            _ = try await Evaluation(parts, me: "me", deadline: standing.now + .seconds(60)).run()
        }

        var kinds: [NoticeKind] { topic.sent.map(\.kind) }
    }

    @Test func `the silence of all is told once, stays open for weeks and ends with the first record`() async throws {
        let again = Self.stop + 30 * 86400 + 60
        let watch = Watch(
            Self.reads(Self.one, Self.start..<Self.stop) + Self.reads(Self.two, Self.start..<Self.stop)
                + Self.reads(Self.one, again..<again + 86400),
            catalog
        )
        try await watch.look(at: Self.stop - 3600)
        #expect(watch.kinds.isEmpty)
        try await watch.look(at: Self.stop + 6 * 3600)
        #expect(watch.kinds == [.opened])
        for days in [1, 8, 20] {
            // No more than a fortnight is looked at.
            try await watch.look(at: Self.stop + Int64(days) * 86400, lookback: 14 * 86400)
            #expect(watch.kinds == [.opened], "after \(days) days")
            #expect(watch.store.kept.map(\.state) == ["open"], "after \(days) days")
        }
        try await watch.look(at: again + 7200, lookback: 14 * 86400)
        #expect(watch.kinds == [.opened, .resolved])
        let last = try #require(watch.topic.sent.last)
        #expect(
            NotificationText(last.incident, .resolved).body.hasPrefix(
                "RESOLVED: records come again since 2026-02-12 10:00 UTC."
            )
        )
        try await watch.look(at: again + 9000, lookback: 14 * 86400)
        #expect(watch.kinds == [.opened, .resolved])
    }

    @Test func `an account that fell silent a day before all did stays a finding of its own`() async throws {
        let three = "777788889999"
        let watch = Watch(
            Self.reads(Self.one, Self.start..<Self.stop + 86400) + Self.reads(Self.two, Self.start..<Self.stop)
                + Self.reads(three, Self.start..<Self.stop + 86400),
            catalog
        )
        try await watch.look(at: Self.stop - 3600)
        try await watch.look(at: Self.stop + 6 * 3600)
        #expect(watch.topic.sent.map(\.incident.severity.level) == [.medium])
        try await watch.look(at: Self.stop + 86400 + 6 * 3600)
        #expect(watch.store.kept.count(where: { $0.state == "open" }) == 2)
        #expect(watch.topic.sent.last?.incident.pattern == .organizationWide)
    }
}
