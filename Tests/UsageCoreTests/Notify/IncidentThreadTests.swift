@testable import UsageCore
import Testing

@Suite struct IncidentThreadTests {
    private let open = SampleIncident()

    private func told(_ sample: SampleIncident) -> IncidentThread {
        var thread = IncidentThread()
        thread.note(sample.incident, told: "topic", at: 5000)
        return thread
    }

    private func owed(_ thread: IncidentThread, _ sample: SampleIncident, since: Int64 = 0) -> NoticeKind? {
        thread.owed(sample.incident, to: "topic", watchedSince: since)
    }

    @Test func `who was told nothing is owed that it opened, even where it is over already`() {
        #expect(owed(IncidentThread(), open) == .opened)
        #expect(owed(IncidentThread(), SampleIncident(state: .resolved)) == .opened)
    }

    @Test func `what ended before anybody watched is not told, unless it goes on`() {
        #expect(owed(IncidentThread(), open, since: 2001) == nil)
        #expect(owed(IncidentThread(), SampleIncident(state: .resolved), since: 2001) == nil)
        #expect(owed(IncidentThread(), SampleIncident(end: 2001), since: 2001) == .opened)
    }

    @Test(arguments: [
        // score and dollars a day told, then now; what is owed
        (5.0, 100.0, 5.0, 100.0, nil as NoticeKind?), (5, 100, 5, 199, nil), (5, 100, 5, 200, .escalated),
        (5, 100, 6, 100, .escalated), (6, 100, 5, 100, nil), (5, 10, 5, 30, nil), (5, 10, 5, 35, .escalated),
        (5, 0, 5, 24, nil), (5, 0, 5, 25, .escalated),
    ])
    func `an escalation is a higher level or twice the money, and more than a trifle`(
        scoreThen: Double,
        dollarsThen: Double,
        scoreNow: Double,
        dollarsNow: Double,
        expected: NoticeKind?
    ) {
        var then = open
        (then.score, then.dollars) = (scoreThen, dollarsThen)
        var now = open
        (now.score, now.dollars) = (scoreNow, dollarsNow)
        if dollarsThen == 0 {
            // Nothing accrued either.
            #expect(then.incident.cost.weight == 0)
        }
        #expect(owed(told(then), now) == expected)
    }

    @Test func `its end is told once, a new beginning again`() {
        let over = SampleIncident(state: .resolved)
        #expect(owed(told(open), over) == .resolved)
        var thread = told(open)
        thread.note(over.incident, told: "topic", at: 6000)
        #expect(owed(thread, over) == nil)
        #expect(owed(thread, SampleIncident(score: 9, dollars: 900)) == .opened)
    }

    @Test func `going down and up again is no escalation`() {
        var thread = told(SampleIncident(score: 7, dollars: 500))
        thread.note(SampleIncident(score: 3, dollars: 20).incident, told: "topic", at: 6000)
        #expect(owed(thread, SampleIncident(score: 7, dollars: 500)) == nil)
    }

    @Test func `channels are owed by themselves, and what was merged is owed to none`() {
        var thread = told(open)
        #expect(thread.owed(open.incident, to: ["topic", "bus"], watchedSince: 0) == ["bus": .opened])
        thread.mergedInto = "b"
        #expect(thread.owed(open.incident, to: ["topic", "bus"], watchedSince: 0).isEmpty)
    }

    @Test func `a claim binds others until it expires`() {
        var thread = IncidentThread()
        thread.claim = .init(by: "one", until: 100)
        #expect(thread.isClaimed(byOthersThan: "two", at: 99))
        #expect(!thread.isClaimed(byOthersThan: "two", at: 100))
        #expect(!thread.isClaimed(byOthersThan: "one", at: 50))
    }

    @Test func `a stored document is read as what was written`() throws {
        let catalog = try UsageCatalog.builtIn()
        var thread = told(open)
        thread.note(open.incident, told: "bus", at: 7000)
        thread.claim = .init(by: "request", until: 9000)
        thread.mergedInto = "other"
        let one = ThreadedIncident(SampleIncident(mergedFrom: ["x", "y"]).incident, thread)
        let text = one.document(updatedAt: 8000)
        let read = try #require(ThreadedIncident(document: Array(text.utf8), catalog))
        #expect(read == one)
        #expect(read.incident.json == one.incident.json)
        #expect(ThreadedIncident(document: Array("{}".utf8), catalog) == nil)
        #expect(ThreadedIncident(document: Array(#"{"watchedSince":"2026-01-01T00:00:00Z"}"#.utf8), catalog) == nil)
    }

    @Test func `a document that would be too long says what it leaves out`() throws {
        let many = SampleIncident(accounts: (0..<3000).map { String(111_122_220_000 + $0) })
        let text = ThreadedIncident(many.incident).document(updatedAt: 0, limit: 100_000)
        #expect(text.utf8.count <= 100_000)
        let json = try JSONValue.parse(Array(text.utf8))
        #expect(json["cut"]?["entities"]?["count"]?.number == 3000)
        #expect(json["cut"]?["entities"]?["shown"]?.number == json["entities"]?.array.map { Double($0.count) })
        #expect(json["thread"] != nil)
    }
}
