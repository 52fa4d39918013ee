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
        try await store.replaceIncidents(beginningIn: 0...100, with: [incident("a", start: 10, end: 20)])
        let later = incident("a", state: "resolved", start: 10, end: 40)
        // Its own id is its own, whatever time was evaluated.
        try await store.replaceIncidents(beginningIn: 50...60, with: [later])
        #expect(try await store.incidents() == [later])
    }

    @Test func `incidents that are found no more are gone, and those of another time stay`() async throws {
        let first = [("early", 9), ("a", 10), ("b", 20), ("late", 21)].map { incident($0, start: $1, end: 30) }
        try await store.replaceIncidents(beginningIn: .min ... .max, with: first)
        try await store.replaceIncidents(beginningIn: 10...20, with: [incident("c", start: 15, end: 30)])
        #expect(try await store.incidents().map(\.incidentID) == ["early", "c", "late"])
        try await store.replaceIncidents(beginningIn: .min ... .max, with: [])
        #expect(try await store.incidents().isEmpty)
    }

    @Test func `incidents are found by the time they overlap and by state`() async throws {
        try await store.replaceIncidents(
            beginningIn: .min ... .max,
            with: [
                incident("late", start: 50, end: 60),
                incident("early", state: "resolved", start: 10, end: 20),
                incident("instant", start: 30, end: 30),
            ]
        )
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
