import AWSAccess
import UsageCore

/// Incidents in the index `usage-incidents`, one document each; writes hold only for the version that was read.
extension OpenSearchStore {
    /// Incidents of a page.
    private static let incidentPage = 500

    package func incidents(endingSince since: Int64) async throws -> [KeptIncident] {
        let filter = SearchFilter.all([
            SearchFilter.exists("incidentId"),
            SearchFilter.any([SearchFilter.term("state", "open"), SearchFilter.time("end", from: since)]),
        ])
        var kept: [KeptIncident] = []
        var after: AWSAccess.JSONValue?
        while true {
            let body: AWSAccess.JSONValue = [
                "size": .integer(Self.incidentPage), "track_total_hits": false, "seq_no_primary_term": true,
                "query": filter, "sort": [["start": "asc"], ["incidentId": "asc"]], "search_after": after,
            ]
            let reply: SearchReply
            do {
                reply = try await client.search(IncidentTemplate.index, body)
            } catch SearchFailure.refused(_, let refusal) where refusal.status == 404 {
                try await createIndex()
                return []
            }
            let found = reply.documents
            for (about, source) in found {
                guard let version = Self.version(about), let incident = StoredIncident(document: source) else {
                    continue
                }
                kept.append(KeptIncident(incident: incident, version: version))
            }
            after = found.last?.about["sort"]
            if found.count < Self.incidentPage || after == nil { return kept }
        }
    }

    package func keep(_ incident: StoredIncident, replacing replaced: KeptIncident?) async throws -> KeptIncident? {
        let version = try await write(
            incident.document,
            id: incident.incidentID,
            replacing: replaced?.version
        )
        return version.map { KeptIncident(incident: incident, version: $0) }
    }

    /// Where the index is missing it is made as its template has it: one that a first document brings about would guess its types.
    private func createIndex() async throws {
        let path = "/\(IncidentTemplate.index)"
        let known = try await client.send(.head, path)
        if known.status == 200 { return }
        guard known.status == 404 else {
            throw SearchFailure.refused(operation: "HEAD \(path)", OpenSearch.refusal(known))
        }
        let response = try await client.send(.put, path, body: Array(IncidentTemplate.indexJSON.utf8))
        // Another one may have been faster.
        guard response.status == 200 || OpenSearch.refusal(response).code.contains("resource_already_exists") else {
            throw SearchFailure.refused(operation: "PUT \(path)", OpenSearch.refusal(response))
        }
    }

    /// Writes a document where it is still the version that was read, or nothing if that is nil, and makes it visible to searches.
    ///
    /// A try whose answer was lost is not told from another writer's: the caller reads what stands there, as after any conflict.
    func write(_ document: String, id: String, replacing version: String?) async throws -> String? {
        if version == nil { try await createIndex() }
        let id = PercentEncoding.encode(id)
        var query = "refresh=true"
        var path = "/\(IncidentTemplate.index)/_create/\(id)"
        if let version {
            let parts = version.split(separator: ".")
            guard parts.count == 2 else { return nil }
            path = "/\(IncidentTemplate.index)/_doc/\(id)"
            query = "if_primary_term=\(parts[1])&if_seq_no=\(parts[0])&refresh=true"
        }
        let response = try await client.send(.put, path, query: query, body: Array(document.utf8))
        switch response.status {
        case 200, 201:
            guard let tree = AWSAccess.JSONValue(response.body), let version = Self.version(tree) else {
                throw SearchFailure.unreadable(operation: "PUT \(path)", evidence: "no version")
            }
            return version
        case 409: return nil
        default: throw SearchFailure.refused(operation: "PUT \(path)", OpenSearch.refusal(response))
        }
    }

    /// A document by its id, with its version; nil where there is none.
    func document(id: String) async throws -> (source: [UInt8], version: String)? {
        let path = "/\(IncidentTemplate.index)/_doc/\(PercentEncoding.encode(id))"
        let response = try await client.send(.get, path)
        if response.status == 404 { return nil }
        guard response.status == 200 else {
            throw SearchFailure.refused(operation: "GET \(path)", OpenSearch.refusal(response))
        }
        guard let reply = SearchReply(response.body), let version = Self.version(reply.tree),
            let source = reply.hits.first?.source
        else { throw SearchFailure.unreadable(operation: "GET \(path)", evidence: "\(response.body.count) bytes") }
        return (source, version)
    }

    private static func version(_ about: AWSAccess.JSONValue) -> String? {
        guard let number = about["_seq_no"]?.int, let term = about["_primary_term"]?.int else { return nil }
        return "\(number).\(term)"
    }
}
