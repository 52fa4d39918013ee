import AWSAccess
import UsageCore

/// What became of the records of an invocation: the numbers must add up, or the invocation fails.
///
/// `received` is `stored` + `duplicates` + `setAside` + `leftOut` + `unresolved`.
package struct IngestReport: Sendable, Equatable {
    /// Records, and stretches of bytes that could not be read as such.
    package var received = 0
    /// Records that are new in the store.
    package var stored = 0
    /// Records that were there already.
    package var duplicates = 0
    /// What could not be read, and what no store takes.
    package var setAside = 0
    /// Of `setAside`, what lies in the dead-letter queue now.
    package var deadLettered = 0
    /// Records that the scope leaves out.
    package var leftOut = 0
    /// Records of which nothing is known: the invocation fails.
    package var unresolved = 0
    /// Of the records, those whose time is far from their arrival; they lie apart and are not counted.
    package var apart = 0
    /// Of the records, those that this solution's own functions caused; they are not counted.
    package var own = 0
    /// Records that entered the state table, as records or in counters.
    package var counted = 0
    /// Requests to the store.
    package var requests = 0
    /// Trail files that were read.
    package var files = 0
    /// Documents that hold no records: control messages, empty batches, digests.
    package var passedOver = 0

    /// How many records came of each Region of each account.
    package var heard: [IngestBatch.Sender: Int] = [:]

    package init() {}

    /// Whether every record that came in is accounted for.
    package var isBalanced: Bool { gap == 0 }

    /// Adds the numbers of another part of the same invocation.
    package mutating func add(_ other: IngestReport) {
        let paths: [WritableKeyPath<IngestReport, Int>] = [\.requests, \.files, \.passedOver]
        for path in paths + Self.ofRecords.map(\.path) { self[keyPath: path] += other[keyPath: path] }
        heard.merge(other.heard, uniquingKeysWith: +)
    }

    /// The numbers of records, by the names that they are written under.
    package static var ofRecords: [(name: String, path: WritableKeyPath<IngestReport, Int>)] {
        [
            ("received", \.received), ("stored", \.stored), ("duplicates", \.duplicates), ("setAside", \.setAside),
            ("deadLettered", \.deadLettered), ("leftOut", \.leftOut), ("unresolved", \.unresolved), ("apart", \.apart),
            ("own", \.own), ("counted", \.counted),
        ]
    }

    /// What came in and is in none of the other numbers; not 0 is a fault of the program.
    package var gap: Int { received - (stored + duplicates + setAside + leftOut + unresolved) }

    /// The report as a JSON object: the answer to a direct invocation.
    package var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            for (name, value) in [
                ("received", received), ("stored", stored), ("duplicates", duplicates), ("setAside", setAside),
                ("deadLettered", deadLettered), ("leftOut", leftOut), ("apart", apart), ("own", own),
                ("counted", counted), ("requests", requests), ("files", files), ("passedOver", passedOver),
            ] {
                json.name(name)
                json.integer(value)
            }
        }
        return json.bytes
    }

    func write(to log: Log, milliseconds: Int) {
        log.info(
            "records: taken in",
            [
                "stage": "store", "received": .int(received), "stored": .int(stored), "duplicates": .int(duplicates),
                "setAside": .int(setAside), "deadLettered": .int(deadLettered), "leftOut": .int(leftOut),
                "unresolved": .int(unresolved), "apart": .int(apart), "own": .int(own), "counted": .int(counted),
                "requests": .int(requests), "files": .int(files), "passedOver": .int(passedOver),
                "milliseconds": .int(milliseconds),
            ]
        )
    }

    /// The same counts as CloudWatch metrics; without `milliseconds` where another line says how long the invocation took.
    func metrics(milliseconds: Int?) -> Metrics {
        var metrics = Metrics(namespace: "UsageAnomalies", dimensions: ["Function": "MultiAccountLogs"])
        for (name, value) in [
            ("RecordsReceived", received), ("RecordsStored", stored), ("RecordsDuplicate", duplicates),
            ("RecordsSetAside", setAside), ("RecordsDeadLettered", deadLettered), ("RecordsUnresolved", unresolved),
        ] {
            metrics.add(name, Double(value), .count)
        }
        if let milliseconds { metrics.add("IngestTime", Double(milliseconds), .milliseconds) }
        return metrics
    }
}
