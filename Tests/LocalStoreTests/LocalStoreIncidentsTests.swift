import Pipeline
import Testing

@testable import LocalStore

@Suite struct LocalStoreIncidentsTests {
    let folder: StoreFolder
    let store: LocalStore

    init() throws {
        folder = try StoreFolder()
        store = try LocalStore(path: folder.file("usage.db"))
    }

    private func incident(_ id: String, state: String = "open", start: Int64, end: Int64) -> StoredIncident {
        StoredIncident(
            incidentID: id,
            state: state,
            start: start,
            end: end,
            severity: "HIGH",
            document: #"{"incidentId":"\#(id)"}"#,
            updatedAt: 99
        )
    }

    @Test func `a later version takes the place of the earlier`() async throws {
        try await store.upsertIncident(incident("a", start: 10, end: 20))
        let later = incident("a", state: "resolved", start: 10, end: 40)
        try await store.upsertIncident(later)
        #expect(try await store.incidents() == [later])
    }

    @Test func `incidents that merged are gone in the same step`() async throws {
        try await store.upsertIncidents([incident("a", start: 10, end: 20), incident("b", start: 15, end: 30)])
        try await store.upsertIncidents([incident("a", start: 10, end: 30)], removing: ["b"])
        #expect(try await store.incidents().map(\.incidentID) == ["a"])
    }

    @Test func `incidents are found by the time they overlap and by state`() async throws {
        try await store.upsertIncidents([
            incident("late", start: 50, end: 60),
            incident("early", state: "resolved", start: 10, end: 20),
            incident("instant", start: 30, end: 30),
        ])
        func ids(_ from: Int64?, _ to: Int64?, _ state: String? = nil) async throws -> [String] {
            try await store.incidents(from: from, to: to, state: state).map(\.incidentID)
        }
        #expect(try await ids(nil, nil) == ["early", "instant", "late"])
        #expect(try await ids(19, 30) == ["early"])
        #expect(try await ids(20, 31) == ["instant"])
        #expect(try await ids(55, nil) == ["late"])
        #expect(try await ids(nil, nil, "open") == ["instant", "late"])
        #expect(try await ids(nil, 50, "resolved") == ["early"])
    }
}
