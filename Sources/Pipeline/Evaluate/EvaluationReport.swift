import AWSAccess
import UsageCore

/// What one evaluation came to: the answer of the function.
package struct EvaluationReport: Equatable, Sendable {
    /// The moment as of which was judged, seconds since 1970.
    package var asOf: Int64 = 0
    package var records = 0
    package var series = 0
    package var anomalies = 0
    /// Incidents that the evaluation found, told or not.
    package var incidents = 0
    package var opened = 0
    package var escalated = 0
    package var resolved = 0
    /// Incidents whose document changed without anything to tell.
    package var updated = 0
    package var noticesSent = 0
    /// Limits for early signals that were new or had changed.
    package var limitsLeft = 0

    package init() {}

    private var counts: [(name: String, value: Int)] {
        [
            ("records", records), ("series", series), ("anomalies", anomalies), ("incidents", incidents),
            ("opened", opened), ("escalated", escalated), ("resolved", resolved), ("updated", updated),
            ("noticesSent", noticesSent), ("limitsLeft", limitsLeft),
        ]
    }

    /// What changed, as CloudWatch metrics.
    package func metrics(function: String) -> Metrics {
        var metrics = Metrics(namespace: "UsageAnomalies", dimensions: ["Function": function])
        for (name, value) in [
            ("IncidentsOpened", opened), ("IncidentsEscalated", escalated), ("IncidentsResolved", resolved),
            ("NoticesSent", noticesSent), ("Anomalies", anomalies),
        ] {
            metrics.add(name, Double(value), .count)
        }
        return metrics
    }

    /// One JSON object on one line.
    package var json: String {
        var json = UsageCore.JSONText()
        json.object { json in
            json.name("asOf")
            json.string(EventTime.text(asOf))
            for (name, count) in counts {
                json.name(name)
                json.integer(count)
            }
        }
        return json.text
    }
}
