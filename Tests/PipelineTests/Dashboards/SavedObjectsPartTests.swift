import AWSAccess
import Testing
import UsageCore

@testable import Pipeline

/// Dashboards and their panels in a domain: what is written, what is left alone, and what is said where Dashboards is not to be had.
@Suite struct SavedObjectsPartTests {
    private let wire = DashboardsOnWire()
    private let time = StandingClock()

    private func domain() throws -> DomainClient {
        let session = try AWSSession.onWire(wire, time)
        let endpoint = Endpoint(host: "search-x.eu-west-1.es.amazonaws.com")
        return DomainClient(search: OpenSearch(session: session, endpoint: endpoint), deadline: time.now + .seconds(60))
    }

    private func parts() throws -> [SavedObjectsPart] {
        let dashboards = UsageDashboards(try UsageCatalog.builtIn())
        let patterns = try dashboards.patterns()
        return [SavedObjectsPart(kind: "index patterns", name: "usage-anomalies", objects: patterns)]
            + dashboards.all.map { SavedObjectsPart(kind: "dashboard", name: $0.id, objects: $0.objects) }
    }

    private func part() throws -> SavedObjectsPart { try #require(parts().first { $0.name.hasSuffix("-cost") }) }

    @Test func `all are written once for all tenants, and are current then`() async throws {
        for part in try parts() {
            #expect(try await part.state(domain()) == .absent)
            #expect(try await part.write(domain(), over: .absent) == .created)
        }
        #expect(try wire.writes.count == parts().count)
        wire.forgetWrites()
        for part in try parts() { #expect(try await part.state(domain()) == .current(id: part.name)) }
        #expect(wire.writes.isEmpty)
        #expect(wire.tenants == ["global"])
        for part in try parts().reversed() { try await part.remove(domain(), .current(id: part.name)) }
        #expect(wire.objects.isEmpty)
    }

    @Test func `what people changed stays, and only what we bring anew is written`() async throws {
        let part = try part()
        _ = try await part.write(domain(), over: .absent)
        let key = "visualization/usage-anomalies-cost-days"
        let standing = try #require(wire.objects[key])
        let attributes = try #require(standing["attributes"])
        wire.set(key, standing.with("attributes", attributes.with("title", "my own words")))
        #expect(try await part.state(domain()) == .current(id: part.name))
        let older = "\(attributes["description"]?.string?.dropLast(5) ?? "")0000]"
        wire.set(key, standing.with("attributes", attributes.with("description", .string(older))))
        let other = "visualization/usage-anomalies-cost-usages"
        wire.set(other, try #require(wire.objects[other]).with("kept", true))
        #expect(try await part.state(domain()) == .different(id: part.name))
        #expect(try await part.write(domain(), over: .different(id: part.name)) == .updated)
        #expect(wire.objects[key] == standing)
        #expect(wire.objects[other]?["kept"]?.bool == true)
    }

    /// As an earlier release left it: with one panel more, and one that somebody put there.
    private func leaveFormer(_ part: SavedObjectsPart) async throws {
        _ = try await part.write(domain(), over: .absent)
        let key = "dashboard/\(part.name)"
        let standing = try #require(wire.objects[key])
        let attributes = try #require(standing["attributes"])
        let text = attributes["description"]?.string ?? ""
        var references = standing["references"]?.array ?? []
        for id in ["usage-anomalies-former", "own-panel"] {
            let panel = try #require(wire.objects["visualization/usage-anomalies-cost-days"])
            let own: AWSAccess.JSONValue = ["attributes": ["title": "own", "description": "my words"]]
            wire.set("visualization/\(id)", id == "own-panel" ? own : panel)
            references.append(["name": .string(id), "type": "visualization", "id": .string(id)])
        }
        let older = attributes.with("description", .string("\(text.dropLast(5))0000]"))
        wire.set(key, standing.with("attributes", older).with("references", .array(references)))
    }

    @Test func `a panel of ours that a release shows no longer goes, at an update and at a removal`() async throws {
        let part = try part()
        try await leaveFormer(part)
        #expect(try await part.write(domain(), over: .different(id: part.name)) == .updated)
        #expect(wire.objects["visualization/usage-anomalies-former"] == nil)
        #expect(wire.objects["visualization/own-panel"] != nil)
        try await leaveFormer(part)
        try await part.remove(domain(), .different(id: part.name))
        #expect(Array(wire.objects.keys) == ["visualization/own-panel"])
    }

    @Test func `an index pattern that Dashboards refreshed is current while it knows our fields`() async throws {
        let part = try #require(parts().first)
        _ = try await part.write(domain(), over: .absent)
        let key = "index-pattern/usage-anomalies-records"
        let standing = try #require(wire.objects[key])
        let attributes = try #require(standing["attributes"])
        func set(fields: [AWSAccess.JSONValue]) {
            let text = String(decoding: AWSAccess.JSONValue.array(fields).bytes, as: UTF8.self)
            wire.set(key, standing.with("attributes", attributes.with("fields", .string(text))))
        }
        let known = AWSAccess.JSONValue(Array((attributes["fields"]?.string ?? "").utf8))
        let fields = try #require(known?.array)
        set(fields: fields.map { $0.with("count", 7) } + [["name": "own", "type": "string"]])
        #expect(try await part.state(domain()) == .current(id: part.name))
        set(fields: Array(fields.dropFirst()))
        #expect(try await part.state(domain()) == .different(id: part.name))
        wire.set(key, standing.with("attributes", attributes.with("title", "somebody-else-*")))
        guard case .foreign(let evidence) = try await part.state(domain()) else {
            Issue.record("it is not ours")
            return
        }
        #expect(evidence.contains("somebody-else-*"))
    }

    @Test func `what has our id and not our mark is neither written nor removed`() async throws {
        let part = try part()
        _ = try await part.write(domain(), over: .absent)
        let key = "dashboard/usage-anomalies-cost"
        let foreign: AWSAccess.JSONValue = ["attributes": ["title": "mine", "description": "my costs"]]
        wire.set(key, foreign)
        let state = try await part.state(domain())
        #expect(state == .foreign("dashboard usage-anomalies-cost says: my costs"))
        wire.forgetWrites()
        await #expect(throws: ProvisionFailure.self) { try await part.write(domain(), over: state) }
        #expect(wire.writes.isEmpty)
        try await part.remove(domain(), state)
        #expect(wire.objects == [key: foreign])
    }

    @Test(arguments: [
        (404, #"{"statusCode":404,"error":"Not Found","message":"Not Found"}"#, "no Dashboards at /_dashboards"),
        (400, #"{"error":"no handler found for uri [/_dashboards/x] and method [GET]"}"#, "no Dashboards"),
        (200, "<html>sign in</html>", "is no Dashboards"),
    ])
    func `where Dashboards is not to be had that is said, with what to do`(
        status: Int,
        body: String,
        says: String
    ) async throws {
        wire.answer(status, body)
        guard case .unsupported(let why) = try await part().state(domain()) else {
            Issue.record("HTTP \(status) is no place for saved objects")
            return
        }
        #expect(why.contains(says) && why.contains("import Infrastructure/dashboards.ndjson by hand"))
        #expect(wire.writes.isEmpty)
    }

    @Test(arguments: [302, 401, 403])
    func `where Dashboards lets the caller see nothing that is said, at a removal too`(status: Int) async throws {
        wire.answer(status, #"{"message":"no permissions"}"#)
        guard case .hidden(let why) = try await part().state(domain()) else {
            Issue.record("HTTP \(status) shows nothing")
            return
        }
        #expect(why.contains("takes no signed requests of this caller (HTTP \(status) no permissions)"))
    }

    @Test func `a Dashboards that does not answer is asked once, not for each dashboard`() async throws {
        wire.fallSilent()
        var reach = DashboardsReach(clock: time.clock)
        let parts = try parts()
        var states: [PartState] = []
        for part in parts { states.append(try await reach.state(of: part, domain())) }
        #expect(states.count == parts.count && Set(states.map { "\($0)" }).count == 1)
        let asked = wire.asked
        #expect(try await reach.write(parts[0], domain(), over: .absent) != .created)
        #expect(wire.asked == asked)
    }

    @Test func `what may pass is tried again later`() async throws {
        wire.answerImport(503, #"{"message":"not ready"}"#)
        guard case .pending(let busy) = try await part().write(domain(), over: .absent) else {
            Issue.record("a 503 passes")
            return
        }
        #expect(busy.contains("503") && busy.contains("not ready"))
        wire.fallSilent()
        guard case .unreachable(let why) = try await part().state(domain()) else {
            Issue.record("no answer is no answer")
            return
        }
        #expect(!why.isEmpty)
        await #expect(throws: ProvisionFailure.self) { try await part().remove(domain(), .current(id: "x")) }
    }

    @Test func `objects that an import did not take are told, though it answers 200`() async throws {
        wire.answerImport(
            200,
            #"{"success":false,"successCount":0,"errors":[{"id":"x","error":{"type":"missing_references"}}]}"#
        )
        guard case .skipped(let why) = try await part().write(domain(), over: .absent) else {
            Issue.record("nothing was taken")
            return
        }
        #expect(why.contains("missing_references"))
    }
}
