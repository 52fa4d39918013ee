import Pipeline
import UsageCore

/// Puts the records of files into a local store; what is there already adds nothing.
package struct Ingest: Sendable {
    private let store: LocalStore
    private let catalog: UsageCatalog
    private let directory: AccountDirectory
    private let receivedAt: Int64

    /// Records written in one transaction, and the bytes that are held for it.
    private static let batch = 20_000
    private static let largestHeld = 64 << 20

    /// What became of the input.
    package struct Outcome: Sendable {
        package var report = InputReport()
        package var added = 0
        package var repeated = 0
    }

    /// `receivedAt`: when the files are read, seconds since 1970.
    package init(_ store: LocalStore, _ catalog: UsageCatalog, _ directory: AccountDirectory, receivedAt: Int64) {
        self.store = store
        self.catalog = catalog
        self.directory = directory
        self.receivedAt = receivedAt
    }

    package func run(_ files: InputFiles, _ progress: Progress) async throws -> Outcome {
        var outcome = Outcome()
        for problem in files.unreadable { outcome.report.note(problem) }
        progress.begin("storing", total: files.totalSize)
        var batch = RecordBatch(catalog, directory, source: "", receivedAt: receivedAt)
        for file in files {
            batch.source = file.path
            try await read(file, &batch, &outcome, progress)
        }
        try await write(&batch, &outcome)
        return outcome
    }

    private func read(
        _ file: InputFile,
        _ batch: inout RecordBatch,
        _ outcome: inout Outcome,
        _ progress: Progress
    ) async throws {
        var reader = RecordReader()
        var broken: DecodeFailure?
        var total = 0
        var known = batch.records.count
        let setAsideBefore = outcome.report.setAsideCount + batch.setAsideCount
        do {
            let bytes = try FileBytes(file.path, pieceSize: FileBytes.smallPiece)
            while let piece = try bytes.next() {
                if broken == nil {
                    do throws(DecodeFailure) { try reader.feed(piece, into: &batch) } catch { broken = error }
                }
                total += batch.records.count - known
                progress.advance(piece.count, records: batch.records.count - known)
                known = batch.records.count
                if known >= Self.batch || batch.heldBytes >= Self.largestHeld {
                    try await write(&batch, &outcome)
                    known = 0
                }
            }
            do throws(DecodeFailure) { try reader.finish(into: &batch) } catch { broken = broken ?? error }
        } catch let failure as InputFailure {
            // What cannot be opened, or read to its end, costs itself alone.
            broken = .unreadable(reason: failure.reason)
        }
        total += batch.records.count - known
        progress.advance(0, records: batch.records.count - known)
        outcome.report.files += 1
        outcome.report.bytes += file.size
        outcome.report.records += total
        let hasSetAsides = outcome.report.setAsideCount + batch.setAsideCount > setAsideBefore
        if let broken {
            outcome.report.note(.init(path: file.path, failure: broken, byteCount: 0))
        } else if total == 0, !hasSetAsides {
            outcome.report.noteWithoutRecords(file.path)
        }
    }

    private func write(_ batch: inout RecordBatch, _ outcome: inout Outcome) async throws {
        outcome.report.note(batch.setAsideCounts, batch.problems)
        let (added, repeated) = try await store.insert(batch.records)
        outcome.added += added
        outcome.repeated += repeated
        if !batch.setAsides.isEmpty { _ = try await store.setAside(batch.setAsides) }
        batch.clear()
    }
}
