import AWSAccess
import UsageCore

/// Counts by aggregations what a reading of the same records would count.
///
/// The documents carry how they count (`usage.callers`, `quantity`, `centsPerHour`, `family`), so sums of them are the series.
struct SearchCounts: Sendable {
    private typealias JSON = AWSAccess.JSONValue

    let client: SearchClient
    let catalog: UsageCatalog

    /// Records by the day of their event; those whose time cannot be believed lie in `usage-records-other` and are not counted.
    static let indices = "usage-records-2*"
    /// Buckets of a page; OpenSearch builds 65,535 at most for one answer (`search.max_buckets`).
    private static let page = 10_000

    /// What the records of `from` until before `to` count as; first uses of all records before `to` where `withPast` says so.
    func counts(from: Int64, to: Int64, withPast: Bool) async throws -> UsageCounts {
        let intervals = Set(catalog.usages.map(\.detector.intervalSeconds)).sorted()
        return try await withThrowingTaskGroup(of: UsageCounts.self) { group in
            for interval in intervals { group.addTask { try await series(interval: interval, from, to) } }
            group.addTask { try await firstUses(withPast ? nil : from, to) }
            group.addTask { try await accounts(from, to) }
            group.addTask { try await days(from, to) }
            return try await group.reduce(into: UsageCounts()) { $0.merge($1) }
        }
    }

    /// Whether watched records of that time were received since `moment`.
    func hasLateRecords(receivedSince moment: Int64, from: Int64, to: Int64) async throws -> Bool {
        let filter = SearchFilter.all([
            SearchFilter.time("ingest.receivedAt", from: moment), SearchFilter.time(from: from, before: to),
            SearchFilter.exists("usage.name"),
        ])
        let body: JSON = ["size": 0, "track_total_hits": 1, "query": filter]
        return try await client.search(Self.indices, body).total > 0
    }

    private static func watched(_ usages: [Usage], _ from: Int64?, _ to: Int64) -> JSON {
        SearchFilter.all([
            SearchFilter.terms("usage.name", usages.map(\.name)), SearchFilter.time(from: from, before: to),
            SearchFilter.isTrue("self", false),
        ])
    }

    private func series(interval: Int64, _ from: Int64, _ to: Int64) async throws -> UsageCounts {
        let usages = catalog.usages.filter { $0.detector.intervalSeconds == interval }
        let sources: JSON = [
            Self.source("usage", "usage.name"), Self.source("place", "usage.place"),
            Self.source("callers", "usage.callers"),
            ["time": ["date_histogram": ["field": "eventTime", "fixed_interval": .string("\(interval)s")]]],
        ]
        var counts = UsageCounts()
        try await eachBucket(
            Self.watched(usages, from, to),
            sources,
            ["quantity": Self.sum("usage.quantity"), "cents": Self.sum("usage.centsPerHour")]
        ) { key, bucket in
            guard let entity = entity(key, &counts),
                let callers = key["callers"]?.string.flatMap(CallerClass.init(name:)),
                let time = Self.seconds(key["time"])
            else { return }
            let place = Int32(clamping: EventTime.floorDivide(time, interval))
            func series(_ measure: UsageCounts.Measure) -> UsageCounts.SeriesKey {
                UsageCounts.SeriesKey(
                    usage: entity.usage,
                    measure: measure,
                    callers: callers,
                    account: entity.account,
                    region: entity.region
                )
            }
            let quantity = bucket["quantity"]?["value"]?.double ?? 0
            counts.series[series(.count), default: SparseCounts()].add(max(0, quantity), to: place)
            if let cents = bucket["cents"]?["value"]?.double, cents > 0 {
                counts.series[series(.spend), default: SparseCounts()].add(cents, to: place)
            }
            counts.watchedCount += bucket["doc_count"]?.int ?? 0
        }
        return counts
    }

