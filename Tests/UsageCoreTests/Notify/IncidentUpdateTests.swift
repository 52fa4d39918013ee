@testable import UsageCore
import Testing

@Suite struct IncidentUpdateTests {
    private static let gap = SeriesScan.bridgedGap

    private func situation(asOf: Int64 = 3000, me: String = "me", since: Int64 = 0) -> IncidentUpdate.Situation {
        .init(me: me, now: 100_000, asOf: asOf, watchedSince: since, channels: ["topic"])
    }

    private func kept(_ sample: SampleIncident, isTold: Bool = true) -> ThreadedIncident {
        var one = ThreadedIncident(sample.incident)
        if isTold { one.thread.note(sample.incident, told: "topic", at: 1) }
        return one
    }

    @Test func `what is new is opened, what is as it was is left alone`() {
        let incident = SampleIncident().incident
        let opened = IncidentUpdate.updates([incident], [], situation())
        #expect(opened.map(\.kept) == [nil])
        #expect(opened.map(\.kind) == [.opened])
        #expect(IncidentUpdate.updates([incident], [kept(SampleIncident())], situation()).isEmpty)
    }

    @Test func `a change without news is written in silence`() {
        let updates = IncidentUpdate.updates(
            [SampleIncident(end: 2600).incident],
            [kept(SampleIncident())],
            situation()
        )
        #expect(updates.map(\.kept) == [0])
        #expect(updates.map(\.kind) == [nil])
    }

    @Test func `an incident keeps its id and moment of detection though its earliest anomaly has changed`() {
        let later = SampleIncident(id: "b", start: 1600, end: 2600, detectedAt: 1700).incident
        let match = IncidentMatching.matches([later], with: [kept(SampleIncident())])
        #expect(match.map(\.incident.id) == ["a"])
        #expect(match.map(\.incident.detectedAt) == [1500])
        #expect(match.map(\.incident.mergedFrom) == [[]])
    }

    @Test(arguments: [(gap, true), (gap + 1, false)])
    func `quiet for longer than six hours makes another incident`(quiet: Int64, isSame: Bool) {
        let later = SampleIncident(id: "b", start: 2000 + quiet, end: 3000 + quiet).incident
        let match = IncidentMatching.matches([later], with: [kept(SampleIncident())])
        #expect(match.map(\.kept) == [isSame ? 0 : nil])
    }

    @Test func `another account, usage or Region is another incident`() {
        let other = SampleIncident(id: "b", accounts: ["999900001111"]).incident
        let usage = SampleIncident(id: "c", usage: "ebs-create-volume").incident
        #expect(IncidentMatching.matches([other, usage], with: [kept(SampleIncident())]).map(\.kept) == [nil, nil])
    }

    @Test func `two that become one keep the earlier's id, and the later one ends in silence`() throws {
        let one = SampleIncident(id: "a", start: 900)
        let two = SampleIncident(id: "b", accounts: ["444455556666"], mergedFrom: ["z"])
        let both = SampleIncident(id: "b", start: 900, accounts: ["111122223333", "444455556666"]).incident
        let updates = IncidentUpdate.updates([both], [kept(two), kept(one)], situation())
        let survivor = try #require(updates.first { $0.next.incident.id == "a" })
        #expect(survivor.kept == 1)
        #expect(survivor.next.incident.mergedFrom == ["b", "z"])
        let merged = try #require(updates.first { $0.next.incident.id == "b" })
        #expect(merged.kept == 0)
        #expect(merged.next.thread.mergedInto == "a")
        #expect(merged.next.incident.state == .resolved)
        #expect(merged.kind == nil)
        // Nothing matches what has become part of another one.
        let after = [merged.next, survivor.next]
        #expect(IncidentUpdate.updates([both], after, situation()).isEmpty)
    }

    @Test func `one that falls apart keeps its id in one part only`() {
        let whole = kept(SampleIncident(accounts: ["111122223333", "444455556666"]))
        let parts = [SampleIncident(id: "c", accounts: ["444455556666"]).incident, SampleIncident(id: "a").incident]
        let matches = IncidentMatching.matches(parts, with: [whole])
        #expect(matches.map(\.incident.id) == ["c", "a"])
        #expect(matches.map(\.kept) == [nil, 0])
    }

    @Test func `one that is not found again is resolved after six quiet hours, not before`() {
        let one = [kept(SampleIncident())]
        #expect(IncidentUpdate.updates([], one, situation(asOf: 2000 + Self.gap - 1)).isEmpty)
        let updates = IncidentUpdate.updates([], one, situation(asOf: 2000 + Self.gap))
        #expect(updates.map(\.kind) == [.resolved])
        #expect(updates.map(\.next.incident.state) == [.resolved])
    }

    @Test func `one that somebody else is about to tell is left alone until the claim expires`() {
        var claimed = ThreadedIncident(SampleIncident().incident)
        claimed.thread.claim = .init(by: "other", until: 100_001)
        #expect(IncidentUpdate.updates([SampleIncident().incident], [claimed], situation()).isEmpty)
        claimed.thread.claim = .init(by: "other", until: 100_000)
        #expect(IncidentUpdate.updates([SampleIncident().incident], [claimed], situation()).map(\.kind) == [.opened])
        claimed.thread.claim = .init(by: "me", until: 100_001)
        #expect(IncidentUpdate.updates([SampleIncident().incident], [claimed], situation()).map(\.kind) == [.opened])
    }

    @Test func `what ended before watching began is kept and not told`() {
        let updates = IncidentUpdate.updates([SampleIncident().incident], [], situation(since: 2001))
        #expect(updates.count == 1)
        #expect(updates.map(\.kind) == [nil])
    }
}
