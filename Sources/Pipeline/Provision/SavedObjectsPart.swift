import AWSAccess
import UsageCore

/// Saved objects of OpenSearch Dashboards that are set up together: the index patterns, or a dashboard with its panels.
///
/// They go into the tenant that all share. Detection does without them, so that a domain whose Dashboards does not answer, or takes no
/// signed requests, is set up all the same: the reason stands in what is reported (OpenSearch documentation, "Saved objects APIs").
struct SavedObjectsPart: DomainPart {
    let kind: String
    let name: String
    let objects: [SavedObject]

    private static let path = "/_dashboards/api/saved_objects"
    /// Without a tenant's name the caller's own would be written, which nobody else sees.
    private static let headers: HTTPHeaders = ["osd-xsrf": "true", "securitytenant": "global"]
    private static let byHand = "import Infrastructure/dashboards.ndjson by hand"

    private func path(_ object: SavedObject) -> String { "\(Self.path)/\(object.kind.rawValue)/\(object.id)" }

    func state(_ domain: DomainClient) async throws -> PartState {
        var states: [PartState] = []
        for object in objects {
            let state = await look(object, domain).state
            switch state {
            case .foreign, .unsupported, .hidden, .unreachable: return state
            case .absent, .current, .different: states.append(state)
            }
        }
        if states.allSatisfy({ $0 == .absent }) { return .absent }
        return states.allSatisfy(Self.isCurrent) ? .current(id: name) : .different(id: name)
    }

    private static func isCurrent(_ state: PartState) -> Bool { if case .current = state { true } else { false } }

    /// What stands under an object's id: how it compares with the object, and the panels that it names.
    private func look(_ object: SavedObject, _ domain: DomainClient) async -> (state: PartState, panels: [String]) {
        let reply: DomainClient.Reply
        do {
            reply = try await domain.send(.get, path(object), Self.headers)
        } catch { return (.unreachable("\(error)"), []) }
        let panels = (reply.json?["references"]?.array ?? []).filter { $0["type"] == "visualization" }
        return (state(object, reply), panels.compactMap { $0["id"]?.string })
    }

    private func state(_ object: SavedObject, _ reply: DomainClient.Reply) -> PartState {
        let message = reply.json?["message"]?.string ?? ""
        switch reply.status {
        case 200:
            guard let attributes = reply.json?["attributes"] else {
                return .unsupported("what answers at /_dashboards is no Dashboards; \(Self.byHand)")
            }
            return object.state(attributes)
        case 404 where message.hasPrefix("Saved object"): return .absent
        case 404: return .unsupported("the domain has no Dashboards at /_dashboards; \(Self.byHand)")
        case 300..<400, 401, 403:
            return .hidden(
                "Dashboards takes no signed requests of this caller (HTTP \(reply.status) \(message)); \(Self.byHand)"
            )
        case 429, 500...: return .unreachable("Dashboards answered HTTP \(reply.status) \(message)")
        default:
            return .unsupported(
                reply.isUnknownPath
                    ? "the domain has no Dashboards; \(Self.byHand)"
                    : "Dashboards answered HTTP \(reply.status) \(message); \(Self.byHand)"
            )
        }
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        var lines: [UInt8] = []
        var count = 0
        var panels: [String] = []
        for object in objects {
            let found = await look(object, domain)
            panels += found.panels
            switch found.state {
            case .absent, .different:
                lines += object.json.bytes + [0x0A]
                count += 1
            case .current: continue
            case .foreign(let evidence):
                throw ProvisionFailure.foreign(kind: object.kind.rawValue, name: object.id, evidence: evidence)
            case .unsupported(let why), .hidden(let why): return .skipped(why)
            case .unreachable(let why): return .pending(why)
            }
        }
        guard count > 0 else { return .unchanged }
        if let trouble = try await importing(lines, domain) { return trouble }
        try await removeFormer(panels, domain)
        return state == .absent ? .created : .updated
    }

