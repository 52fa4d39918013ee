import Pipeline
import UsageCore

/// What detection makes of a store or a reading, in the form in which the two are compared.
struct StoreFinding {
    let counts: UsageCounts
    let activity: Activity
    let anomalies: [EntityAnomaly]
    let evidence: CaseFile
    let incidents: [Incident]

    init(_ source: any RecordSource, _ stages: Stages) async throws {
        counts = try await source.counts(Progress())
        activity = try await source.activity(of: counts, Progress())
        anomalies = try await stages.detect(counts, Progress())
        evidence = try await source.evidence(EvidencePlan(anomalies), of: counts, Progress())
        incidents = try await Self.incidents(source, stages)
    }

    private static func incidents(_ source: some RecordSource, _ stages: Stages) async throws -> [Incident] {
        try await stages.run(source, Progress()).incidents
    }

    /// The moment of detection apart, which is an arrival where a store knows it.
    var told: [String] {
        incidents.map { incident in
            var plain = incident
            plain.detectedAt = 0
            return plain.json
        }
    }

    /// What each window saw started; in no order of its own, so sorted.
    var started: [[String]] {
        evidence.windows.map { window in
            window.started.map { "\($0.id) \($0.seconds) \($0.type ?? "") \($0.isSpot) \($0.principal)" }.sorted()
        }
    }

    /// The records of each window, their arrival apart, which a reading does not know.
    var records: [[PlainRecord]] {
        evidence.windows.map { $0.records.map { PlainRecord($0) } }
    }

    /// The calls around of those who made the calls in the windows: a reading of files has others' too, which nobody asks for.
    var calls: [CaseFile.SiblingKey: Calls] {
        let callers = Set(evidence.windows.flatMap { $0.records.map(\.caller.habitKey) })
        return evidence.siblings.filter { callers.contains($0.key.caller) }.mapValues { siblings in
            let calls = siblings.calls(in: 0..<Int64.max)
            return Calls(count: calls.count, samples: calls.samples)
        }
    }

    struct Calls: Equatable {
        let count: Int
        let samples: [CaseFile.Sample]
    }

    struct PlainRecord: Equatable {
        let eventId: String
        let seconds: Int64
        let place: [String]
        let caller: Caller
        let errorCode: String?
        let facts: WatchedFacts

        init(_ record: WatchedRecord) {
            eventId = record.eventId
            seconds = record.seconds
            place = [record.eventName, record.accountId, record.region]
            caller = record.caller
            errorCode = record.errorCode
            facts = record.facts
        }
    }
}
