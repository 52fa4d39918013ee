import AWSAccess

/// Which documents of an index pattern a panel looks at.
package enum PanelScope: Sendable {
    case everything
    /// Records of watched usages that others than our own functions made.
    case watched
    /// Those of one usage.
    case usage(String)
    /// Incidents that did not become part of another.
    case incidents
    /// Those that go on.
    case openIncidents
    /// Those in which several accounts have a part.
    case sharedIncidents

    /// What the documents must meet, and what they must not.
    var clauses: (must: [JSONValue], mustNot: [JSONValue]) {
        let ownLeftOut: JSONValue = ["term": ["self": false]]
        let merged: JSONValue = ["exists": ["field": "thread.mergedInto"]]
        let incident: JSONValue = ["exists": ["field": "incidentId"]]
        return switch self {
        case .everything: ([], [])
        case .watched: ([["exists": ["field": "usage.name"]], ownLeftOut], [])
        case .usage(let name): ([["term": ["usage.name": .string(name)]], ownLeftOut], [])
        case .incidents: ([incident], [merged])
        case .openIncidents: ([incident, ["term": ["state": "open"]]], [merged])
        case .sharedIncidents:
            ([incident, ["terms": ["pattern": ["multi-account", "organization-wide"]]]], [merged])
        }
    }

    /// For people who look at the filter.
    var label: String {
        switch self {
        case .everything: "all"
        case .watched: "watched, not our own"
        case .usage(let name): "\(name), not our own"
        case .incidents: "incidents, not merged"
        case .openIncidents: "open incidents"
        case .sharedIncidents: "incidents of several accounts"
        }
    }

    /// The clauses as one query; nil for everything.
    var query: JSONValue? {
        let (must, mustNot) = clauses
        if must.isEmpty, mustNot.isEmpty { return nil }
        return ["bool": ["filter": .array(must), "must_not": .array(mustNot)]]
    }
}
