import UsageCore

/// The flow, top to bottom: read this first.
///
/// ```
/// event in -> decode -> enrich -> store -> detect -> group + correlate -> assess -> explain -> notify
/// ```
/// Decoding, enriching and storing happen where records come in (`TrailFiles`, a store); from there on every home of records takes the
/// same way through these lines.
package struct Stages: Sendable {
    /// What is known of the accounts of these ids; never fails.
    package typealias Accounts = @Sendable ([String]) async -> AccountDirectory

    package let catalog: UsageCatalog
    private let accounts: Accounts
    /// The score that makes an anomaly.
    package let level: Double
    /// Series judged at the same time.
    package let workers: Int
    /// Anomalies that were over before are left out, unless later ones may belong to them; seconds since 1970.
    package var since = Int64.min
    /// The moment as of which everything is said, where it is later than the last record; seconds since 1970.
    package var asOf = Int64.min
    package var analysis = Analysis.all
    /// Whether to say from which counts on the next would be told.
    package var findsLimits = false
    /// The time by which it is judged whether records still come, seconds since 1970; nil where they are of the past.
    package var clock: Int64?
    /// What detectors elsewhere have found; never fails.
    package var alsoFound: @Sendable () async -> [PluginResult] = { [] }

    /// What a run has found.
    package struct Outcome: Sendable {
        package var incidents: [Incident]
        package var counts: UsageCounts
        /// When records of any kind came.
        package var activity: Activity
        package var seriesCount: Int
        package var anomalyCount: Int
        /// Groups of anomalies that were strange but not worth an incident.
        package var immaterialCount: Int
        /// nil where they were not asked for.
        package var limits: CountLimits?
    }

    package init(catalog: UsageCatalog, level: Double, workers: Int, accounts: @escaping Accounts) {
        self.catalog = catalog
        self.accounts = accounts
        self.level = level
        self.workers = max(1, workers)
    }

    /// Stages where all accounts are known beforehand.
    package init(catalog: UsageCatalog, directory: AccountDirectory, level: Double, workers: Int) {
        self.init(catalog: catalog, level: level, workers: workers) { _ in directory }
    }

    /// From records to incidents.
    package func run(_ source: some RecordSource, _ progress: Progress) async throws -> Outcome {
        let counts = try await source.counts(progress)  // event in, decode, store: counted
        let activity = try await source.activity(of: counts, progress)
        let (own, limits) = await judge(counts, progress)  // detect
        let others = PluginChannel.anomalies(await alsoFound(), beside: own, counts, catalog)
        let silences = silences(activity, counts)
        let all = (own + others).sorted(by: EntityAnomaly.precedes)
        let anomalies = Self.recent(all, since: since, causing: silences)
        let caseFile = try await source.evidence(EvidencePlan(anomalies), of: counts, progress)  // their records
        let concerned = Set(anomalies.map(\.account) + silences.flatMap(\.accounts))
        let directory = await accounts(concerned.sorted().map(counts.accountId))  // enrich
        let groups = group(anomalies, caseFile, counts, directory)  // group, correlate
        let incidents = groups.compactMap { IncidentWriter.incident($0, analysis) }  // assess, explain
        let parts = groups.flatMap(\.parts)
        let writer = SilenceWriter(counts, activity, directory, parts, catalog, analysis)
        return Outcome(
            incidents: incidents + silences.map(writer.incident),
            counts: counts,
            activity: activity,
            seriesCount: counts.series.count,
            anomalyCount: anomalies.count,
            immaterialCount: groups.count - incidents.count,
            limits: limits
        )
    }

    /// Entity anomalies: every series through the detector, and first uses.
    package func detect(_ counts: UsageCounts, _ progress: Progress) async throws -> [EntityAnomaly] {
        await judge(counts, progress).anomalies
    }

    /// Entity anomalies, and limits where they are wanted.
    private func judge(
        _ counts: UsageCounts,
        _ progress: Progress
    ) async -> (anomalies: [EntityAnomaly], limits: CountLimits?) {
        let detection = AnomalyDetection(catalog, level: level)
        let series = detection.series(counts)
        progress.begin("detecting", total: series.count)
        typealias Part = (anomalies: [EntityAnomaly], limits: [CountLimit])
        let found = await withTaskGroup(of: Part.self, returning: Part.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var found: [EntityAnomaly] = []
                    var limits: [CountLimit] = []
                    for index in stride(from: worker, to: series.count, by: workers) {
                        let findings = detection.findings(series[index], counts, withLimit: findsLimits)
                        found += findings.anomalies
                        if let limit = findings.limit { limits.append(limit) }
                        progress.advance(1)
                    }
                    return (found, limits)
                }
            }
            return await group.reduce(into: Part([], [])) { all, part in
                all.anomalies += part.anomalies
                all.limits += part.limits
            }
        }
        var limits: CountLimits?
        if findsLimits {
            limits = CountLimits()
            limits?.entities = found.limits
            limits?.accounts = detection.accountsWithPast(counts)
        }
        let anomalies = found.anomalies + detection.firstUses(counts)
        return (anomalies.sorted(by: EntityAnomaly.precedes), limits)
    }

    /// What has fallen silent and goes on so, or did until it could still concern somebody.
    private func silences(_ activity: Activity, _ counts: UsageCounts) -> [Silence] {
        // Where all is silent there may be no record left to tell the time by.
        let end = clock.map { $0 + 3600 } ?? lastMoment(counts)
        return SilenceScan(activity, clock: clock, end: end).silences().filter {
            since == .min || ($0.end ?? .max) >= since - SeriesScan.bridgedGap
        }
    }

    /// The moment as of which everything is said.
    package func lastMoment(_ counts: UsageCounts) -> Int64 {
        max(counts.timeline.map { counts.lastSecond($0) } ?? 0, asOf)
    }

    /// Those that go on at `since`, and the earlier ones that are as near to them, one after the other, as an incident's parts may be.
    ///
    /// Calls that may have caused one of `silences` stay, so that a cause is not forgotten while what it caused goes on.
    package static func recent(
        _ anomalies: [EntityAnomaly],
        since: Int64,
        causing silences: [Silence] = []
    ) -> [EntityAnomaly] {
        guard since > .min else { return anomalies }
        var horizon = since
        for anomaly in anomalies.sorted(by: { $0.end > $1.end }) {
            guard anomaly.end + SeriesScan.bridgedGap >= horizon else { break }
            horizon = min(horizon, anomaly.start)
        }
        return anomalies.filter { anomaly in
            anomaly.end + SeriesScan.bridgedGap >= horizon
                || anomaly.channel == .call
                    && silences.contains { SilenceWriter.mayBeCause(anomaly.start..<anomaly.end, of: $0) }
        }
    }

    /// Groups of anomalies that share a cause.
    package func group(
        _ anomalies: [EntityAnomaly],
        _ caseFile: CaseFile,
        _ counts: UsageCounts,
        _ directory: AccountDirectory
    ) -> [IncidentCase] {
        let known = IncidentParts.all(anomalies, caseFile, counts, catalog)
        let asOf = lastMoment(counts)
        return Grouping.groups(known).map { members in
            IncidentCase(
                catalog: catalog,
                counts: counts,
                caseFile: caseFile,
                directory: directory,
                parts: IncidentParts.settled(members.map { known[$0] }),
                asOf: asOf
            )
        }
    }
}
