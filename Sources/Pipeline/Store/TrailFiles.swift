import Synchronization
import UsageCore

/// Records that stay in the files they came in: read once to count, and once more around what was found.
///
/// Nothing is kept but counts and the evidence of anomalies, so memory does not follow the number of records.
package final class TrailFiles: RecordSource {
    private struct Shared: Sendable {
        var counts = UsageCounts()
        var report = InputReport()
        /// For each file the place in `accountSets` of the accounts that it holds; -1 where that is not known.
        var holds: [Int32]
        /// Files that could not be opened or read to their end, and were told.
        var torn: Set<Int> = []
        /// Most files are of one account, so there are few sets.
        var accountSets: [Set<AccountKey>: Int32] = [:]
    }

    private let files: InputFiles
    private let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private let time: ClosedRange<Int64>
    private let workers: Int
    private let shared: Mutex<Shared>

    /// Watched records are handed over in batches of this many at most.
    private static let batch = 8192

    /// `time`: records outside are passed by.
    ///
    /// `workers`: files read at the same time.
    package init(_ files: InputFiles, _ catalog: UsageCatalog, time: ClosedRange<Int64>, workers: Int) {
        self.files = files
        var report = InputReport()
        for problem in files.unreadable { report.note(problem) }
        shared = Mutex(Shared(report: report, holds: Array(repeating: -1, count: files.count)))
        self.catalog = catalog
        self.time = time
        self.workers = max(1, workers)
        matcher = UsageMatcher(catalog)
    }

    /// What became of the input; whole after `counts`.
    package var report: InputReport { shared.withLock { $0.report } }

    package func counts(_ progress: Progress) async throws -> UsageCounts {
        progress.begin("reading", total: files.totalSize)
        try await inParallel { [self] next in
            var tally = Tally(catalog, matcher, time: time)
            while let index = next() { try count(index, &tally, progress) }
            let seen = tally.takeSeen()
            shared.withLock { $0.counts.merge(seen) }
        }
        return shared.withLock { $0.counts }
    }

    package func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity { counts.activity }

    package func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        let caseFile = Mutex(CaseFile(plan, catalog, counts.habits))
        guard !plan.windows.isEmpty else { return caseFile.withLock { $0 } }
        let (holds, torn, accountSets) = shared.withLock { ($0.holds, $0.torn, $0.accountSets) }
        let wanted = plan.accounts
        let needless = Set(accountSets.filter { $0.key.isDisjoint(with: wanted) }.values)
        progress.begin("gathering evidence", total: files.totalSize)
        try await inParallel { [self] next in
            var gatherer = EvidenceGatherer(plan, catalog, matcher, time: time)
            while let index = next() {
                if needless.contains(holds[index]) {
                    progress.advance(files[index].size)
                    continue
                }
                var reader = RecordReader()
                // What cannot be read here could not be read in the first pass and was told there.
                var isReadable = true
                do throws(InputFailure) {
                    let bytes = try FileBytes(files[index].path)
                    while let piece = try bytes.next() {
                        if isReadable {
                            do throws(DecodeFailure) { try gatherer.read(piece, &reader) } catch { isReadable = false }
                        }
                        flush(&gatherer, caseFile)
                        progress.advance(piece.count)
                    }
                } catch {
                    // A file that went away between the passes would leave its incidents without evidence.
                    guard torn.contains(index) else { throw error }
                }
                do throws(DecodeFailure) { try gatherer.finish(&reader) } catch { isReadable = false }
                flush(&gatherer, caseFile)
            }
        }
        return caseFile.withLock { $0 }
    }

    private func flush(_ gatherer: inout EvidenceGatherer, _ caseFile: borrowing Mutex<CaseFile>) {
        guard !gatherer.items.isEmpty else { return }
        let items = gatherer.items
        gatherer.items.removeAll(keepingCapacity: true)
        caseFile.withLock { file in for item in items { file.add(item) } }
    }

    private func count(_ index: Int, _ tally: inout Tally, _ progress: Progress) throws {
        let file = files[index]
        var reader = RecordReader()
        var broken: DecodeFailure?
        let before = (records: tally.seen.recordCount, passedBy: tally.seen.passedByCount)
        tally.beginInput()
        var counted = before.records
        do throws(InputFailure) {
            let bytes = try FileBytes(file.path)
            while let piece = try bytes.next() {
                if broken == nil {
                    do throws(DecodeFailure) { try tally.read(piece, &reader) } catch { broken = error }
                }
                if tally.entries.count >= Self.batch { flush(&tally) }
                progress.advance(piece.count, records: tally.seen.recordCount - counted)
                counted = tally.seen.recordCount
            }
            do throws(DecodeFailure) { try tally.finish(&reader) } catch { broken = broken ?? error }
        } catch {
            // What cannot be opened, or read to its end, costs itself alone.
            broken = .unreadable(reason: error.reason)
            shared.withLock { _ = $0.torn.insert(index) }
        }
        progress.advance(0, records: tally.seen.recordCount - counted)
        let records = tally.seen.recordCount - before.records
        flush(&tally)
        shared.withLock { shared in
            shared.report.files += 1
            shared.report.bytes += file.size
            shared.report.records += records
            shared.report.note(
                tally.setAsideCounts,
                tally.setAsides.map { .init(path: file.path, failure: $0.failure, byteCount: $0.count) }
            )
            if let broken {
                shared.report.note(.init(path: file.path, failure: broken, byteCount: 0))
            } else if records == 0, tally.seen.passedByCount == before.passedBy, tally.setAsides.isEmpty {
                shared.report.noteWithoutRecords(file.path)
            }
            if tally.span != nil {
                let next = Int32(shared.accountSets.count)
                shared.holds[index] = shared.accountSets[tally.accountsOfInput, default: next]
                shared.accountSets[tally.accountsOfInput] = shared.holds[index]
            }
        }
    }

    /// Hands over watched records.
    private func flush(_ tally: inout Tally) {
        guard !tally.entries.isEmpty else { return }
        let entries = tally.entries
        tally.entries.removeAll(keepingCapacity: true)
        shared.withLock { shared in
            for entry in entries { shared.counts.add(entry, catalog.usages[entry.usage]) }
        }
    }

    /// Runs `work` on as many workers as there are cores; each takes the next file's index until there is none.
    private func inParallel(_ work: @escaping @Sendable (_ next: () -> Int?) throws -> Void) async throws {
        let place = Mutex(0)
        let count = files.count
        let next: @Sendable () -> Int? = {
            place.withLock { place in
                guard place < count else { return nil }
                defer { place += 1 }
                return place
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try work(next) } }
            try await group.waitForAll()
        }
    }
}
