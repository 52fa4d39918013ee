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
    static let path = "/_plugins/_alerting/monitors"
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

    func state(_ domain: DomainClient) async throws -> PartState {
        switch try await domain.find(name, by: "monitor.name.keyword", in: Self.path) {
        case .unknownPath: return .unsupported("the domain has no alerting")
        case .nothing: return .absent
        case .document(let id, let source):
            // The index holds a monitor as such or within `monitor`, as the version is.
            let trigger = (source["monitor"] ?? source)["triggers"]?.array?.first?["query_level_trigger"]
            let text = trigger?["actions"]?.array?.first?["name"]?.string ?? ""
            guard let digest = PartMark.digest(in: text) else { return .foreign("its action is \(text)") }
            let detector = try await DetectorPart.find(name, domain).id
            return detector.map(self.digest) == digest ? .current(id: id) : .different(id: id)
        }
    }

    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action {
        guard let detector = try await DetectorPart.find(name, domain).id else {
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
