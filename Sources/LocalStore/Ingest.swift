import Pipeline
import UsageCore

/// Puts the records of files into a local store; what is there already adds nothing.
package struct Ingest: Sendable {
    private let store: LocalStore
    private let catalog: UsageCatalog
    private let directory: AccountDirectory
    private let receivedAt: Int64

    /// Records written in one transaction.
    private static let batch = 20_000

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
        let failuresBefore = outcome.report.setAsideCount + batch.failures.count
        let bytes = try FileBytes(file.path)
        while let piece = try bytes.next() {
            if broken == nil {
                do throws(DecodeFailure) { try reader.feed(piece, into: &batch) } catch { broken = error }
            }
            total += batch.records.count - known
            progress.advance(piece.count, records: batch.records.count - known)
            known = batch.records.count
            if known >= Self.batch {
                try await write(&batch, &outcome)
                known = 0
            }
        }
        do throws(DecodeFailure) { try reader.finish(into: &batch) } catch { broken = broken ?? error }
        total += batch.records.count - known
        progress.advance(0, records: batch.records.count - known)
        outcome.report.files += 1
        outcome.report.bytes += file.size
        outcome.report.records += total
        let hasFailures = outcome.report.setAsideCount + batch.failures.count > failuresBefore
        if total == 0, !hasFailures, !batch.passedOver.isEmpty { outcome.report.withoutRecords.append(file.path) }
        if let broken { outcome.report.note(.init(path: file.path, failure: broken, byteCount: 0)) }
    }

    private func write(_ batch: inout RecordBatch, _ outcome: inout Outcome) async throws {
        for (failure, item) in zip(batch.failures, batch.setAsides) {
            outcome.report.note(.init(path: item.source, failure: failure, byteCount: item.bytes.count))
        }
        let (added, repeated) = try await store.insert(batch.records)
        outcome.added += added
        outcome.repeated += repeated
        if !batch.setAsides.isEmpty { _ = try await store.setAside(batch.setAsides) }
        batch.clear()
    }
}