    private func firstUses(_ from: Int64?, _ to: Int64) async throws -> UsageCounts {
        let usages = catalog.usages.filter { !$0.novelty.isEmpty }
        let sources: JSON = [
            Self.source("usage", "usage.name"), Self.source("place", "usage.place"),
            Self.source("family", "usage.family", orMissing: true),
            Self.source("model", "usage.modelId", orMissing: true),
        ]
        var counts = UsageCounts()
        try await eachBucket(
            Self.watched(usages, from, to),
            sources,
            ["first": ["min": ["field": "eventTime"]]]
        ) { key, bucket in
            guard let entity = entity(key, &counts), let first = Self.seconds(bucket["first"]?["value"]) else { return }
            let usage = catalog.usages[entity.usage]
            for novelty in usage.novelty {
                let value: UInt64
                switch novelty {
                case .region: value = entity.region
                case .family: value = named(key["family"], &counts)
                case .model: value = named(key["model"], &counts)
                case .api: value = 1
                }
                guard value != 0 else { continue }
                let novel = UsageCounts.NoveltyKey(
                    account: entity.account,
                    usage: novelty == .region ? -1 : entity.usage,
                    novelty: novelty,
                    value: value
                )
                counts.firstUses[novel] = min(counts.firstUses[novel] ?? .max, first)
            }
        }
        return counts
    }

    /// From when to when each account has records of any kind.
    private func accounts(_ from: Int64, _ to: Int64) async throws -> UsageCounts {
        var counts = UsageCounts()
        let times: JSON = ["first": ["min": ["field": "eventTime"]], "last": ["max": ["field": "eventTime"]]]
        func note(_ id: String, _ bucket: JSON) {
            guard let first = Self.seconds(bucket["first"]?["value"]), let last = Self.seconds(bucket["last"]?["value"])
            else { return }
            let account = AccountKey(id)
            if account.digits == nil { counts.names[account.value] = id.isEmpty ? "unknown" : id }
            let records = bucket["doc_count"]?.int ?? 0
            var span = counts.accounts[account] ?? UsageCounts.AccountSpan(first: first, last: last, records: 0)
            span.first = min(span.first, first)
            span.last = max(span.last, last)
            span.records += records
            counts.accounts[account] = span
        }
        let time = SearchFilter.time(from: from, before: to)
        let named: JSON = [Self.source("account", "recipientAccountId")]
        try await eachBucket(SearchFilter.all([time]), named, times) { key, bucket in
            note(key["account"]?.string ?? "", bucket)
        }
        // Records that do not say whose they are count as their caller's.
        let nameless = SearchFilter.all([time], not: [SearchFilter.exists("recipientAccountId")])
        let callers: JSON = [Self.source("account", "userIdentity.accountId", orMissing: true)]
        try await eachBucket(nameless, callers, times) { key, bucket in note(key["account"]?.string ?? "", bucket) }
        return counts
    }

    /// Regions of accounts and days of a page of `activity`, each with 24 buckets of its own.
    private static let activityPage = 2_000

    /// In which hours records of any kind came.
    func activity(from: Int64, to: Int64) async throws -> Activity {
        var activity = Activity()
        func note(_ key: JSON, _ bucket: JSON) {
            let (account, region) = (key["account"]?.string ?? "", key["region"]?.string ?? "")
            let place = Activity.Place(account: account, region: region)
            if place.account.digits == nil {
                activity.names[place.account.value] = account.isEmpty ? "unknown" : account
            }
            if place.region != 0 { activity.names[place.region] = region }
            for hour in bucket["hours"]?["buckets"]?.array ?? [] {
                guard let start = Self.seconds(hour["key"]) else { continue }
                activity.add(hour["doc_count"]?.int ?? 0, to: place, at: start)
            }
        }
        let place: [JSON] = [
            Self.source("region", "awsRegion", orMissing: true),
            ["day": ["date_histogram": ["field": "eventTime", "fixed_interval": "86400s"]]],
        ]
        let hours: JSON = [
            "hours": ["date_histogram": ["field": "eventTime", "fixed_interval": "3600s", "min_doc_count": 1]]
        ]
        let time = SearchFilter.time(from: from, before: to)
        let named = JSON.array([Self.source("account", "recipientAccountId")] + place)
        try await eachBucket(SearchFilter.all([time]), named, hours, page: Self.activityPage, note)
        // Records that do not say whose they are count as their caller's.
        let nameless = SearchFilter.all([time], not: [SearchFilter.exists("recipientAccountId")])
        let callers = JSON.array([Self.source("account", "userIdentity.accountId", orMissing: true)] + place)
        try await eachBucket(nameless, callers, hours, page: Self.activityPage, note)
        return activity
    }

