import AWSAccess
import UsageCore

extension StateTable {
    package func incidents(endingSince since: Int64) async throws -> [KeptIncident] {
        let isWanted = DynamoDB.Expression(
            "#state = :open OR #end >= :since",
            names: ["#state": "state", "#end": "end"],
            values: [":open": .string("open"), ":since": .number(String(since))]
        )
        var kept: [KeptIncident] = []
        try await pages(of: StateKey.incidents, filter: isWanted, deadline: deadline) { items in
            kept += try items.map(read)
        }
        return kept
    }

    package func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) async throws -> KeptIncident? {
        let version = (replaced.flatMap { Int($0.version) } ?? 0) + 1
        // Tells our own write, whose answer was lost, from another's of the same content.
        let writer = Digest128(of: "\(incident.incidentID) \(clock.now().milliseconds) \(clock.random())").hexadecimal
        let item = item(incident, version: version, writer: writer)
        let condition =
            replaced.map {
                DynamoDB.Expression("#v = :v", names: ["#v": "version"], values: [":v": .number($0.version)])
            } ?? Self.isNew
        do throws(ServiceFailure) {
            try await dynamo.putItem(item, table: name, condition: condition, isSafeToRepeat: true, deadline: deadline)
        } catch {
            guard error.kind == .conditionFailed else { throw error }
            let key = StateKey.incident(incident.incidentID)
            let standing = try await dynamo.getItem(key, table: name, isConsistent: true, deadline: deadline)
            guard standing?["writer"] == .string(writer) else { return nil }
        }
        return KeptIncident(incident: incident, version: String(version))
    }

    private func item(_ incident: StoredIncident, version: Int, writer: String) -> DynamoDB.Item {
        var item = StateKey.incident(incident.incidentID)
        item["document"] = .string(incident.document)
        item["state"] = .string(incident.state)
        item["severity"] = .string(incident.severity)
        item["start"] = .number(String(incident.start))
        item["end"] = .number(String(incident.end))
        item["updatedAt"] = .number(String(incident.updatedAt))
        item["version"] = .integer(version)
        item["writer"] = .string(writer)
        if incident.state != "open" { item[StateKey.expiry] = .number(String(incident.end + retentionSeconds)) }
        return item
    }

    private func read(_ item: DynamoDB.Item) throws -> KeptIncident {
        guard let id = item[StateKey.sort]?.string, let document = item["document"]?.string,
            let state = item["state"]?.string, let severity = item["severity"]?.string,
            let start = item["start"]?.int, let end = item["end"]?.int, let updatedAt = item["updatedAt"]?.int,
            let version = item["version"]?.int
        else { throw StateFailure.unreadableIncident(table: name, id: item[StateKey.sort]?.string ?? "") }
        return KeptIncident(
            incident: StoredIncident(
                incidentID: id,
                state: state,
                start: Int64(start),
                end: Int64(end),
                severity: severity,
                document: document,
                updatedAt: Int64(updatedAt)
            ),
            version: String(version)
        )
    }
}
