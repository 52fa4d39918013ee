import AWSAccess
import UsageCore

/// Windows with more records than are read.
extension SearchEvidence {
    /// Stretches of a window, and principals of each, whose sums are told apart.
    private static let flowIntervals: Int64 = 2000
    private static let flowPrincipals = 20
    /// Intervals whose earliest records are fetched in one answer.
    private static let intervals: Int64 = 50

    /// The sums of a large window, and samples of its records.
    func large(_ index: Int) async throws -> [CaseFile.Item] {
        var items: [CaseFile.Item] = [.totals(window: index, try await totals(index))]
        func take(_ item: CaseFile.Item) {
            guard case .watched(index, let record, let identity) = item else { return }
            items.append(.sample(window: index, record: record, identity: identity))
        }
        let usage = catalog.usages[plan.windows[index].usage]
        if usage.isLowVolume {
            // What was started is followed one by one, so more than samples are read.
            try await records(window(index), most: Self.readStarts, take)
        } else {
            try await samples(index, interval: usage.detector.intervalSeconds, take)
        }
        return items
    }

    private func totals(_ index: Int) async throws -> WindowEvidence.Totals {
        let window = plan.windows[index]
        var aggregations: [String: JSON] = ["quantity": ["sum": ["field": "usage.quantity"]]]
        for trait in Trait.allCases {
            let isComplete = [Trait.principal, .functionName, .group].contains(trait)
            aggregations[trait.rawValue] = SearchTraits.terms(
                trait,
                of: isComplete ? SearchTraits.manyValues : SearchTraits.someValues
            )
        }
        let interval = catalog.usages[window.usage].detector.intervalSeconds
        // OpenSearch gives 65,535 buckets at most.
        let coarse = interval * max(1, (window.end - window.start) / interval / Self.flowIntervals + 1)
        aggregations["flow"] = [
            "date_histogram": [
                "field": "eventTime", "fixed_interval": .string("\(coarse)s"), "min_doc_count": 1,
            ],
            "aggs": ["principals": SearchTraits.terms(.principal, of: Self.flowPrincipals)],
        ]
        aggregations["alarm"] = [
            "filter": SearchFilter.time(from: window.alarm.lowerBound, before: window.alarm.upperBound),
            "aggs": [
                "arrivals": [
                    "date_histogram": ["field": "ingest.receivedAt", "fixed_interval": "1s", "min_doc_count": 1],
                    "aggs": ["quantity": ["sum": ["field": "usage.quantity"]]],
                ]
            ],
        ]
        let body: JSON = [
            "size": 0, "track_total_hits": true, "query": self.window(index), "aggs": .sorted(aggregations),
        ]
        let reply = try await client.search(SearchCounts.indices, body)
        var totals = WindowEvidence.Totals()
        totals.records = reply.total
        totals.quantity = reply[aggregation: "quantity"]?["value"]?.double ?? 0
        for trait in Trait.allCases {
            for (value, share) in SearchTraits.shares(reply[aggregation: trait.rawValue]) {
                // Services call from names, which are no addresses.
                var text = value
                if trait == .address, !text.withUTF8({ CallerTraits.isAddress($0) }) { continue }
                totals.traits[trait, default: [:]][value] = share
            }
        }
        for bucket in reply[aggregation: "flow"]?["buckets"]?.array ?? [] {
            guard let key = bucket["key"]?.double else { continue }
            for (name, share) in SearchTraits.shares(bucket["principals"]) {
                totals.flow[Int64(key / 1000), default: [:]][name] = share
            }
        }
        for bucket in reply[aggregation: "alarm"]?["arrivals"]?["buckets"]?.array ?? [] {
            guard let key = bucket["key"]?.double, let quantity = bucket["quantity"]?["value"]?.double else { continue }
            totals.alarmSeconds[Int64(key / 1000), default: 0] += quantity
        }
        return totals
    }

    /// The earliest records of each interval, as many as a window keeps.
    private func samples(_ index: Int, interval: Int64, _ take: (CaseFile.Item) -> Void) async throws {
        let window = plan.windows[index]
        var gatherer = EvidenceGatherer(plan, catalog, matcher, time: from...max(from, to))
        var left = WindowEvidence.keptInAll
        var start = EventTime.floorDivide(window.start, interval) * interval
        while left > 0, start < window.end {
            let end = start + Self.intervals * interval
            let body: JSON = [
                "size": 0, "track_total_hits": false,
                "query": SearchFilter.all([self.window(index), SearchFilter.time(from: start, before: end)]),
                "aggs": [
                    "intervals": [
                        "date_histogram": [
                            "field": "eventTime", "fixed_interval": .string("\(interval)s"), "min_doc_count": 1,
                        ],
                        "aggs": [
                            "samples": [
                                "top_hits": ["size": .integer(WindowEvidence.keptPerInterval), "sort": Self.order]
                            ]
                        ],
                    ]
                ],
            ]
            for hit in try await client.search(SearchCounts.indices, body).hits {
                Self.read(hit.source, &gatherer)
                for item in gatherer.items { take(item) }
                gatherer.items.removeAll(keepingCapacity: true)
                left -= 1
            }
            start = end
        }
    }
}
