/// Amazon CloudWatch: reading metrics (CloudWatch API Reference, version 2010-08-01).
package struct CloudWatch: Sendable {
    /// One series to read.
    package struct Query: Sendable, Equatable {
        /// Names the result: a lower-case letter, then letters, digits and `_`.
        package let id: String
        package let namespace: String
        package let metric: String
        package let dimensions: [String: String]
        /// `Sum`, `Average`, `Maximum`, `p99`, ...
        package let statistic: String
        /// A multiple of 60 for what is older than three hours.
        package let periodSeconds: Int
        /// The account that owns the metric, where this one monitors others.
        package let account: String?

        /// Takes the parts as they are.
        package init(
            id: String,
            namespace: String,
            metric: String,
            dimensions: [String: String],
            statistic: String,
            periodSeconds: Int,
            account: String? = nil
        ) {
            self.id = id
            self.namespace = namespace
            self.metric = metric
            self.dimensions = dimensions
            self.statistic = statistic
            self.periodSeconds = periodSeconds
            self.account = account
        }

        var json: JSONValue {
            let dimensions = dimensions.sorted { $0.key < $1.key }.map { dimension -> JSONValue in
                ["Name": .string(dimension.key), "Value": .string(dimension.value)]
            }
            return [
                "Id": .string(id), "AccountId": account.map(JSONValue.string),
                "MetricStat": [
                    "Metric": [
                        "Namespace": .string(namespace), "MetricName": .string(metric),
                        "Dimensions": .array(dimensions),
                    ], "Period": .integer(periodSeconds), "Stat": .string(statistic),
                ],
            ]
        }
    }

    /// One value at the beginning of its period.
    package struct Point: Sendable, Equatable {
        package let time: WallTime
        package let value: Double
    }

    private let service: AWSService

    /// The service as the session sees it.
    package init(session: AWSSession) { service = AWSService(Self.identity, session: session) }

    /// Queries in one request.
    package static let mostQueries = 500

    private static let identity = ServiceIdentity(
        name: "CloudWatch",
        endpointKey: "CLOUDWATCH",
        hostPrefix: "monitoring"
    )
    private static let dialect = JSONDialect(version: "1.0", target: "GraniteServiceVersion20100801")
    private static let mostPages = 1000

    /// The points of each query in a span of time, in order, by the query's id; periods without data are missing.
    ///
    /// - Parameters:
    ///   - queries: Up to 500, with different ids.
    ///   - start: First moment of the span.
    ///   - end: First moment after it.
    ///   - deadline: When the last try must have ended.
    /// - Returns: An entry for each query that the service answered.
    /// - Throws: `ServiceFailure`.
    package func metricData(
        _ queries: [Query],
        from start: WallTime,
        to end: WallTime,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceFailure) -> [String: [Point]] {
        let operation = "GetMetricData"
        guard (1...Self.mostQueries).contains(queries.count) else {
            throw service.invalid(operation, "\(queries.count) queries, 1 to \(Self.mostQueries)")
        }
        var series: [String: [Point]] = [:]
        var token: JSONValue?
        for _ in 0..<Self.mostPages {
            let output = try await service.json(
                operation,
                Self.dialect,
                [
                    "MetricDataQueries": .array(queries.map(\.json)), "StartTime": Self.seconds(start),
                    "EndTime": Self.seconds(end), "ScanBy": "TimestampAscending", "NextToken": token,
                ],
                isSafeToRepeat: true,
                deadline: deadline
            )
            for result in output["MetricDataResults"]?.array ?? [] {
                guard let id = result["Id"]?.string, let times = result["Timestamps"]?.array,
                    let values = result["Values"]?.array, times.count == values.count
                else { throw service.lacks("Id, Timestamps or Values", operation) }
                series[id, default: []] += zip(times, values).compactMap(Self.point)
            }
            guard let next = output["NextToken"]?.string, !next.isEmpty else { return series }
            token = .string(next)
        }
        throw service.lacks("end after \(Self.mostPages) pages", operation)
    }

    private static func seconds(_ time: WallTime) -> JSONValue { .integer(Int(time.milliseconds / 1000)) }

    private static func point(_ time: JSONValue, _ value: JSONValue) -> Point? {
        guard let seconds = time.double, abs(seconds) < 1e12, let value = value.double else { return nil }
        return Point(time: WallTime(milliseconds: Int64(seconds * 1000)), value: value)
    }
}
