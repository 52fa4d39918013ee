import AWSAccess
import Testing

@testable import Pipeline

@Suite struct ConnectorRetentionTests {
    private let day: Int64 = 86400

    private func id(_ name: String) -> String { "usage-incident/\(name)" }

    @Test func `what has ended before retention is not put, and what is open always`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("old", ago: 60, state: "resolved", endedAgo: 31 * day)
        fixture.add("open", ago: 60, endedAgo: 31 * day)
        #expect(try await fixture.run().counts == ["put": 1])
        #expect(fixture.wire.documents.keys.sorted() == [id("open")])
    }

    @Test func `documents past their retention are removed, once a day, and others' are left alone`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a", state: "resolved")
        _ = try await fixture.run()
        fixture.wire.set("handbook", .init(json: .null, updatedAt: 0))
        fixture.wire.set("usage-incidents", .init(json: .null, updatedAt: 0))
        fixture.wire.set(id("going"), .init(json: .null, updatedAt: 0, status: "DELETING"))
        fixture.pass(29 * day)
        #expect(try await fixture.run().counts == ["unchanged": 1])
        #expect(fixture.wire.documents[id("a")] != nil)
        fixture.pass(2 * day)
        fixture.incidents.remove("a")
        #expect(try await fixture.run().counts == ["removed": 1])
        #expect(fixture.wire.deletions == [[id("a")]])
        #expect(fixture.wire.documents.keys.sorted() == ["handbook", id("going"), "usage-incidents"])
        let listings = fixture.wire.listings
        fixture.pass(3600)
        _ = try await fixture.run()
        #expect(fixture.wire.listings == listings)
    }

    @Test func `a store that lost its incidents does not empty the index`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        _ = try await fixture.run()
        fixture.incidents.remove("a")
        fixture.pass(2 * day)
        #expect(try await fixture.run().counts == [:])
        #expect(fixture.wire.documents.count == 1)
    }

    @Test func `what has become a part of another incident is removed`() async throws {
        let fixture = try ConnectorFixture()
        for name in ["a", "b"] { fixture.add(name) }
        _ = try await fixture.run()
        fixture.pass(2 * day)
        fixture.incidents.remove("b")
        fixture.incidents.put(.example("a", end: fixture.now, updatedAt: fixture.now, mergedFrom: ["b"]))
        #expect(try await fixture.run().counts == ["put": 1, "removed": 1])
        #expect(fixture.wire.documents.keys.sorted() == [id("a")])
    }

    @Test func `what the index took and could not process is put again`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        _ = try await fixture.run()
        let document = try #require(fixture.wire.documents[id("a")])
        fixture.wire.set(
            id("a"),
            .init(json: document.json, updatedAt: document.updatedAt, status: "DOCUMENT_FAILED_TO_INDEX")
        )
        fixture.pass(2 * day)
        #expect(try await fixture.run().counts == ["put": 1, "unchanged": 1])
        #expect(fixture.wire.documents[id("a")]?.status == "INDEXED")
    }

    @Test func `the daily look finds a change whose end lies far back`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a", ago: 9 * day)
        _ = try await fixture.run()
        fixture.pass(3600)
        _ = try await fixture.run()
        fixture.add("a", ago: 60, state: "resolved", endedAgo: 9 * day)
        _ = try await fixture.run()
        fixture.pass(day)
        _ = try await fixture.run()
        let attributes = fixture.wire.documents[id("a")]?.json["attributes"]?.array ?? []
        #expect(attributes.first { $0["name"]?.string == "state" }?["value"]?["stringValue"]?.string == "resolved")
    }
}
