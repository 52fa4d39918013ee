/// AWS Cost Explorer: what was billed (Cost Explorer API Reference, version 2017-10-25).
///
/// Each request costs $0.01 and its data is a day old: for reconciliation, not for alerts.
package struct CostExplorer: Sendable {
    /// How long one period is.
    package enum Granularity: String, Sendable {
        case daily = "DAILY"
        case monthly = "MONTHLY"
    }

    /// What to ask for.
    package struct Query: Sendable, Equatable {
        /// `YYYY-MM-DD`, the first day.
        package let start: String
        /// The first day after it.
        package let end: String
        package let granularity: Granularity
        /// `UnblendedCost`, `AmortizedCost`, `UsageQuantity`, ...
        package let metric: String
        /// Up to two dimensions such as `LINKED_ACCOUNT` and `SERVICE`.
        package let groupBy: [String]
        /// Values by dimension, all of which must be met.
        package let filter: [String: [String]]

        /// Takes the parts as they are.
        package init(
            start: String,
            end: String,
            granularity: Granularity = .daily,
            metric: String = "UnblendedCost",
            groupBy: [String] = [],
            filter: [String: [String]] = [:]
        ) {
            self.start = start
            self.end = end
            self.granularity = granularity
            self.metric = metric
            self.groupBy = groupBy
            self.filter = filter
        }

        func input(page: String?) -> JSONValue {
            let dimensions = filter.sorted { $0.key < $1.key }.map { dimension -> JSONValue in
                let values = dimension.value.map(JSONValue.string)
                return ["Dimensions": ["Key": .string(dimension.key), "Values": .array(values)]]
            }
            let groups = groupBy.map { key -> JSONValue in ["Type": "DIMENSION", "Key": .string(key)] }
            // And takes two or more.
            let all = dimensions.count > 1 ? ["And": .array(dimensions)] : dimensions.first
            return [
                "TimePeriod": ["Start": .string(start), "End": .string(end)],
                "Granularity": .string(granularity.rawValue), "Metrics": [.string(metric)],
                "GroupBy": groups.isEmpty ? nil : .array(groups), "Filter": all,
                "NextPageToken": page.map(JSONValue.string),
            ]
        }
    }

    /// One amount in one period.
    package struct Amount: Sendable, Equatable {
        /// First day of the period.
        package let start: String
        /// The group's values in the order of `Query.groupBy`; empty for a total.
        package let keys: [String]
        /// As it was written: money must not pass through a binary fraction.
        package let amount: String
        /// `USD`, or the unit of a usage.
        package let unit: String
        /// Whether the bill may still change.
        package let isEstimated: Bool
    }

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    private static let identity = ServiceIdentity(
        name: "Cost Explorer",
        endpointKey: "COST_EXPLORER",
        hostPrefix: "ce",
        reach: .global
    )
    private static let dialect = JSONDialect(version: "1.1", target: "AWSInsightsIndexService")
    /// A dollar's worth.
    private static let mostPages = 100

    /// The amounts of each period and group.
    package func costAndUsage(
        _ query: Query,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [Amount] {
        let operation = "GetCostAndUsage"
        var amounts: [Amount] = []
        var page: String?
        for _ in 0..<Self.mostPages {
            let output = try await service.json(
                operation,
                Self.dialect,
                query.input(page: page),
                isSafeToRepeat: true,
                deadline: deadline
            )
            for period in output["ResultsByTime"]?.array ?? [] {
                guard let start = period["TimePeriod"]?["Start"]?.string else {
                    throw service.lacks("Start", operation)
                }
                let isEstimated = period["Estimated"]?.bool ?? false
                // With groups the total is empty, without them there is nothing else.
                let groups = query.groupBy.isEmpty ? [["Metrics": period["Total"]]] : period["Groups"]?.array ?? []
                for group in groups {
                    guard let metric = group["Metrics"]?[query.metric], let amount = metric["Amount"]?.string else {
                        throw service.lacks(query.metric, operation)
                    }
                    amounts.append(
                        Amount(
                            start: start,
                            keys: (group["Keys"]?.array ?? []).compactMap(\.string),
                            amount: amount,
                            unit: metric["Unit"]?.string ?? "",
                            isEstimated: isEstimated
                        )
                    )
                }
            }
            guard let next = output["NextPageToken"]?.string, !next.isEmpty else { return amounts }
            page = next
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }
}
