import LocalStore
import Pipeline
import TestSupport
import Testing
import UsageCore

/// SQLite in a folder of its own.
struct LocalHome: TrialHome {
    var testDescription: String { "SQLite" }

    func counts(_ record: TrailRecord) -> Bool { true }
    func keeps(_ record: TrailRecord) -> Bool { true }
    var knowsArrival: Bool { false }

    func make(_ catalog: UsageCatalog, now: Int64, days: Int) async throws -> any FillableStore {
        let folder = try TemporaryFolder()
        let local = try LocalStore(path: folder.path + "/usage.db")
        let time = now - Int64(days) * 86400...now
        return Filled(
            local: local,
            store: StoredRecords(local, catalog, time: time),
            catalog: catalog,
            now: now,
            folder: folder
        )
    }

    func violations() async throws -> [String] { [] }

    private struct Filled: FillableStore {
        let local: LocalStore
        let store: any UsageStore
        let catalog: UsageCatalog
        let now: Int64
        let folder: TemporaryFolder

        func add(_ paths: [String]) async throws {
            let ingest = Ingest(local, catalog, AccountDirectory(), receivedAt: now)
            let outcome = try await ingest.run(try InputFiles(paths), Progress())
            #expect(outcome.report.setAsideCount == 0)
        }
    }
}
