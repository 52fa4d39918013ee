import Pipeline
import UsageCore

/// A real node of OpenSearch, through the stand-in for AWS.
struct DomainHome: TrialHome {
    var testDescription: String { "OpenSearch" }

    func counts(_ record: TrailRecord) -> Bool { true }
    func keeps(_ record: TrailRecord) -> Bool { true }
    var knowsArrival: Bool { true }

    func make(_ catalog: UsageCatalog, now: Int64, days: Int) async throws -> any FillableStore {
        let stack = try await Stack.fresh()
        let home = OpenSearchStore.Home(
            session: try stack.session(),
            endpoint: stack.aws,
            catalog: catalog,
            lookbackDays: days,
            evaluationSeconds: 4800,
            now: { now }
        )
        return Filled(stack: stack, home: home, catalog: catalog, now: now)
    }

    func violations() async throws -> [String] { try await Stack().violations() }

    private struct Filled: FillableStore {
        let stack: Stack
        let home: OpenSearchStore.Home
        let catalog: UsageCatalog
        let now: Int64

        var store: any UsageStore { home.store(until: .now + .seconds(300)) }

        func add(_ paths: [String]) async throws {
            let trail = StoredTrail(catalog: catalog, directory: AccountDirectory(), receivedAt: now)
            for path in paths { try await trail.load(path, into: stack) }
        }
    }
}
