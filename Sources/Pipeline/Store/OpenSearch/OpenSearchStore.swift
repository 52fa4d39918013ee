import AWSAccess
import UsageCore

/// The OpenSearch home of records and incidents, seen from one invocation.
///
/// Counting is left to aggregations; records are read only around anomalies.
package struct OpenSearchStore: UsageStore {
    /// What outlives an invocation: the way to the domain, and what was counted before.
    package final class Home: Sendable {
        let search: OpenSearch
        let now: @Sendable () -> Int64
        let catalog: UsageCatalog
        let lookbackDays: Int64
        let evaluationSeconds: Int64
        let readRecords: Int
        let memory = SearchMemory()

        /// - Parameters:
        ///   - session: Who asks.
        ///   - endpoint: Of the domain or collection.
        ///   - catalog: What is watched.
        ///   - lookbackDays: Days of the past that are looked at, today not counted.
        ///   - evaluationSeconds: How far back records are looked at anew each time, as some come late.
        ///   - readRecords: Records of a high-volume window up to which they are read one by one instead of being summed up.
        ///   - now: Seconds since 1970.
        package init(
            session: AWSSession,
            endpoint: Endpoint,
            catalog: UsageCatalog,
            lookbackDays: Int = OpenSearchStore.lookbackDays,
            evaluationSeconds: Int,
            readRecords: Int = 5000,
            now: @escaping @Sendable () -> Int64
        ) {
            search = OpenSearch(session: session, endpoint: endpoint)
            self.readRecords = readRecords
            self.now = now
            self.catalog = catalog
            self.lookbackDays = Int64(lookbackDays)
            self.evaluationSeconds = Int64(evaluationSeconds)
        }

        /// The store for an invocation that must have ended at `deadline`.
        package func store(until deadline: ContinuousClock.Instant) -> OpenSearchStore {
            OpenSearchStore(home: self, client: SearchClient(search: search, deadline: deadline), now: now())
        }
    }

    let home: Home
    let client: SearchClient
    /// Seconds since 1970.
    let now: Int64

    /// A fortnight: two of each day of the week.
    package static let lookbackDays = 14
    /// A record may be stamped a little ahead of our own clock.
    private static let slack: Int64 = 600
    /// The longest between a record's arrival and the moment at which searches see it: an invocation's longest life.
    private static let indexingTime: Int64 = 900

    /// The first second that is looked at.
    var start: Int64 { (EventTime.floorDivide(now, 86400) - home.lookbackDays) * 86400 }
    /// The first second that is not.
    var end: Int64 { now + Self.slack }

    package func counts(_ progress: Progress) async throws -> UsageCounts {
        progress.begin("counting", total: 2)
        try await refresh()
        let source = SearchCounts(client: client, catalog: home.catalog)
        let cut = max(start, EventTime.floorDivide(now - home.evaluationSeconds, 3600) * 3600)
        var past = try await remembered(source, start: start, cut: cut)
        progress.advance(1)
        if past.end < cut {
            past.counts.merge(try await source.counts(from: past.end, to: cut, withPast: past.end == start))
            past.end = cut
        }
        past.askedAt = now
        home.memory.past = past
        var counts = past.counts
        counts.merge(try await source.counts(from: past.end, to: end, withPast: past.end == start))
        progress.advance(1, records: counts.recordCount)
        return counts
    }

    /// Records that come more than a day late may be missing in what is remembered of the days before; a new day is asked for anew.
    package func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity {
        let source = SearchCounts(client: client, catalog: home.catalog)
        let cut = (EventTime.floorDivide(now, 86400) - 1) * 86400
        guard cut > start else { return try await source.activity(from: start, to: end) }
        var past = home.memory.activity
        if past?.start != start || past?.end != cut {
            past = SearchMemory.PastActivity(
                activity: try await source.activity(from: start, to: cut),
                start: start,
                end: cut
            )
            home.memory.activity = past
        }
        var activity = past?.activity ?? Activity()
        activity.merge(try await source.activity(from: cut, to: end))
        return activity
    }

    package func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        progress.begin("gathering evidence", total: plan.accounts.count)
        let evidence = SearchEvidence(
            client,
            home.catalog,
            plan,
            counts,
            from: start,
            to: end,
            readRecords: home.readRecords
        )
        return try await evidence.caseFile(progress)
    }

    /// What is known from before, or nothing where it can no longer be relied on.
    private func remembered(_ source: SearchCounts, start: Int64, cut: Int64) async throws -> SearchMemory.Past {
        if let past = home.memory.past, past.start == start, past.end <= cut {
            let since = past.askedAt - Self.indexingTime
            if try await !source.hasLateRecords(receivedSince: since, from: start, to: past.end) { return past }
        }
        return SearchMemory.Past(counts: UsageCounts(), start: start, end: start, askedAt: 0)
    }

    /// Makes what has been stored visible, so that an early signal does not come too early.
    private func refresh() async throws {
        let path = "/\(SearchCounts.indices)/_refresh"
        let response = try await client.send(.post, path, isSafeToRepeat: true)
        // A domain that does not let us refresh does so by itself, ten seconds later at the most.
        guard response.status == 200 || response.status == 403 || response.status == 404 else {
            throw SearchFailure.refused(operation: "POST \(path)", OpenSearch.refusal(response))
        }
    }
}