    private func days(_ from: Int64, _ to: Int64) async throws -> UsageCounts {
        var counts = UsageCounts()
        let day: JSON = [["day": ["date_histogram": ["field": "eventTime", "fixed_interval": "86400s"]]]]
        try await eachBucket(
            SearchFilter.all([SearchFilter.time(from: from, before: to)]),
            day,
            ["last": ["max": ["field": "eventTime"]]]
        ) { key, bucket in
            guard let start = Self.seconds(key["day"]), let last = Self.seconds(bucket["last"]?["value"]) else {
                return
            }
            let records = bucket["doc_count"]?.int ?? 0
            counts.days[EventTime.floorDivide(start, 86400)] = UsageCounts.Day(records: records, last: last)
            counts.recordCount += records
        }
        return counts
    }

    /// Pages through a composite aggregation ("Composite aggregations" in OpenSearch's documentation).
    private func eachBucket(
        _ query: JSON,
        _ sources: JSON,
        _ measures: JSON,
        page: Int = Self.page,
        _ visit: (_ key: JSON, _ bucket: JSON) -> Void
    ) async throws {
        var after: JSON?
        while true {
            let body: JSON = [
                "size": 0, "track_total_hits": false, "query": query,
                "aggs": [
                    "pages": [
                        "composite": ["size": .integer(page), "sources": sources, "after": after],
                        "aggs": measures,
                    ]
                ],
            ]
            let pages = try await client.search(Self.indices, body)[aggregation: "pages"]
            let buckets = pages?["buckets"]?.array ?? []
            for bucket in buckets { if let key = bucket["key"] { visit(key, bucket) } }
            after = pages?["after_key"]
            if buckets.count < page || after == nil { return }
        }
    }

    private func entity(
        _ key: JSON,
        _ counts: inout UsageCounts
    ) -> (usage: Int, account: AccountKey, region: UInt64)? {
        guard let name = key["usage"]?.string, let usage = catalog.usages.firstIndex(where: { $0.name == name }),
            let place = key["place"]?.string, let slash = place.firstIndex(of: "/")
        else { return nil }
        let account = String(place[..<slash])
        let region = String(place[place.index(after: slash)...])
        let code = CallerHabits.hash(region)
        if code != 0 { counts.names[code] = region }
        return (usage, AccountKey(account), code)
    }

    private func named(_ value: JSON?, _ counts: inout UsageCounts) -> UInt64 {
        guard let text = value?.string else { return 0 }
        let code = CallerHabits.hash(text)
        if code != 0 { counts.names[code] = text }
        return code
    }

    private static func source(_ name: String, _ field: String, orMissing: Bool = false) -> JSON {
        .sorted([
            name: ["terms": ["field": .string(field), "missing_bucket": orMissing ? true : nil]]
        ])
    }

    private static func sum(_ field: String) -> JSON { ["sum": ["field": .string(field)]] }

    /// Milliseconds of an aggregation as seconds.
    private static func seconds(_ value: JSON?) -> Int64? {
        value?.double.flatMap { $0.isFinite ? Int64(exactly: ($0 / 1000).rounded(.down)) : nil }
    }
}
