import Pipeline
import TestSupport
import Testing
import UsageCore

/// What every home of records and incidents must hold to; the suites run it on each of them.
struct StoreTrial {
    static let byHand = SharedData.packageRoot + "/Tests/Fixtures/by-hand/trail"

    let home: any TrialHome
    let catalog: UsageCatalog

    init(_ home: any TrialHome) throws {
        self.home = home
        catalog = try UsageCatalog.builtIn()
    }

    /// Counts, anomalies, evidence and incidents are those of a reading of the same records, delivered once or twice.
    func detects(_ paths: [String], leastIncidents: Int) async throws {
        let records = try TrailRecords(paths, catalog)
        let time = try #require(records.time)
        let days = Int((time.upperBound - time.lowerBound) / 86400) + 2
        let filled = try await home.make(catalog, now: time.upperBound, days: days)
        try await filled.add(paths)
        let stages = Stages(catalog: catalog, directory: AccountDirectory(), level: 0.6, workers: 2)
        let expected = try await StoreFinding(ReadAgain(records, home, catalog), stages)
        let found = try await StoreFinding(filled.store, stages)
        compare(found, expected)
        let arrivals = Set(found.evidence.windows.flatMap { $0.records.map(\.arrival) })
        #expect(arrivals == [home.knowsArrival ? time.upperBound : nil])
        #expect(expected.incidents.count >= leastIncidents)
        // Told by sums alone where a home has no records of it.
        let firsts = found.incidents.flatMap(\.entities).filter { $0.channel == "first-use" }
        #expect(firsts.map(\.usage).contains("bedrock-invoke-model"))
        #expect(found.evidence.ended.keys.contains { $0.id == "i-0" })
        #expect(found.incidents.contains { $0.cost.started == 40 && $0.cost.stillRunning == 30 })
        try await filled.add(paths)
        compare(try await StoreFinding(filled.store, stages), expected)
        try await expectNoViolation()
    }

    private func compare(_ found: StoreFinding, _ expected: StoreFinding) {
        #expect(found.counts.watchedCount == expected.counts.watchedCount)
        same("series", found.counts.series, expected.counts.series)
        same("what was first used", Set(found.counts.firstUses.keys), Set(expected.counts.firstUses.keys))
        for (key, first) in expected.counts.firstUses {
            // A counter knows the interval in which something was first used.
            let reach = key.usage >= 0 ? catalog.usages[key.usage].detector.intervalSeconds : 300
            let other = found.counts.firstUses[key] ?? .min
            #expect(other <= first && first < other + reach)
        }
        same("names", found.counts.names, expected.counts.names)
        let firsts = expected.counts.accounts.mapValues(\.first)
        same("first times", found.counts.accounts.mapValues(\.first), firsts)
        if home.hearsByArrival {
            same("who was heard", Set(found.activity.places.keys), Set(expected.activity.places.keys))
            for (place, days) in found.activity.places {
                let arrival = days.values.map(\.hours.nonzeroBitCount)
                #expect(arrival == [1])
                let records = days.values.reduce(0) { $0 + $1.records }
                let own = expected.activity.places[place]?.values.reduce(0) { $0 + $1.records } ?? 0
                #expect(own > 0 && records.isMultiple(of: own), "\(records) of \(own)")
            }
        } else {
            same("when records came", found.activity.places, expected.activity.places)
        }
        same("names of those who were heard", found.activity.names, expected.activity.names)
        same("anomalies", found.anomalies, expected.anomalies)
        same("records", found.records, expected.records)
        same("quantities", found.evidence.windows.map(\.quantity), expected.evidence.windows.map(\.quantity))
        same("what was started", found.started, expected.started)
        same("calls around", found.calls, expected.calls)
        same("what ended", found.evidence.ended, expected.evidence.ended)
        same("ordinary use", found.evidence.ordinary, expected.evidence.ordinary)
        same("incidents", found.told, expected.told)
    }

    /// Compares without a description of both: they are far too long for one.
    private func same<Value: Equatable>(_ what: String, _ found: Value, _ expected: Value) {
        let isSame = found == expected
        #expect(isSame, "\(what)")
    }

    private static let now: Int64 = 1_767_571_200

