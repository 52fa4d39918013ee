import Pipeline
import UsageCore

/// A home of records that is nothing but their texts.
struct RecordsInMemory: RecordSource {
    let texts: [String]
    let catalog: UsageCatalog

    func counts(_ progress: Progress) async throws -> UsageCounts {
        var tally = Tally(catalog, UsageMatcher(catalog), time: Int64.min...Int64.max)
        var reader = RecordReader()
        try Array(texts.joined(separator: "\n").utf8).withUnsafeBufferPointer { try tally.read($0, &reader) }
        try tally.finish(&reader)
        var counts = UsageCounts()
        for entry in tally.entries { counts.add(entry, catalog.usages[entry.usage]) }
        counts.merge(tally.takeSeen())
        return counts
    }

    func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity { counts.activity }

    func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        var gatherer = EvidenceGatherer(plan, catalog, UsageMatcher(catalog), time: Int64.min...Int64.max)
        var reader = RecordReader()
        try Array(texts.joined(separator: "\n").utf8).withUnsafeBufferPointer { try gatherer.read($0, &reader) }
        try gatherer.finish(&reader)
        var file = CaseFile(plan, catalog, counts.habits)
        for item in gatherer.items { file.add(item) }
        return file
    }
}
