import AWSAccess
import Pipeline
import Testing
import UsageCore

@Suite struct EvaluationTests {
    private let catalog: UsageCatalog
    private let time = SettableTime(StagesTests.attack - 7200)
    private let store: StoreInMemory
    private let topic = ChannelInMemory("topic")
    private let bus = ChannelInMemory("bus")

    init() throws {
        catalog = try UsageCatalog.builtIn()
        store = StoreInMemory(texts: StagesTests.stolenKey(), catalog: catalog) { [time] in time.now }
    }

    private func evaluate(_ me: String = "one", seconds: Int = 60) async throws -> EvaluationReport {
        let standing = StandingClock()
        let parts = Evaluation.Parts(
            store: store,
            checkpoints: store,
            catalog: catalog,
            accounts: { _ in AccountDirectory() },
            analysis: .all,
            channels: [topic, bus],
            evaluationSeconds: 4800,
            now: { [time] in time.now },
            clock: standing.clock,
            log: Log(level: .fatal)
        )
        return try await Evaluation(parts, me: me, deadline: standing.now + .seconds(seconds)).run()
    }

    /// The thread of the one incident.
    private var thread: IncidentThread {
        get throws {
            let document = try #require(store.kept.first).document
            return try #require(ThreadedIncident(document: Array(document.utf8), catalog)).thread
        }
    }

    @Test func `an incident is told on every channel when it opens and when it has ended`() async throws {
        #expect(try await evaluate().incidents == 0)
        time.now = StagesTests.attack + 900
        let report = try await evaluate()
        #expect(report.opened == 1)
        #expect(report.noticesSent == 2)
        #expect(topic.sent.map(\.kind) == [.opened])
        #expect(bus.sent.map(\.kind) == [.opened])
        #expect(try await evaluate().noticesSent == 0)
        time.now = StagesTests.attack + 12 * 3600
        #expect(try await evaluate().resolved == 1)
        #expect(topic.sent.map(\.kind) == [.opened, .resolved])
        #expect(topic.sent.last?.last?.state == .open)
        #expect(try await evaluate().noticesSent == 0)
        #expect(topic.sent.count == 2)
        #expect(try thread.claim == nil)
    }

    @Test func `the first look tells nobody of what was over before`() async throws {
        time.now = StagesTests.attack + 12 * 3600
        let report = try await evaluate()
        #expect(report.incidents == 1)
        #expect(report.updated == 1)
        #expect(topic.sent.isEmpty)
        #expect(store.kept.map(\.state) == ["resolved"])
    }

    @Test func `a crash between claiming and sending sends later, once the claim has expired`() async throws {
        _ = try await evaluate()
        time.now = StagesTests.attack + 900
        // The process is gone right after it has claimed: neither channel is reached, nothing is noted.
        topic.refuse(1)
        bus.refuse(1)
        store.fail(afterWrites: 1)
        await #expect(throws: (any Error).self) { try await evaluate("gone") }
        store.fail(afterWrites: .max)
        #expect(try thread.claim?.by == "gone")
        #expect(try await evaluate("next").noticesSent == 0)
        time.now += 120
        #expect(try await evaluate("later").noticesSent == 2)
        #expect(topic.sent.map(\.kind) == [.opened])
        #expect(try thread.claim == nil)
    }

    @Test func `a channel that refuses is owed, the other one is not told again`() async throws {
        _ = try await evaluate()
        time.now = StagesTests.attack + 900
        topic.refuse(1)
        await #expect(throws: EvaluationFailure.self) { try await evaluate() }
        #expect(bus.sent.count == 1)
        #expect(try await evaluate().noticesSent == 1)
        #expect(topic.sent.map(\.kind) == [.opened])
        #expect(bus.sent.count == 1)
    }

    @Test func `what could not be told until it was over is told once`() async throws {
        _ = try await evaluate()
        time.now = StagesTests.attack + 900
        topic.refuse(1)
        await #expect(throws: EvaluationFailure.self) { try await evaluate() }
        time.now = StagesTests.attack + 12 * 3600
        _ = try await evaluate()
        _ = try await evaluate()
        #expect(topic.sent.map(\.kind) == [.opened])
        #expect(topic.sent.map(\.incident.state) == [.resolved])
        #expect(bus.sent.map(\.kind) == [.opened, .resolved])
    }

    @Test func `a write by another one in between is looked at and not written over`() async throws {
        _ = try await evaluate()
        time.now = StagesTests.attack + 900
        _ = try await evaluate()
        time.now = StagesTests.attack + 12 * 3600
        let old = try #require(store.kept.first)
        store.interrupt { [store] in
            var other = old
            other.updatedAt += 1
            store.overwrite(other)
        }
        #expect(try await evaluate().resolved == 1)
        #expect(topic.sent.map(\.kind) == [.opened, .resolved])
    }

    @Test func `whoever has the turn is waited for, and not for ever`() async throws {
        let document = #"{"watchedSince":"2026-01-01T00:00:00Z","turn":{"by":"other","until":"2099-01-01T00:00:00Z"}}"#
        _ = try await store.keep(document, as: "evaluation", replacing: nil)
        await #expect(throws: EvaluationFailure.self) { try await evaluate(seconds: 4) }
        #expect(store.kept.isEmpty)
    }

    @Test func `without time nothing is claimed`() async throws {
        _ = try await evaluate()
        time.now = StagesTests.attack + 900
        await #expect(throws: EvaluationFailure.noTime(before: "writing")) { try await evaluate(seconds: 2) }
        #expect(store.kept.isEmpty)
        #expect(try await evaluate().opened == 1)
    }
}
