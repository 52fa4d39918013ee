import AWSAccess

/// Filters of the query language, in the few forms that the store needs.
enum SearchFilter {
    typealias JSON = AWSAccess.JSONValue

    static func term(_ field: String, _ value: String) -> JSON { ["term": .sorted([field: .string(value)])] }

    static func isTrue(_ field: String, _ value: Bool) -> JSON { ["term": .sorted([field: .bool(value)])] }

    static func terms(_ field: String, _ values: [String]) -> JSON {
        ["terms": .sorted([field: .array(values.map(JSON.string))])]
    }

    static func prefix(_ field: String, _ value: String) -> JSON { ["prefix": .sorted([field: .string(value)])] }

    /// The field holds `part` somewhere.
    static func holds(_ field: String, _ part: String) -> JSON {
        ["wildcard": .sorted([field: ["value": .string("*\(part)*")]])]
    }

    static func matches(_ field: String, _ pattern: String) -> JSON { ["regexp": .sorted([field: .string(pattern)])] }

    static func exists(_ field: String) -> JSON { ["exists": ["field": .string(field)]] }

    /// Times in seconds since 1970; nil stands for no bound.
    static func time(_ field: String = "eventTime", from: Int64? = nil, before: Int64? = nil) -> JSON {
        [
            "range": .sorted([
                field: [
                    "gte": from.map { .integer(Int($0) * 1000) }, "lt": before.map { .integer(Int($0) * 1000) },
                    "format": "epoch_millis",
                ]
            ])
        ]
    }

    static func all(_ filters: [JSON], not: [JSON] = []) -> JSON {
        ["bool": ["filter": .array(filters), "must_not": not.isEmpty ? nil : .array(not)]]
    }

    static func any(_ filters: [JSON]) -> JSON {
        ["bool": ["should": .array(filters), "minimum_should_match": 1]]
    }
}
