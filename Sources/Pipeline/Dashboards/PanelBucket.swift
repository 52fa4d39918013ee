import AWSAccess

/// A way in which a panel divides documents.
package enum PanelBucket: Sendable {
    /// By the values of a field, those with most of the panel's first number first; `missing` names what has none, if that is shown.
    case terms(String, size: Int, label: String, missing: String? = nil)
    /// By hour or day of a field, in UTC here and in the reader's time zone in Dashboards.
    case time(String, Step, label: String)
    /// By queries in Lucene's syntax, each with its label.
    case filters([(label: String, query: String)])

    package enum Step: String, Sendable {
        case hour = "h"
        case day = "d"
    }

    /// What Dashboards puts in place of no value.
    package static let missing = "__missing__"

    /// Fields that it reads.
    package var fields: [String] {
        switch self {
        case .terms(let field, _, _, _), .time(let field, _, _): [field]
        case .filters: []
        }
    }

    /// As a visualization's state has it.
    func state(_ id: Int, schema: String) -> JSONValue {
        let (type, params): (JSONValue, JSONValue) =
            switch self {
            case .terms(let field, let size, let label, let missing):
                (
                    "terms",
                    [
                        "field": .string(field), "orderBy": "1", "order": "desc", "size": .integer(size),
                        "otherBucket": false, "otherBucketLabel": "Other", "missingBucket": .bool(missing != nil),
                        "missingBucketLabel": .string(missing ?? "Missing"), "customLabel": .string(label),
                    ]
                )
            case .time(let field, let step, let label):
                (
                    "date_histogram",
                    [
                        "field": .string(field), "interval": .string(step.rawValue), "drop_partials": false,
                        "min_doc_count": 1, "extended_bounds": [:], "customLabel": .string(label),
                    ]
                )
            case .filters(let filters):
                (
                    "filters",
                    [
                        "filters": .array(
                            filters.map {
                                [
                                    "input": ["query": .string($0.query), "language": "lucene"],
                                    "label": .string($0.label),
                                ]
                            }
                        )
                    ]
                )
            }
        return [
            "id": .string("\(id)"), "enabled": true, "type": type, "schema": .string(schema), "params": params,
        ]
    }

    /// As a search asks for it; `order` is the number by which values are put in order, nil for their count.
    func search(order: String?) -> JSONValue {
        switch self {
        case .terms(let field, let size, _, let missing):
            [
                "terms": [
                    "field": .string(field), "size": .integer(size), "order": .sorted([order ?? "_count": "desc"]),
                    "missing": missing == nil ? nil : .string(Self.missing),
                ]
            ]
        case .time(let field, let step, _):
            [
                "date_histogram": [
                    "field": .string(field), "calendar_interval": .string("1" + step.rawValue), "time_zone": "UTC",
                    "min_doc_count": 1,
                ]
            ]
        case .filters(let filters):
            [
                "filters": [
                    "filters": .sorted(
                        filters.reduce(into: [:]) { all, filter in
                            all[filter.label] = [
                                "query_string": ["query": .string(filter.query), "analyze_wildcard": true]
                            ]
                        }
                    )
                ]
            ]
        }
    }
}
