import AWSAccess

/// A matrix of accounts against each other, computed in Vega from what a search has counted.
///
/// Each account is a row of numbers, one for each column; the number for two accounts is what the products of theirs come to.
package enum PanelVega: Sendable {
    /// How alike the mixes of usages are: the cosine of the angle between them, 0 to 1.
    case likeness
    /// How far calls go up and down in the same hours: Pearson's correlation, -1 to 1.
    case correlation

    /// Accounts that are compared, those with most calls.
    package static let accounts = 20
    /// More usages than any catalog has.
    private static let usages = 200

    private var counted: (name: String, aggregation: JSONValue) {
        switch self {
        case .likeness:
            ("usages", ["terms": ["field": "usage.name", "size": .integer(Self.usages)]])
        case .correlation:
            (
                "hours",
                [
                    // An hour without calls says as much as one with them.
                    "date_histogram": [
                        "field": "eventTime", "fixed_interval": "1h", "min_doc_count": 0,
                        "extended_bounds": ["min": ["%timefilter%": "min"], "max": ["%timefilter%": "max"]],
                    ]
                ]
            )
        }
    }

    /// The body of the search, with the places that Dashboards fills in.
    private var body: JSONValue {
        let (must, mustNot) = PanelScope.watched.clauses
        let time: JSONValue = ["range": ["eventTime": ["%timefilter%": true]]]
        return [
            "size": 0,
            "query": [
                "bool": [
                    "must": ["%dashboard_context-must_clause%"],
                    "filter": .array(["%dashboard_context-filter_clause%", time] + must),
                    "must_not": .array(["%dashboard_context-must_not_clause%"] + mustNot),
                ]
            ],
            "aggs": [
                "accounts": [
                    "terms": ["field": "recipientAccountId", "size": .integer(Self.accounts)],
                    "aggs": .sorted([counted.name: counted.aggregation]),
                ]
            ],
        ]
    }

    /// The search for a span of time, as Dashboards sends it without filters of its own.
    func search(from: Int64, to: Int64) -> JSONValue { Self.filled(body, from: from, to: to) ?? [:] }

    private static func filled(_ json: JSONValue, from: Int64, to: Int64) -> JSONValue? {
        switch json {
        case .string(let text) where text.hasPrefix("%dashboard_context"): return nil
        case .array(let elements): return .array(elements.compactMap { filled($0, from: from, to: to) })
        case .object(let members):
            switch json["%timefilter%"] {
            case .string("min")?: return .number("\(from * 1000)")
            case .string("max")?: return .number("\(to * 1000 - 1)")
            case .bool(true)?: return PanelTime.range("", from: from, to: to)["range"]?[""]
            default:
                return members.reduce(.object([])) { object, member in
                    filled(member.value, from: from, to: to).map { object.with(member.name, $0) } ?? object
                }
            }
        default: return json
        }
    }

    /// The numbers of an account's row, each divided so that the sum or mean of products is what is asked for.
    private var weights: [JSONValue] {
        switch self {
        case .likeness:
            [
                // Counts differ by powers of ten; without the logarithm the most frequent usage alone would decide.
                Self.formula("log(1 + datum.cell.doc_count)", "raised"),
                Self.formula("datum.raised * datum.raised", "square"),
                ["type": "joinaggregate", "groupby": ["key"], "ops": ["sum"], "fields": ["square"], "as": ["all"]],
                Self.formula("datum.raised / sqrt(datum.all)", "weight"),
            ]
        case .correlation:
            [
                Self.formula("datum.cell.doc_count", "raised"),
                [
                    "type": "joinaggregate", "groupby": ["key"], "ops": ["mean", "stdevp"],
                    "fields": ["raised", "raised"], "as": ["mean", "deviation"],
                ],
                Self.formula(
                    "datum.deviation > 0 ? (datum.raised - datum.mean) / datum.deviation : 0",
                    "weight"
                ),
            ]
        }
    }

    private static func formula(_ expression: String, _ name: String) -> JSONValue {
        ["type": "formula", "expr": .string(expression), "as": .string(name)]
    }

    private var data: JSONValue {
        [
            [
                "name": "accounts", "url": ["index": .string(IndexPattern.records.title), "body": body],
                "format": ["property": "aggregations.accounts.buckets"],
            ],
            [
                "name": "cells", "source": "accounts",
                "transform": .array(
                    [
                        ["type": "flatten", "fields": [.string("\(counted.name).buckets")], "as": ["cell"]],
                        Self.formula("datum.cell.key", "column"),
                    ] + weights
                ),
            ],
            [
                "name": "pairs", "source": "cells",
                "transform": [
                    [
                        "type": "aggregate", "groupby": ["column"], "ops": ["values"], "fields": ["weight"],
                        "as": ["rows"],
                    ],
                    Self.formula("datum.rows", "others"),
                    ["type": "flatten", "fields": ["rows"], "as": ["a"]],
                    ["type": "flatten", "fields": ["others"], "as": ["b"]],
                    Self.formula("datum.a.key", "one"), Self.formula("datum.b.key", "other"),
                    Self.formula("datum.a.weight * datum.b.weight", "product"),
                    [
                        "type": "aggregate", "groupby": ["one", "other"],
                        "ops": [self == .likeness ? "sum" : "mean"], "fields": ["product"], "as": ["value"],
                    ],
                ],
            ],
        ]
    }

    /// The whole specification (Vega 5).
    var specification: JSONValue {
        let order: JSONValue = ["data": "accounts", "field": "key", "sort": true]
        let (scheme, least): (JSONValue, JSONValue) = self == .likeness ? ("blues", 0) : ("redblue", -1)
        let place: [String: JSONValue] = [
            "x": ["scale": "x", "field": "other"], "y": ["scale": "y", "field": "one"],
            "width": ["scale": "x", "band": 1], "height": ["scale": "y", "band": 1],
        ]
        let said = "datum.one + ' and ' + datum.other + ': ' + format(datum.value, '.3f')"
        let numbers: [String: JSONValue] = [
            "x": ["scale": "x", "field": "other", "band": .number("0.5")],
            "y": ["scale": "y", "field": "one", "band": .number("0.5")],
            "text": ["signal": "format(datum.value, '.2f')"], "align": ["value": "center"],
            "baseline": ["value": "middle"], "fontSize": ["value": 10],
            "fill": ["signal": "abs(datum.value) > 0.6 ? 'white' : 'black'"],
        ]
        return [
            "$schema": "https://vega.github.io/schema/vega/v5.json", "padding": 5,
            "autosize": ["type": "fit", "contains": "padding"], "data": data,
            "scales": [
                ["name": "x", "type": "band", "domain": order, "range": "width", "padding": .number("0.03")],
                ["name": "y", "type": "band", "domain": order, "range": "height", "padding": .number("0.03")],
                [
                    "name": "colour", "type": "linear", "domain": [least, 1], "range": ["scheme": scheme],
                    "clamp": true,
                ],
            ],
            "axes": [
                ["orient": "bottom", "scale": "x", "labelAngle": -45, "labelAlign": "right", "domain": false],
                ["orient": "left", "scale": "y", "domain": false],
            ],
            "legends": [["fill": "colour", "type": "gradient"]],
            "marks": [
                [
                    "name": "squares", "type": "rect", "from": ["data": "pairs"],
                    "encode": [
                        "update": .sorted(
                            place.merging([
                                "fill": ["scale": "colour", "field": "value"], "tooltip": ["signal": .string(said)],
                                "description": ["signal": .string(said)],
                            ]) { $1 }
                        )
                    ],
                ],
                [
                    "name": "labels", "type": "text", "interactive": false, "from": ["data": "pairs"],
                    "encode": ["update": .sorted(numbers)],
                ],
            ],
        ]
    }
}
