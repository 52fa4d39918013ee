import AWSAccess
import Pipeline
import Testing

/// One row of what a panel shows: what it is divided by, and its numbers.
struct PanelRow: Comparable, CustomStringConvertible {
    let keys: [String]
    /// Nil where there is none, as the mean of nothing.
    let numbers: [Double?]

    var description: String {
        "\(keys.joined(separator: " | ")): \(numbers.map { $0.map { "\($0)" } ?? "-" }.joined(separator: ", "))"
    }

    static func < (one: PanelRow, other: PanelRow) -> Bool { one.keys.lexicographicallyPrecedes(other.keys) }

    /// Whether both say the same, up to the order in which sums were added.
    func isSame(as other: PanelRow) -> Bool {
        keys == other.keys && numbers.count == other.numbers.count
            && zip(numbers, other.numbers).allSatisfy { one, other in
                guard let one, let other else { return one == nil && other == nil }
                return abs(one - other) <= 1e-9 * max(1, abs(one), abs(other))
            }
    }

    /// The rows of an answer to a panel's search; divisions without documents are left out.
    ///
    /// - Throws: Where the answer left out a part, or put values in another order than it was asked for.
    static func rows(
        _ answer: AWSAccess.JSONValue,
        _ metrics: [PanelMetric],
        _ buckets: [PanelBucket]
    ) throws -> [PanelRow] {
        let total = try #require(answer["hits"]?["total"]?["value"]?.int)
        let found: AWSAccess.JSONValue = answer["aggregations"] ?? [:]
        return try rows(
            found.with("doc_count", .integer(total)),
            metrics,
            buckets[...],
            id: metrics.count + 1,
            keys: []
        )
    }

    private static func rows(
        _ level: AWSAccess.JSONValue,
        _ metrics: [PanelMetric],
        _ buckets: ArraySlice<PanelBucket>,
        id: Int,
        keys: [String]
    ) throws -> [PanelRow] {
        func number(_ index: Int, of level: AWSAccess.JSONValue) -> Double? {
            metrics[index].field == nil ? level["doc_count"]?.double : level["\(index + 1)"]?["value"]?.double
        }
        guard let bucket = buckets.first else {
            return [PanelRow(keys: keys, numbers: metrics.indices.map { number($0, of: level) })]
        }
        let found = try #require(level["\(id)"])
        var parts: [(key: String, value: AWSAccess.JSONValue)] = []
        switch bucket {
        case .filters(let filters):
            for filter in filters { parts.append((filter.label, try #require(found["buckets"]?[filter.label]))) }
        case .terms:
            try #require(found["sum_other_doc_count"]?.int == 0 && found["doc_count_error_upper_bound"]?.int ?? 0 <= 0)
            parts = (found["buckets"]?.array ?? []).map { ($0["key"]?.string ?? "", $0) }
            let order = parts.map { number(0, of: $0.value) ?? 0 }
            try #require(order == order.sorted(by: >))
        case .time:
            parts = (found["buckets"]?.array ?? []).map { ($0["key_as_string"]?.string ?? "", $0) }
        }
        return try parts.filter { $0.value["doc_count"]?.int ?? 0 > 0 }.flatMap { key, value in
            try rows(value, metrics, buckets.dropFirst(), id: id + 1, keys: keys + [key])
        }
    }
}
