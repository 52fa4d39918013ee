import AWSAccess
import UsageCore

/// A monitor that tells by the channel when a detector has found something (OpenSearch documentation, "Alerting API").
///
/// Its message is JSON that says where to look; the processor looks itself and takes nothing from it on trust.
struct MonitorPart: DomainPart {
    let kind = "monitor"
    /// Of the detector too.
    let name: String
    let intervalMinutes: Int

    /// Grades below are a detector's small talk.
    private static let leastGrade = "0.5"
    private static let path = "/_plugins/_alerting/monitors"
    private static let message =
        #"{"monitor":"{{ctx.monitor.name}}","trigger":"{{ctx.trigger.name}}","severity":"{{ctx.trigger.severity}}","#
        + #""periodStart":"{{ctx.periodStart}}","periodEnd":"{{ctx.periodEnd}}"}"#

    private func body(detector: String, standing: AWSAccess.JSONValue?) -> AWSAccess.JSONValue {
        let trigger = standing?["triggers"]?.array?.first?["query_level_trigger"]
        let action = trigger?["actions"]?.array?.first
        let asked = asked(detector)
        return [
            "type": "monitor", "monitor_type": "query_level_monitor", "name": .string(name), "enabled": true,
            "schedule": ["period": ["interval": .integer(intervalMinutes), "unit": "MINUTES"]],
            "inputs": [asked],
            "triggers": [
                [
                    "query_level_trigger": [
                        // Without their ids a trigger and its action would count as new ones, and their alerts as deleted.
                        "id": trigger?["id"], "name": "anomaly", "severity": "2",
                        "condition": [
                            "script": [
                                "source": "return ctx.results[0].hits.total.value > 0", "lang": "painless",
                            ]
                        ],
                        "actions": [
                            [
                                "id": action?["id"], "name": .string("\(PartMark.owner) \(digest(detector))"),
                                "destination_id": .string(ChannelPart.id),
                                "subject_template": [
                                    "lang": "mustache", "source": "Unusual usage: {{ctx.monitor.name}}",
                                ],
                                "message_template": ["lang": "mustache", "source": .string(Self.message)],
                                "throttle_enabled": false,
                            ]
                        ],
                    ]
                ]
            ],
        ]
    }

    private func asked(_ detector: String) -> AWSAccess.JSONValue {
        [
            "search": [
                "indices": ["opensearch-ad-plugin-result-usage"],
                "query": [
                    "size": 0,
                    "query": [
                        "bool": [
                            "filter": [
                                ["term": ["detector_id": .string(detector)]],
                                ["range": ["anomaly_grade": ["gte": .number(Self.leastGrade)]]],
                                [
                                    "range": [
                                        "execution_end_time": [
                                            "gt": .string("{{period_end}}||-\(intervalMinutes)m"),
                                            "lte": "{{period_end}}", "format": "epoch_millis",
                                        ]
                                    ]
                                ],
                            ]
                        ]
                    ],
                ],
            ]
        ]
    }

    private func digest(_ detector: String) -> String {
        PartMark.digest(
            of: "\(intervalMinutes) \(Self.message) \(String(decoding: asked(detector).bytes, as: UTF8.self))"
        )
    }

    private func find(_ domain: DomainClient) async throws -> (id: String, source: AWSAccess.JSONValue)? {
        let query: AWSAccess.JSONValue = ["size": 2, "query": ["term": ["monitor.name.keyword": .string(name)]]]
        let reply = try await domain.ask(.post, "\(Self.path)/_search", query, isSafeToRepeat: true)
        if reply.isAbsent { return nil }
        guard reply.refusal == nil else { throw reply.failure }
        guard let hit = reply.json?["hits"]?["hits"]?.array?.first, let id = hit["_id"]?.string,
            let source = hit["_source"]
        else { return nil }
        return (id, source["monitor"] ?? source)
    }

    func state(_ domain: DomainClient) async throws -> PartState {
        let found: (id: String, source: AWSAccess.JSONValue)?
        do {
            found = try await find(domain)
        } catch ProvisionFailure.refused(_, let status, let reason) where status == 400 && reason.contains("no handler")
        {
            return .unsupported("the domain has no alerting")
        }
        guard let found else { return .absent }
        let action = found.source["triggers"]?.array?.first?["query_level_trigger"]?["actions"]?.array?.first
        let text = action?["name"]?.string ?? ""
        guard let digest = PartMark.digest(in: text) else { return .foreign("its action is \(text)") }
        let detector = try await DetectorPart.find(name, domain)?.id
        return detector.map(self.digest) == digest ? .current(id: found.id) : .different(id: found.id)
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        guard let detector = try await DetectorPart.find(name, domain)?.id else {
            return .pending("its detector is not there yet")
        }
        if case .different(let id) = state {
            let standing = try await domain.must(.get, "\(Self.path)/\(id)")
            let body = body(detector: detector, standing: standing["monitor"])
            try await domain.must(.put, "\(Self.path)/\(id)", query: DomainClient.condition(standing), body)
            return .updated
        }
        try await domain.must(.post, Self.path, body(detector: detector, standing: nil), isSafeToRepeat: false)
        return .created
    }

    func remove(_ domain: DomainClient, _ state: PartState) async throws {
        guard let id = state.id else { return }
        try await domain.must(.delete, "\(Self.path)/\(id)")
    }
}
