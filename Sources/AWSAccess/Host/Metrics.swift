/// CloudWatch metrics in embedded metric format: log lines out of which CloudWatch makes metrics ("Specification: Embedded metric
/// format" in the CloudWatch User Guide).
///
/// Gathers values in memory; `lines` turns them into text for standard output.
package struct Metrics: Sendable {
    /// Units as CloudWatch names them.
    package enum Unit: String, Sendable {
        case count = "Count"
        case milliseconds = "Milliseconds"
        case seconds = "Seconds"
        case bytes = "Bytes"
        case percent = "Percent"
        case none = "None"
    }

    private struct Series: Sendable {
        let name: String
        let unit: Unit
        var values: [Double]
    }

    private let namespace: String
    private let dimensions: [(name: String, value: String)]
    private var series: [Series] = []

    // Limits of the specification and of PutMetricData.
    private static let mostMetrics = 100
    private static let mostValues = 100
    private static let mostDimensions = 30
    private static let longestValue = 1024
    private static let largestMagnitude = 0x1p360

    /// Metrics under one namespace and one set of dimensions.
    ///
    /// CloudWatch bills each combination of dimension values as a metric of its own: no account ids or names here. Empty values,
    /// which CloudWatch refuses, and what is beyond 30 dimensions are left out.
    package init(namespace: String, dimensions: KeyValuePairs<String, String>) {
        self.namespace = namespace
        let usable = dimensions.filter { !$0.value.isEmpty }.prefix(Self.mostDimensions)
        self.dimensions = usable.map { (name: $0.key, value: $0.value) }
    }

    /// Adds one value; values under one name stay apart, so that CloudWatch can compute percentiles.
    ///
    /// What CloudWatch would refuse is left out: values that are not finite or beyond 2^360, a name that is empty or that of a
    /// dimension. The unit is that of the first value under the name.
    package mutating func add(_ name: String, _ value: Double, _ unit: Unit) {
        let isTaken = name.isEmpty || name == "_aws" || name == "requestId" || dimensions.contains { $0.name == name }
        guard value.isFinite, abs(value) <= Self.largestMagnitude, !isTaken else { return }
        if let index = series.firstIndex(where: { $0.name == name }) {
            series[index].values.append(value)
        } else {
            series.append(Series(name: name, unit: unit, values: [value]))
        }
    }

    /// The lines for all values so far: none if there are none, several where one would pass the format's limits.
    ///
    /// - Parameters:
    ///   - time: What the values are dated.
    ///   - requestId: Written beside them, not as a dimension, so that a value leads back to its invocation.
    ///   - properties: More of that kind: what CloudWatch Logs can search by and nobody pays for as a metric. A name must be neither a
    ///     metric's nor a dimension's.
    /// - Returns: JSON objects without line feeds.
    package func lines(
        at time: WallTime,
        requestId: String? = nil,
        properties: KeyValuePairs<String, String> = [:]
    ) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = series[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(Self.mostMetrics))
            rest = rest.dropFirst(group.count)
            let rounds = ((group.map(\.values.count).max() ?? 0) + Self.mostValues - 1) / Self.mostValues
            for round in 0..<rounds {
                let part = group.compactMap { series -> Series? in
                    let values = series.values.dropFirst(round * Self.mostValues).prefix(Self.mostValues)
                    return values.isEmpty ? nil : Series(name: series.name, unit: series.unit, values: Array(values))
                }
                lines.append(line(part, at: time, requestId: requestId, properties))
            }
        }
        return lines
    }

    private func line(
        _ series: [Series],
        at time: WallTime,
        requestId: String?,
        _ properties: KeyValuePairs<String, String>
    ) -> [UInt8] {
        var line = Array("{\"_aws\":{\"Timestamp\":\(time.milliseconds),\"CloudWatchMetrics\":[{\"Namespace\":".utf8)
        JSONText.append(namespace, to: &line)
        line.append(contentsOf: ",\"Dimensions\":[[".utf8)
        join(dimensions, in: &line) { JSONText.append($0.name, to: &$1) }
        line.append(contentsOf: "]],\"Metrics\":[".utf8)
        join(series, in: &line) { series, line in
            line.append(contentsOf: "{\"Name\":".utf8)
            JSONText.append(series.name, to: &line)
            line.append(contentsOf: ",\"Unit\":\"\(series.unit.rawValue)\"}".utf8)
        }
        line.append(contentsOf: "]}]}".utf8)
        for dimension in dimensions {
            line.append(UInt8(ascii: ","))
            JSONText.append(dimension.name, to: &line)
            line.append(UInt8(ascii: ":"))
            JSONText.append(String(dimension.value.unicodeScalars.prefix(Self.longestValue)), to: &line)
        }
        for series in series {
            line.append(UInt8(ascii: ","))
            JSONText.append(series.name, to: &line)
            let values = series.values.map { "\($0)" }.joined(separator: ",")
            line.append(contentsOf: (series.values.count == 1 ? ":\(values)" : ":[\(values)]").utf8)
        }
        if let requestId {
            line.append(contentsOf: ",\"requestId\":".utf8)
            JSONText.append(requestId, to: &line)
        }
        for (name, value) in properties {
            line.append(UInt8(ascii: ","))
            JSONText.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            JSONText.append(String(value.unicodeScalars.prefix(Self.longestValue)), to: &line)
        }
        line.append(UInt8(ascii: "}"))
        return line
    }

    private func join<Element>(
        _ elements: [Element],
        in line: inout [UInt8],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            write(element, &line)
        }
    }
}
