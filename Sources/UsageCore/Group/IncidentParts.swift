/// Turns anomalies and the records behind them into the parts of which incidents are made.
package enum IncidentParts {
    /// The parts of `anomalies`, in their order; window `n` of the case file belongs to anomaly `n`.
    package static func all(
        _ anomalies: [EntityAnomaly],
        _ caseFile: CaseFile,
        _ counts: UsageCounts,
        _ catalog: UsageCatalog
    ) -> [IncidentCase.Part] {
        zip(anomalies, caseFile.windows).flatMap { found, window -> [IncidentCase.Part] in
            guard let anomaly = found.confirmed(by: window, catalog) else { return [] }
            let time = counts.coveredTime(of: anomaly.account)
            let past = time.map { $0.upperBound - $0.lowerBound - (anomaly.end - anomaly.start) } ?? 0
            let culprits = Culprits(anomaly, window, caseFile, history: past)
            return split(.init(anomaly: anomaly, culprits: culprits, evidence: window), caseFile, past)
        }
    }

    /// Who does at least this share of it in ordinary times as well is a regular.
    private static let regular = 0.25

    /// The part of those who never did so before and the part of those who do so every day: two matters that met in one series.
    private static func split(
        _ part: IncidentCase.Part,
        _ caseFile: CaseFile,
        _ history: Int64
    ) -> [IncidentCase.Part] {
        let anomaly = part.anomaly
        guard anomaly.channel != .firstUse, anomaly.callers == .others else { return [part] }
        let newcomers = newcomers(part.culprits.principals)
        let newer = part.evidence.narrowed(to: anomaly.start..<anomaly.end) { newcomers.contains($0) }
        guard newer.quantity > 0, part.evidence.quantity - newer.quantity >= regular * part.evidence.quantity else {
            return [part]
        }
        let rest = part.evidence.narrowed(to: anomaly.start..<anomaly.end) { !newcomers.contains($0) }
        // Newcomers have no ordinary: what was expected was expected of the others.
        return [(newer, 0), (rest, anomaly.expected)].compactMap { evidence, expected in
            share(of: anomaly, evidence, expected, caseFile, history)
        }
    }

    /// Those who hardly did so in ordinary times; where that is true of all, those who never did.
    private static func newcomers(_ culprits: [Culprits.Culprit]) -> Set<String> {
        let rare = culprits.filter { 1 - $0.excess < regular }
        let strangers = rare.filter { $0.excess >= 1 }
        return Set((rare.count < culprits.count || strangers.isEmpty ? rare : strangers).map(\.name))
    }

    /// What `evidence` bears of `anomaly`; nil where it is nothing out of the ordinary.
    private static func share(
        of anomaly: EntityAnomaly,
        _ evidence: WindowEvidence,
        _ expected: Double,
        _ caseFile: CaseFile,
        _ history: Int64
    ) -> IncidentCase.Part? {
        var evidence = evidence
        let starts = evidence.activeStarts
        guard let first = starts.first, let last = starts.last else { return nil }
        var share = anomaly
        share.start = max(anomaly.start, first)
        share.end = min(anomaly.end, last + evidence.interval)
        let length = Double(share.end - share.start) / Double(max(1, anomaly.end - anomaly.start))
        share.expected = expected * length
        share.observed = anomaly.channel == .spend ? evidence.dollarsPerHour : evidence.quantity
        guard share.observed >= EntityAnomaly.leastRatio * share.expected else { return nil }
        if !share.alarm.overlaps(share.start..<share.end) {
            // Others raised the alarm; the first of its own records begins it.
            share.alarm = share.start..<share.start + evidence.interval
            evidence = evidence.alarming(share.alarm)
        }
        share.limit = min(anomaly.limit, share.observed)
        let culprits = Culprits(share, evidence, caseFile, history: history)
        return IncidentCase.Part(anomaly: share, culprits: culprits, evidence: evidence)
    }

    /// The parts of one incident as far as it goes without a break of six hours.
    ///
    /// A first use is looked at for days; what came when the incident was over was another matter.
    package static func settled(_ parts: [IncidentCase.Part]) -> [IncidentCase.Part] {
        guard let first = parts.map(\.anomaly.start).min() else { return [] }
        var times: [(start: Int64, end: Int64)] = []
        for part in parts {
            if part.anomaly.channel == .firstUse {
                times += part.evidence.activeStarts.map { ($0, $0 + part.evidence.interval) }
            } else {
                times.append((part.anomaly.start, part.anomaly.end))
            }
        }
        var end = first
        for time in times.sorted(by: { $0.start < $1.start }) where time.start <= end + SeriesScan.bridgedGap {
            end = max(end, time.end)
        }
        return parts.map { part in
            guard part.anomaly.channel == .firstUse else { return part }
            let evidence = part.evidence.narrowed(to: Int64.min..<end) { _ in true }
            guard let last = evidence.activeStarts.last else { return part }
            var anomaly = part.anomaly
            anomaly.end = max(anomaly.start + 1, last + evidence.interval)
            anomaly.observed = evidence.quantity
            return IncidentCase.Part(anomaly: anomaly, culprits: part.culprits, evidence: evidence)
        }
    }
}
