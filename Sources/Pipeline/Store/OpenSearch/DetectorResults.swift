import AWSAccess
import UsageCore

/// Reads what the domain's own detectors have found (OpenSearch documentation, "Anomaly result mapping").
struct DetectorResults: Sendable {
    let client: SearchClient

    private static let index = "opensearch-ad-plugin-result-usage"
    private static let page = 1000
    /// Pages of one reading: far more than the detectors find in a day, unless they find everything strange.
    private static let mostPages = 10

    /// Results in real time of the detectors by place, executed at `since` or later; none where no detector was ever made.
    ///
    /// - Parameter since: Seconds since 1970.
    /// - Returns: In the order of execution; a page's worth from the beginning where there are too many.
    /// - Throws: `SearchFailure`, `ServiceFailure`.
    func since(_ since: Int64) async throws -> [PluginResult] {
        var results: [PluginResult] = []
        var after: AWSAccess.JSONValue?
        for _ in 0..<Self.mostPages {
            let reply: SearchReply
            do {
                reply = try await client.search(Self.index, Self.query(since, after))
            } catch SearchFailure.refused(_, let refusal) where refusal.status == 404 {
                return []
            }
            results += reply.documents.compactMap { document in
                (try? UsageCore.JSONValue.parse(document.source)).flatMap(PluginResult.init)
            }
            guard reply.documents.count == Self.page, let sort = reply.documents.last?.about["sort"] else { break }
            after = sort
        }
        return results
    }

    private static func query(_ since: Int64, _ after: AWSAccess.JSONValue?) -> AWSAccess.JSONValue {
        let leastGrade = AWSAccess.JSONValue.number("\(PluginResult.leastGrade)")
        return [
            "size": .integer(page), "track_total_hits": false, "search_after": after,
            "sort": [["execution_end_time": "asc"], ["model_id": "asc"]],
            "query": [
                "bool": [
                    "filter": [
                        ["range": ["anomaly_grade": ["gte": leastGrade]]],
                        [
                            "range": [
                                "execution_end_time": ["gte": .integer(Int(since) * 1000), "format": "epoch_millis"]
                            ]
                        ],
                        ["nested": ["path": "entity", "query": ["term": ["entity.name": "usage.place"]]]],
                    ],
                    // Historical runs have a task; what they find is past.
                    "must_not": [["exists": ["field": "task_id"]]],
                ]
            ],
        ]
    }
}