    private func incident(
        _ id: String,
        _ state: String = "open",
        end: Int64 = now,
        says: String = "a"
    ) -> StoredIncident {
        StoredIncident(
            incidentID: id,
            state: state,
            start: end - 600,
            end: end,
            severity: "HIGH",
            document: #"{"incidentId":"\#(id)","state":"\#(state)","start":"\#(EventTime.text(end - 600))","#
                + #""end":"\#(EventTime.text(end))","severity":{"level":"HIGH"},"updatedAt":"\#(EventTime.text(end + 5))","#
                + #""summary":"\#(says) \#u{1F600}"}"#,
            updatedAt: end + 5
        )
    }

    private func emptyStore() async throws -> any UsageStore {
        try await home.make(catalog, now: Self.now, days: 3).store
    }

    /// An incident is written where what stands there is what its writer had seen, and only there.
    func keepsIncidentsInTurn() async throws {
        let store = try await emptyStore()
        let first = try #require(try await store.keep(incident("a"), replacing: nil))
        #expect(first.incident == incident("a"))
        #expect(try await store.keep(incident("a", says: "late"), replacing: nil) == nil)
        let second = try #require(try await store.keep(incident("a", says: "b"), replacing: first))
        #expect(try await store.keep(incident("a", says: "stale"), replacing: first) == nil)
        // Under the same content too: a version is one writing.
        let third = try #require(try await store.keep(incident("a", says: "b"), replacing: second))
        #expect(third.version != second.version)
        #expect(try await store.keep(incident("gone"), replacing: third) == nil)
        #expect(try await store.incidents(endingSince: 0) == [third])
        try await expectNoViolation()
    }

    /// Of writers that have all looked before any of them writes, the first wins, and what stands there is what it was given back.
    ///
    /// They write in turn: what decides is what each has seen. Where the home itself lets one through at a time, `atOnce` lets them meet.
    func letsOneWriterWin(atOnce: Bool = false) async throws {
        let store = try await emptyStore()
        for round in 0..<3 {
            var seen: [KeptIncident?] = []
            for _ in 0..<6 { seen.append(try await store.incidents(endingSince: 0).first) }
            let writers = seen.enumerated().map { writer, seen in
                (mine: incident("a", says: "\(round) \(writer)"), seen: seen)
            }
            let outcomes = try await Concurrently.map(writers, atMost: atOnce ? writers.count : 1) { writer in
                try await store.keep(writer.mine, replacing: writer.seen)
            }
            let winners = outcomes.compactMap(\.self)
            #expect(winners.count == 1)
            if !atOnce { #expect(outcomes[0] == winners.first) }
            #expect(try await store.incidents(endingSince: 0) == winners)
        }
        try await expectNoViolation()
    }

    /// Open incidents are always given, others while they ended since.
    func findsIncidents() async throws {
        let store = try await emptyStore()
        let old = Self.now - 86400
        for one in [
            incident("open-old", end: old), incident("done-old", "resolved", end: old), incident("open"),
            incident("done", "resolved"),
        ] { _ = try await store.keep(one, replacing: nil) }
        func ids(_ since: Int64) async throws -> [String] {
            try await store.incidents(endingSince: since).map(\.incident.incidentID).sorted()
        }
        #expect(try await ids(0) == ["done", "done-old", "open", "open-old"])
        #expect(try await ids(old) == ["done", "done-old", "open", "open-old"])
        #expect(try await ids(old + 1) == ["done", "open", "open-old"])
        #expect(try await ids(Self.now + 1) == ["open", "open-old"])
        try await expectNoViolation()
    }

    /// An empty home counts nothing and finds nothing.
    func saysNothingOfNothing() async throws {
        let store = try await emptyStore()
        let counts = try await store.counts(Progress())
        #expect(counts.recordCount == 0 && counts.series.isEmpty && counts.accounts.isEmpty)
        #expect(try await store.evidence(EvidencePlan([]), of: counts, Progress()).windows.isEmpty)
        #expect(try await store.incidents(endingSince: 0).isEmpty)
        try await expectNoViolation()
    }

    private func expectNoViolation() async throws {
        let violations = try await home.violations()
        #expect(violations == [])
    }
}
