import Pipeline
import UsageCore

/// The records and incidents of a local store, as detection asks for them.
package struct StoredRecords: UsageStore {
    private let store: LocalStore
    private let catalog: UsageCatalog
    private let time: ClosedRange<Int64>

    /// Rows after which progress is told.
    private static let step = 10_000

    /// `time`: records outside are passed by.
    package init(_ store: LocalStore, _ catalog: UsageCatalog, time: ClosedRange<Int64>) {
        self.store = store
        self.catalog = catalog
        self.time = time
    }

    package func counts(_ progress: Progress) async throws -> UsageCounts {
        progress.begin("counting", total: Int(try await store.count()))
        let tally = Tally(catalog, UsageMatcher(catalog), time: time)
        let start = (tally: tally, counts: UsageCounts(), rows: 0)
        var end = try await store.scan(into: start) { [catalog] state, row in
            state.tally.readRecord(row.body.assumingMemoryBound(to: UInt8.self))
            for entry in state.tally.entries { state.counts.add(entry, catalog.usages[entry.usage]) }
            state.tally.entries.removeAll(keepingCapacity: true)
            state.rows += 1
            if state.rows.isMultiple(of: Self.step) { progress.advance(Self.step, records: Self.step) }
            return true
        }
        end.counts.merge(end.tally.takeSeen())
        return end.counts
    }

    package func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity { counts.activity }

    package func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        let caseFile = CaseFile(plan, catalog, counts.habits)
        guard !plan.windows.isEmpty else { return caseFile }
        progress.begin("gathering evidence", total: Int(try await store.count()))
        let gatherer = EvidenceGatherer(plan, catalog, UsageMatcher(catalog), time: time)
        return try await store.scan(into: (gatherer: gatherer, file: caseFile, rows: 0)) { state, row in
            state.gatherer.readRecord(row.body.assumingMemoryBound(to: UInt8.self))
            for item in state.gatherer.items { state.file.add(item) }
            state.gatherer.items.removeAll(keepingCapacity: true)
            state.rows += 1
            if state.rows.isMultiple(of: Self.step) { progress.advance(Self.step, records: Self.step) }
            return true
        }.file
    }

    package func incidents(endingSince since: Int64) async throws -> [KeptIncident] {
        try await store.incidents(endingSince: since)
    }

    package func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) async throws -> KeptIncident? {
        try await store.keep(incident, replacing: replaced)
    }
}
