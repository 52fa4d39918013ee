/// A group of entity anomalies with all that is known of them: what causes, cost and severity are judged from.
package struct IncidentCase: Sendable {
    package let catalog: UsageCatalog
    package let counts: UsageCounts
    package let caseFile: CaseFile
    package let directory: AccountDirectory
    /// The anomalies, in the order of time, with what their records say.
    package let parts: [Part]
    /// The end of the input: the moment as of which everything is said.
    package let asOf: Int64

    package struct Part: Sendable {
        package let anomaly: EntityAnomaly
        package let culprits: Culprits
        /// What the records of the anomaly say.
        package let evidence: WindowEvidence

        package init(anomaly: EntityAnomaly, culprits: Culprits, evidence: WindowEvidence) {
            self.anomaly = anomaly
            self.culprits = culprits
            self.evidence = evidence
        }
    }

    package init(
        catalog: UsageCatalog,
        counts: UsageCounts,
        caseFile: CaseFile,
        directory: AccountDirectory,
        parts: [Part],
        asOf: Int64
    ) {
        self.catalog = catalog
        self.counts = counts
        self.caseFile = caseFile
        self.directory = directory
        self.parts = parts
        self.asOf = asOf
    }

    package func usage(_ part: Part) -> Usage { catalog.usages[part.anomaly.usage] }
    package func accountId(_ part: Part) -> String { counts.accountId(part.anomaly.account) }
    package func account(_ part: Part) -> AccountContext { directory[accountId(part)] }
    package func region(_ part: Part) -> String { counts.names[part.anomaly.region] ?? "unknown" }

    /// What the usage's count would have been in the time of `anomaly`.
    package func expectedQuantity(_ anomaly: EntityAnomaly) -> Double {
        let key = UsageCounts.SeriesKey(
            usage: anomaly.usage,
            measure: .count,
            callers: anomaly.callers,
            account: anomaly.account,
            region: anomaly.region
        )
        let interval = catalog.usages[anomaly.usage].detector.intervalSeconds
        guard let values = counts.series[key], let time = counts.coveredTime(of: anomaly.account) else { return 0 }
        func bucket(_ seconds: Int64) -> Int32 { Int32(clamping: EventTime.floorDivide(seconds, interval)) }
        let first = bucket(anomaly.start)
        let baseline = SeriesBaseline(values, interval: interval, first: bucket(time.lowerBound), until: first)
        return (first...max(first, bucket(anomaly.end - 1))).reduce(0) { $0 + baseline.expected($1) }
    }

    package var start: Int64 { parts.map(\.anomaly.start).min() ?? asOf }
    package var end: Int64 { parts.map(\.anomaly.end).max() ?? asOf }
    /// The time in which calls beside the watched ones may say something about the cause.
    package var surroundings: Range<Int64> { start - EvidencePlan.siblingReach..<end + EvidencePlan.siblingReach }
    package var accountIds: [String] { unique(parts.map(accountId)) }
    package var usages: [Usage] { unique(parts.map(\.anomaly.usage)).map { catalog.usages[$0] } }

    /// Records by whoever bears the excess, each once, in the order of time.
    package var culpritRecords: [(part: Part, record: WatchedRecord)] {
        var seen: Set<String> = []
        var records: [(part: Part, record: WatchedRecord)] = []
        for part in parts {
            let names = Set(part.culprits.principals.map(\.name))
            for record in part.evidence.records where names.contains(record.caller.principal) {
                if seen.insert(record.accountId + record.eventId).inserted { records.append((part, record)) }
            }
        }
        return records.sorted { ($0.record.seconds, $0.record.eventId) < ($1.record.seconds, $1.record.eventId) }
    }

    /// Principals that bear the excess, most first.
    package var principals: [String] {
        var shares: [String: Double] = [:]
        for part in parts {
            for culprit in part.culprits.principals { shares[culprit.name, default: 0] += culprit.share }
        }
        return shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}