    /// Removes panels of ours that a dashboard has shown and shows no longer, as of a usage that left the catalog.
    private func removeFormer(_ panels: [String], _ domain: DomainClient) async throws {
        for id in Set(panels).subtracting(objects.map(\.id)).sorted() {
            let former = SavedObject(.visualization, id, [:], [])
            // Anything that people put there is without our mark.
            guard case .different = await look(former, domain).state else { continue }
            try await delete(former, domain)
        }
    }

    private func delete(_ object: SavedObject, _ domain: DomainClient) async throws {
        let reply = try await domain.send(.delete, path(object), Self.headers, isSafeToRepeat: true)
        guard reply.isAbsent || reply.refusal == nil else { throw reply.failure }
    }

    /// Imports lines; nil where all were taken.
    private func importing(_ lines: [UInt8], _ domain: DomainClient) async throws -> PartChange.Action? {
        let boundary = "\(PartMark.owner)-\(PartMark.digest(of: String(decoding: lines, as: UTF8.self)))"
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dashboards.ndjson\"\r\n"
            + "Content-Type: application/ndjson\r\n\r\n"
        var headers = Self.headers
        headers.set("Content-Type", to: "multipart/form-data; boundary=\(boundary)")
        let reply: DomainClient.Reply
        do {
            reply = try await domain.send(
                .post,
                "\(Self.path)/_import",
                query: "overwrite=true",
                headers,
                Array(head.utf8) + lines + Array("\r\n--\(boundary)--\r\n".utf8),
                isSafeToRepeat: true
            )
        } catch { return .pending("\(error)") }
        if reply.status == 200, reply.json?["success"]?.bool == true { return nil }
        // The answer to objects that were not taken is a 200 too.
        let evidence = reply.json?["errors"] ?? reply.json?["message"] ?? reply.json ?? .null
        let why = "Dashboards did not take it (HTTP \(reply.status) \(String(decoding: evidence.bytes, as: UTF8.self)))"
        return reply.status == 429 || reply.status >= 500 ? .pending(why) : .skipped("\(why); \(Self.byHand)")
    }

    /// Removes those of the objects that are ours, with panels of an earlier release that they show.
    func remove(_ domain: DomainClient, _ state: PartState) async throws {
        var panels: [String] = []
        for object in objects.reversed() {
            let found = await look(object, domain)
            panels += found.panels
            switch found.state {
            case .current, .different: try await delete(object, domain)
            case .absent, .foreign, .unsupported, .hidden: continue
            case .unreachable(let why):
                throw ProvisionFailure.refused(operation: "GET \(path(object))", status: 0, reason: why)
            }
        }
        try await removeFormer(panels, domain)
    }
}

extension SavedObject {
    /// How what stands under this object's id compares with it.
    ///
    /// The state of ours is told by the digest in its description, so that what people moved or coloured stays until we bring something new.
    /// An index pattern has no description: it is ours where it has our title, and current where it knows our fields.
    fileprivate func state(_ found: AWSAccess.JSONValue) -> PartState {
        if kind == .pattern {
            let title = found["title"]?.string ?? ""
            guard title == attributes["title"]?.string else {
                return .foreign("\(kind.rawValue) \(id) is for \(title)")
            }
            let isCurrent =
                found["timeFieldName"] == attributes["timeFieldName"]
                && Self.fields(found).isSuperset(of: Self.fields(attributes))
            return isCurrent ? .current(id: id) : .different(id: id)
        }
        let text = found["description"]?.string ?? ""
        guard let digest = PartMark.digest(in: text) else {
            return .foreign("\(kind.rawValue) \(id) \(text.isEmpty ? "has no description" : "says: \(text)")")
        }
        let isCurrent = digest == PartMark.digest(in: attributes["description"]?.string ?? "")
        return isCurrent ? .current(id: id) : .different(id: id)
    }

    /// Names, types and scripts of an index pattern's fields.
    private static func fields(_ attributes: AWSAccess.JSONValue) -> Set<[String]> {
        let text = attributes["fields"]?.string ?? ""
        return Set(
            (AWSAccess.JSONValue(Array(text.utf8))?.array ?? []).map { field in
                ["name", "type", "script"].map { field[$0]?.string ?? "" }
            }
        )
    }
}
