/// What a detector of OpenSearch's anomaly detection found: one usage in one account and Region, for one interval.
///
/// OpenSearch documentation, "Anomaly result mapping".
package struct PluginResult: Hashable, Sendable {
    /// The name of a usage in the catalog.
    package let usage: String
    package let account: String
    package let region: String
    /// When the anomaly began, seconds since 1970: before the interval in which it was noticed, where it was noticed late.
    package let start: Int64
    /// End of the interval in which it was noticed, exclusive.
    package let end: Int64
    /// 0...1.
    package let grade: Double
    /// What the detector expected of the interval; nil where it does not say.
    package let expected: Double?

    /// Grades below are not taken: a detector gives one to a sixth of ordinary intervals.
    package static let leastGrade = 0.7

    /// Reads a result document; nil for one that is no anomaly of a place, or cannot be read.
    package init?(_ document: JSONValue) {
        guard let grade = document["anomaly_grade"]?.number, grade >= Self.leastGrade, grade <= 1,
            let end = document["data_end_time"]?.number, let start = document["data_start_time"]?.number,
            document["task_id"] == nil, abs(start) < 1e14, abs(end) < 1e14, start < end
        else { return nil }
        var entity: [String: String] = [:]
        for part in document["entity"]?.array ?? [] {
            if let name = part["name"]?.string { entity[name] = part["value"]?.string }
        }
        guard let usage = entity["usage.name"],
            let place = entity["usage.place"]?.split(separator: "/", omittingEmptySubsequences: false), place.count == 2
        else { return nil }
        self.usage = usage
        account = String(place[0])
        region = String(place[1])
        let begun = document["approx_anomaly_start_time"]?.number ?? start
        self.start = Int64(min(begun.isFinite ? begun : start, start)) / 1000
        self.end = Int64(end) / 1000
        self.grade = grade
        expected = document["expected_values"]?.array?.first?["value_list"]?.array?.first?["data"]?.number
    }
}
