import TestSupport
import Testing

/// Every home of records and incidents through the same trial; the domain joins where there is a node of OpenSearch.
@Suite("Homes of records and incidents", .serialized)
struct StoreTests {
    @Suite("SQLite", .serialized)
    struct Local {
        @Test func `records of ten days lead to what a reading of them leads to`() async throws {
            let folder = try TemporaryFolder()
            let paths = [StoreTrial.byHand, try TenDays.write(to: folder)]
            try await StoreTrial(LocalHome()).detects(paths, leastIncidents: 4)
        }

        @Test func `incidents are kept in turn`() async throws {
            try await StoreTrial(LocalHome()).keepsIncidentsInTurn()
        }

        @Test func `of writers that have seen the same one wins`() async throws {
            try await StoreTrial(LocalHome()).letsOneWriterWin()
        }

        @Test func `one wins of writers that write at the same time`() async throws {
            try await StoreTrial(LocalHome()).letsOneWriterWin(atOnce: true)
        }

        @Test func `incidents are found by state and end`() async throws {
            try await StoreTrial(LocalHome()).findsIncidents()
        }

        @Test func `an empty store says nothing`() async throws {
            try await StoreTrial(LocalHome()).saysNothingOfNothing()
        }
    }

    /// Writers take turns here: the stand-in looks and writes without a lock, which DynamoDB does in one step.
    @Suite(
        "State table",
        .serialized,
        .enabled(if: StrictAWS.isAvailable, "needs ../shared/tools/strict_aws.py and python3 with moto[server]")
    )
    struct State {
        @Test func `records of ten days lead to what a reading of them leads to`() async throws {
            let folder = try TemporaryFolder()
            let paths = [StoreTrial.byHand, try TenDays.write(to: folder)]
            try await StoreTrial(StateHome()).detects(paths, leastIncidents: 4)
        }

        @Test func `incidents are kept in turn`() async throws {
            try await StoreTrial(StateHome()).keepsIncidentsInTurn()
        }

        @Test func `of writers that have seen the same one wins`() async throws {
            try await StoreTrial(StateHome()).letsOneWriterWin()
        }

        @Test func `incidents are found by state and end`() async throws {
            try await StoreTrial(StateHome()).findsIncidents()
        }

        @Test func `an empty store says nothing`() async throws {
            try await StoreTrial(StateHome()).saysNothingOfNothing()
        }
    }
}

extension IntegrationTests {
    @Suite("Home of records and incidents: OpenSearch", .serialized)
    struct Domain {
        @Test func `records of ten days lead to what a reading of them leads to`() async throws {
            let folder = try TemporaryFolder()
            let paths = [StoreTrial.byHand, try TenDays.write(to: folder)]
            try await StoreTrial(DomainHome()).detects(paths, leastIncidents: 4)
        }

        @Test func `incidents are kept in turn`() async throws {
            try await StoreTrial(DomainHome()).keepsIncidentsInTurn()
        }

        @Test func `of writers that have seen the same one wins`() async throws {
            try await StoreTrial(DomainHome()).letsOneWriterWin()
        }

        @Test func `one wins of writers that write at the same time`() async throws {
            try await StoreTrial(DomainHome()).letsOneWriterWin(atOnce: true)
        }

        @Test func `incidents are found by state and end`() async throws {
            try await StoreTrial(DomainHome()).findsIncidents()
        }

        @Test func `an empty store says nothing`() async throws {
            try await StoreTrial(DomainHome()).saysNothingOfNothing()
        }
    }
}
