import AWSAccess

/// What panels read: which indices, by which of their times, with the fields that the mapping has.
package enum IndexPattern: String, CaseIterable, Sendable {
    /// Records by the time of the event.
    case records
    /// The same records by the time of their arrival, those included whose own time cannot be believed.
    case arrivals
    /// Incidents by their beginning.
    case incidents

    package var id: String { "\(PartMark.owner)-\(rawValue)" }

    /// The indices.
    ///
    /// Dashboards lists patterns by this text, so each has another.
    package var title: String {
        switch self {
        case .records: "usage-records-*"
        case .arrivals: "usage-records-20*,usage-records-other*"
        case .incidents: "usage-incidents"
        }
    }

    package var timeField: String {
        switch self {
        case .records: "eventTime"
        case .arrivals: "ingest.receivedAt"
        case .incidents: "start"
        }
    }

    /// A field that is computed as it is asked for.
    package struct Scripted: Sendable {
        package let name: String
        package let script: String
    }

    /// Seconds between an event and its arrival here.
    static let delay = Scripted(
        name: "arrivalDelaySeconds",
        script: "doc['ingest.receivedAt'].size() == 0 || doc['eventTime'].size() == 0 ? null : "
            + "(doc['ingest.receivedAt'].value.toInstant().toEpochMilli() - doc['eventTime'].value.toInstant().toEpochMilli())"
            + " / 1000.0"
    )

    package var scripted: [Scripted] { self == .arrivals ? [Self.delay] : [] }

    /// The saved object.
    ///
    /// - Parameter template: The body of the index template whose indices it is for.
    /// - Returns: With the fields of the template's mapping.
    package func object(template: JSONValue) -> SavedObject {
        var fields = Self.fields(template["template"]?["mappings"]?["properties"], "")
        fields += [
            Self.field("_id", "string", ["_id"], isAggregatable: true, hasValues: false),
            Self.field("_index", "string", ["_index"], isAggregatable: true, hasValues: false),
            Self.field("_source", "_source", ["_source"], isSearchable: false, isAggregatable: false, hasValues: false),
        ]
        fields += scripted.map {
            Self.field($0.name, "number", [], isAggregatable: true, hasValues: false).with("scripted", true)
                .with("script", .string($0.script)).with("lang", "painless")
        }
        let attributes: JSONValue = [
            "title": .string(title), "timeFieldName": .string(timeField),
            "fields": .string(String(decoding: JSONValue.array(fields).bytes, as: UTF8.self)),
        ]
        return SavedObject(.pattern, id, attributes, [])
    }

    /// The fields of a mapping, those that are not indexed left out.
    private static func fields(_ properties: JSONValue?, _ path: String) -> [JSONValue] {
        guard case .object(let members)? = properties else { return [] }
        return members.flatMap { member -> [JSONValue] in
            let name = path + member.name
            if let inner = member.value["properties"] { return fields(inner, name + ".") }
            guard let type = member.value["type"]?.string, let own = kinds[type] else { return [] }
            let field = field(name, own, [type], isAggregatable: type != "text", hasValues: type != "text")
            return [field] + fields(member.value["fields"], name + ".")
        }
    }

    /// What Dashboards calls the types of fields.
    private static let kinds = [
        "keyword": "string", "text": "string", "date": "date", "double": "number", "long": "number",
        "boolean": "boolean", "ip": "ip",
    ]

    private static func field(
        _ name: String,
        _ type: String,
        _ types: [String],
        isSearchable: Bool = true,
        isAggregatable: Bool,
        hasValues: Bool
    ) -> JSONValue {
        [
            "name": .string(name), "type": .string(type), "esTypes": .array(types.map { .string($0) }), "count": 0,
            "scripted": false, "searchable": .bool(isSearchable), "aggregatable": .bool(isAggregatable),
            "readFromDocValues": .bool(hasValues),
        ]
    }
}
