import Pipeline
import TestSupport
import UsageCore

/// What a reading of files says of the records that a home counts and keeps: what the home itself must say.
struct ReadAgain: RecordSource {
    private let counted: TrailFiles
    private let kept: TrailFiles
    /// Whether records come is asked of all of them.
    private let everything: TrailFiles
    private let folder: TemporaryFolder
    private let catalog: UsageCatalog
    /// Of these the home has sums alone.
    private let summed: [TrailRecord]

    init(_ records: TrailRecords, _ home: any TrialHome, _ catalog: UsageCatalog) throws {
        let folder = try TemporaryFolder()
        func files(_ name: String, _ isWanted: (TrailRecord) -> Bool) throws -> TrailFiles {
            try folder.write(records.text(isWanted), to: name)
            return TrailFiles(
                try InputFiles([folder.path + "/" + name]),
                catalog,
                time: .min ... .max,
                workers: 1
            )
        }
        self.folder = folder
        self.catalog = catalog
        summed = records.records.filter { $0.usage != nil && home.counts($0) && !home.keeps($0) }
        counted = try files("counted.ndjson", home.counts)
        kept = try files("kept.ndjson", home.keeps)
        everything = try files("all.ndjson") { _ in true }
    }

    func counts(_ progress: Progress) async throws -> UsageCounts {
        var counts = try await counted.counts(progress)
        // Habits are known of callers whose records can be read.
        counts.habits = try await kept.counts(progress).habits
        return counts
    }

    func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity {
        try await everything.counts(progress).activity
    }

    func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        var caseFile = try await kept.evidence(plan, of: counts, progress)
        for (index, window) in plan.windows.enumerated() {
            let totals = totals(of: window)
            if totals.records > 0 { caseFile.add(.totals(window: index, totals)) }
        }
        return caseFile
    }

    private func totals(of window: EvidencePlan.Window) -> WindowEvidence.Totals {
        let usage = catalog.usages[window.usage]
        let interval = usage.detector.intervalSeconds
        var totals = WindowEvidence.Totals()
        for record in summed
        where record.usage?.name == usage.name && record.account == window.account && record.region == window.region
            && record.seconds >= window.start && record.seconds < window.end
            && (window.kind == 0 || record.kind == window.kind)
        {
            let start = EventTime.floorDivide(record.seconds, interval) * interval
            var share = totals.flow[start]?[WindowEvidence.nobodyKnown] ?? WindowEvidence.Share()
            share.records += 1
            share.quantity += record.quantity
            totals.flow[start, default: [:]][WindowEvidence.nobodyKnown] = share
            totals.records += 1
            totals.quantity += record.quantity
        }
        return totals
    }
}
