import Pipeline
import TestSupport
import UsageCore

/// What a reading of files says of the records that a home counts and keeps: what the home itself must say.
struct ReadAgain: RecordSource {
    private let counted: TrailFiles
    private let kept: TrailFiles
    private let folder: TemporaryFolder

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
        counted = try files("counted.ndjson", home.counts)
        kept = try files("kept.ndjson", home.keeps)
    }

    func counts(_ progress: Progress) async throws -> UsageCounts {
        var counts = try await counted.counts(progress)
        // Habits are known of callers whose records can be read.
        counts.habits = try await kept.counts(progress).habits
        return counts
    }

    func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        try await kept.evidence(plan, of: counts, progress)
    }
}
