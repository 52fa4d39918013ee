import AWSAccess
import UsageCore

/// What one run of the connector has done.
struct SyncReport: Equatable {
    /// Documents that the index has taken.
    var put = 0
    /// Incidents that are in the index as they are.
    var unchanged = 0
    /// Documents that the index refused for what they are.
    var refused = 0
    /// Documents that may get in at a later run.
    var deferred = 0
    /// Documents that were removed as too old.
    var removed = 0
    /// Everything that changed before is in the index; seconds since 1970.
    var through: Int64 = 0

    private var counts: [(name: String, value: Int)] {
        [
            ("put", put), ("unchanged", unchanged), ("refused", refused), ("deferred", deferred), ("removed", removed),
        ]
    }

    /// The answer to the invocation.
    var json: [UInt8] {
        var json = UsageCore.JSONText()
        json.object { json in
            for count in counts {
                json.name(count.name)
                json.integer(count.value)
            }
            json.name("through")
            json.string(EventTime.text(through))
        }
        return json.bytes
    }

    func write(to log: Log) {
        log.info(
            "incidents: brought to the Amazon Q index",
            [
                "stage": "explain", "put": .int(put), "unchanged": .int(unchanged), "refused": .int(refused),
                "deferred": .int(deferred), "removed": .int(removed), "through": .string(EventTime.text(through)),
            ]
        )
    }

    /// The same counts as CloudWatch metrics.
    func metrics(function: String) -> Metrics {
        var metrics = Metrics(namespace: "UsageAnomalies", dimensions: ["Function": function])
        for count in counts { metrics.add("Documents" + count.name.capitalizedFirst, Double(count.value), .count) }
        return metrics
    }
}

extension String {
    /// The first letter in upper case.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
