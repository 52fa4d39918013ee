import AWSAccess
import Pipeline
import Synchronization
import TestSupport
import Testing
import UsageCore

/// The state table, in the stand-in for DynamoDB: the only home of a deployment without a domain.
struct StateHome: TrialHome {
    private static let stand = Result { try StrictAWS() }

    var testDescription: String { "state table" }

    /// What is neither watched nor ends what is never reaches the table.
    func counts(_ record: TrailRecord) -> Bool { record.usage != nil || record.isEnd }
    /// Of high-volume usages it has sums alone.
    func keeps(_ record: TrailRecord) -> Bool { record.usage?.isLowVolume ?? record.isEnd }
    var knowsArrival: Bool { true }
    /// Of what is neither watched nor ends what is, it has the ledger alone.
    var hearsByArrival: Bool { true }

    func make(_ catalog: UsageCatalog, now: Int64, days: Int) async throws -> any FillableStore {
        let aws = try Self.stand.get()
        _ = try await aws.session()
        try await aws.makeTable("state")
        // Writers are told apart by what they draw: no two draws are the same.
        let draws = Draws()
        let session = try await aws.session(keeping: true, clock: CallClock(random: { draws.next() }))
        let settings = try Settings(environment: ["STATE_TABLE": "state", "ENABLE_ACCOUNT_ENRICHMENT": "false"])
        let table = StateTable(
            session: session,
            table: "state",
            catalog: catalog,
            retentionDays: days + 1,
            lookbackDays: days,
            now: { now }
        )
        return Filled(
            ingestion: Ingestion(settings, session, directory: nil),
            table: table,
            draws: draws,
            catalog: catalog,
            now: now
        )
    }

    func violations() async throws -> [String] { try await Self.stand.get().violations() }

    private final class Draws: Sendable {
        private let count = Atomic(0)

        /// From 0 up, below 1 for a million times.
        func next() -> Double { Double(count.add(1, ordering: .relaxed).oldValue) / 1e6 }
    }

    private struct Filled: FillableStore {
        let ingestion: Ingestion
        let table: StateTable
        let draws: Draws
        let catalog: UsageCatalog
        let now: Int64

        var store: any UsageStore { table.until(.now + .seconds(300)) }

        /// A file is a delivery.
        func add(_ paths: [String]) async throws {
            let matcher = UsageMatcher(catalog)
            for file in try InputFiles(paths) {
                var batch = IngestBatch(catalog, matcher, receivedAt: now)
                batch.begin(item: 0, source: file.path, identity: Digest128(of: file.path))
                var reader = RecordReader()
                let bytes = try FileBytes(file.path)
                while let piece = try bytes.next() { try batch.read(piece, &reader) }
                try batch.finish(&reader)
                let settlement = await ingestion.settle(batch, deadline: .now + .seconds(300))
                #expect(settlement.failures.isEmpty && settlement.report.isBalanced, "\(settlement.failures)")
                try await table.enter(
                    settlement.streams,
                    receivedAt: now,
                    invocation: Digest128(of: "\(draws.next())"),
                    deadline: .now + .seconds(300)
                )
            }
        }
    }
}
