import AWSAccess

/// One visualization: what it asks, how it is drawn, and what is to be learned from it.
package struct Panel: Sendable {
    package enum Content: Sendable {
        /// Numbers over divisions, drawn by Dashboards itself.
        case aggregated(PanelKind, IndexPattern, PanelScope, [PanelMetric], [PanelBucket])
        /// A specification in Vega, where what is shown is computed from what was found.
        case vega(PanelVega)
        /// Text in Markdown.
        case text(String)
    }

    /// Without our prefix.
    package let name: String
    package let title: String
    /// What it shows and how to read it.
    package let text: String
    package let content: Content

    package var id: String { "\(PartMark.owner)-\(name)" }

    /// The saved object.
    package var object: SavedObject {
        var source: JSONValue = ["query": ["query": "", "language": "kuery"], "filter": []]
        var references: [SavedObject.Reference] = []
        if case .aggregated(_, let pattern, let scope, _, _) = content {
            let place = "kibanaSavedObjectMeta.searchSourceJSON"
            references.append(.init(name: "\(place).index", kind: .pattern, id: pattern.id))
            if let query = scope.query {
                let name = "\(place).filter[0].meta.index"
                references.append(.init(name: name, kind: .pattern, id: pattern.id))
                source = source.with("filter", [Self.filter(query, scope.label, name)])
            }
            source = source.with("indexRefName", .string("\(place).index"))
        }
        let attributes: JSONValue = [
            "title": .string(title), "visState": Self.text(state), "uiStateJSON": "{}", "version": 1,
            "kibanaSavedObjectMeta": ["searchSourceJSON": Self.text(source)],
        ]
        return .marked(.visualization, id, text, attributes, references)
    }

    private static func text(_ json: JSONValue) -> JSONValue { .string(String(decoding: json.bytes, as: UTF8.self)) }

    private static func filter(_ query: JSONValue, _ label: String, _ reference: String) -> JSONValue {
        [
            "$state": ["store": "appState"],
            "meta": [
                "alias": .string(label), "disabled": false, "negate": false, "type": "custom", "key": "query",
                "value": text(query), "indexRefName": .string(reference),
            ],
            "query": query,
        ]
    }

    private var state: JSONValue {
        switch content {
        case .text(let markdown):
            [
                "title": .string(title), "type": "markdown",
                "params": ["fontSize": 12, "openLinksInNewTab": false, "markdown": .string(markdown)], "aggs": [],
            ]
        case .vega(let vega):
            [
                "title": .string(title), "type": "vega", "params": ["spec": Self.text(vega.specification)],
                "aggs": [],
            ]
        case .aggregated(let kind, _, _, let metrics, let buckets):
            [
                "title": .string(title), "type": .string(kind.rawValue), "params": kind.params(metrics.map(\.label)),
                "aggs": .array(
                    metrics.enumerated().map { $1.state($0 + 1) }
                        + buckets.enumerated().map { place, bucket in
                            bucket.state(
                                metrics.count + place + 1,
                                schema: kind.schema(place, of: buckets.count)
                            )
                        }
                ),
            ]
        }
    }

    /// The search that the panel asks for a span of time, seconds since 1970, its end not included; nil where it asks nothing.
    package func search(from: Int64, to: Int64) -> JSONValue? {
        switch content {
        case .text: return nil
        case .vega(let vega): return vega.search(from: from, to: to)
        case .aggregated(_, let pattern, let scope, let metrics, let buckets):
            let time = PanelTime.range(pattern.timeField, from: from, to: to)
            let filter: [JSONValue] = [time] + (scope.query.map { [$0] } ?? [])
            let aggregations = Self.nested(buckets[...], metrics, pattern, metrics.count + 1)
            return [
                "size": 0, "track_total_hits": true, "query": ["bool": ["filter": .array(filter)]],
                "aggs": aggregations,
            ]
        }
    }

    private static func nested(
        _ buckets: ArraySlice<PanelBucket>,
        _ metrics: [PanelMetric],
        _ pattern: IndexPattern,
        _ id: Int
    ) -> JSONValue {
        func numbers(_ metrics: some Collection<PanelMetric>) -> [String: JSONValue] {
            var all: [String: JSONValue] = [:]
            for (index, metric) in metrics.enumerated() { all["\(index + 1)"] = metric.search(pattern) }
            return all
        }
        guard let first = buckets.first else { return .sorted(numbers(metrics)) }
        let order = metrics.first.flatMap { $0.field == nil ? nil : "1" }
        guard case .object(var inner) = nested(buckets.dropFirst(), metrics, pattern, id + 1) else { return [:] }
        // Values are put in order by a number of their own level.
        if case .terms = first, order != nil, buckets.count > 1,
            case .object(let own) = JSONValue.sorted(numbers(metrics.prefix(1)))
        {
            inner += own
        }
        return .sorted(["\(id)": first.search(order: order).with("aggs", .object(inner))])
    }
}
