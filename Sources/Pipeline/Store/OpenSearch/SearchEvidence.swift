import AWSAccess
import UsageCore

/// Gathers from OpenSearch what the records in and around anomalies say, one account after the other.
///
/// Windows of few records are read record by record, as files are; of larger ones OpenSearch sums up the traits, and the earliest
/// records are samples.
struct SearchEvidence: Sendable {
    typealias JSON = AWSAccess.JSONValue

    let client: SearchClient
    let catalog: UsageCatalog
    let plan: EvidencePlan
    let counts: UsageCounts
    let matcher: UsageMatcher
    let from: Int64
    let to: Int64

    /// Records of a high-volume window up to which they are read one by one.
    let readRecords: Int

    /// The same where each record names what it started.
    static let readStarts = 20_000
    /// Records of a page; 200 of the largest make 50 MiB.
    static let page = 200
    /// Accounts that are asked about at the same time.
    private static let atOnce = 3
    /// Calls that ended resources which are followed for each account.
    private static let endedCalls = 50_000

    init(
        _ client: SearchClient,
        _ catalog: UsageCatalog,
        _ plan: EvidencePlan,
        _ counts: UsageCounts,
        from: Int64,
        to: Int64,
        readRecords: Int
    ) {
        self.readRecords = readRecords
        self.client = client
        self.catalog = catalog
        self.plan = plan
        self.counts = counts
        self.from = from
        self.to = to
        matcher = UsageMatcher(catalog)
    }

    func caseFile(_ progress: Progress) async throws -> CaseFile {
        var file = CaseFile(plan, catalog)
        let accounts = plan.accounts.sorted()
        try await withThrowingTaskGroup(of: [CaseFile.Item].self) { group in
            var next = 0
            func begin() {
                guard next < accounts.count else { return }
                let account = accounts[next]
                next += 1
                group.addTask { try await items(of: account) }
            }
            for _ in 0..<Self.atOnce { begin() }
            while let items = try await group.next() {
                for item in items { file.add(item) }
                progress.advance(1)
                begin()
            }
        }
        let callers = Callers(file)
        try await habits(callers.everywhere, &file)
        for account in accounts { try await siblings(account, callers.of[account] ?? [], &file) }
        return file
    }

    private func items(of account: AccountKey) async throws -> [CaseFile.Item] {
        guard let wanted = plan[account] else { return [] }
        var items: [CaseFile.Item] = []
        let sizes = try await sizes(wanted)
        let small = wanted.windows.filter { index in
            let isLow = catalog.usages[plan.windows[index].usage].isLowVolume
            return (sizes[index] ?? 0) <= (isLow ? Self.readStarts : readRecords)
        }
        for entity in Set(
            small.map { EvidencePlan.Entity(usage: plan.windows[$0].usage, region: plan.windows[$0].region) }
        )
        .sorted(by: { ($0.usage, $0.region) < ($1.usage, $1.region) }) {
            let own = small.filter {
                plan.windows[$0].usage == entity.usage && plan.windows[$0].region == entity.region
            }
            let ids = Set(own)
            for range in Self.union(own.map { plan.windows[$0].start..<plan.windows[$0].end }) {
                let filter = SearchFilter.all([
                    self.entity(entity, account), SearchFilter.time(from: range.lowerBound, before: range.upperBound),
                ])
                try await records(filter, most: .max) { item in
                    if case .watched(let window, _, _) = item, ids.contains(window) { items.append(item) }
                }
            }
        }
        for window in wanted.windows where !small.contains(window) { items += try await large(window) }
        items += try await ordinary(account, wanted)
        items += try await ended(account, wanted)
        return items
    }

    /// How many records each window has.
    private func sizes(_ wanted: EvidencePlan.Account) async throws -> [Int: Int] {
        var sizes: [Int: Int] = [:]
        for chunk in Self.chunks(wanted.windows, of: 200) {
            let filters = chunk.map { (String($0), window($0)) }
            let reply = try await client.search(SearchCounts.indices, Self.filtered(filters, aggregations: nil))
            for index in chunk {
                sizes[index] = reply[aggregation: "each"]?["buckets"]?[String(index)]?["doc_count"]?.int
            }
        }
        return sizes
    }

    /// The records of one entity.
    func entity(_ entity: EvidencePlan.Entity, _ account: AccountKey) -> JSON {
        let place = id(account) + "/" + (counts.names[entity.region] ?? "")
        return SearchFilter.all([
            SearchFilter.term("usage.name", catalog.usages[entity.usage].name),
            SearchFilter.term("usage.place", place), SearchFilter.isTrue("self", false),
            SearchFilter.time(from: from, before: to),
        ])
    }

    /// The account as records write it; empty where they do not.
    private func id(_ account: AccountKey) -> String { account == .unknown ? "" : counts.accountId(account) }

    /// The records of one window.
    func window(_ index: Int) -> JSON {
        let window = plan.windows[index]
        var filters = [
            entity(EvidencePlan.Entity(usage: window.usage, region: window.region), window.account),
            SearchFilter.time(from: window.start, before: window.end),
        ]
        if window.callers != .all { filters.append(SearchFilter.term("usage.callers", window.callers.name)) }
        if window.kind != 0, let name = counts.names[window.kind] {
            filters.append(
                SearchFilter.any([
                    SearchFilter.term("usage.family", name), SearchFilter.term("usage.modelId", name),
                ])
            )
        }
        return SearchFilter.all(filters)
    }

    /// Hands what the plan wants of the records that `filter` finds to `take`, the earliest first, at most so many records.
    ///
    /// Pages go on behind the last record's time and event id; of records without an id that share the second at the end of a page the
    /// rest is passed by.
    func records(
        _ filter: JSON,
        most: Int,
        fields: [String]? = nil,
        _ take: (CaseFile.Item) -> Void
    ) async throws {
        var after: JSON?
        var left = most
        var gatherer = EvidenceGatherer(plan, catalog, matcher, time: from...max(from, to))
        while left > 0 {
            let size = min(fields == nil ? Self.page : 2000, left)
            let body: JSON = [
                "size": .integer(size), "track_total_hits": false, "query": filter, "search_after": after,
                "sort": Self.order, "_source": fields.map { .array($0.map(JSON.string)) },
            ]
            let found = try await client.search(SearchCounts.indices, body).documents
            for document in found {
                Self.read(document.source, &gatherer)
                for item in gatherer.items { take(item) }
                gatherer.items.removeAll(keepingCapacity: true)
            }
            after = found.last?.about["sort"]
            left -= found.count
            if found.count < size || after == nil { return }
        }
    }

    static let order: JSON = [["eventTime": "asc"], ["eventID": "asc"]]

    /// Reads a stored document as the record that it was.
    static func read(_ source: [UInt8], _ gatherer: inout EvidenceGatherer) {
        guard let document = source.withUnsafeBufferPointer({ StoredDocument($0) }) else { return }
        gatherer.arrival = document.receivedAt
        document.record.withUnsafeBufferPointer { gatherer.readRecord($0) }
    }

    /// What the callers of each entity do outside of its windows.
    private func ordinary(_ account: AccountKey, _ wanted: EvidencePlan.Account) async throws -> [CaseFile.Item] {
        var items: [CaseFile.Item] = []
        for entity in wanted.entities.sorted(by: { ($0.usage, $0.region) < ($1.usage, $1.region) }) {
            let windows = wanted.windows.map { plan.windows[$0] }
                .filter { $0.usage == entity.usage && $0.region == entity.region }
            let outside = Self.union(windows.map { $0.start..<$0.end })
                .map { SearchFilter.time(from: $0.lowerBound, before: $0.upperBound) }
            let body: JSON = [
                "size": 0, "track_total_hits": false,
                "query": SearchFilter.all([self.entity(entity, account)], not: outside),
                "aggs": .sorted(
                    [Trait.principal, .functionName, .group].reduce(into: [:]) {
                        $0[$1.rawValue] = SearchTraits.terms($1, of: SearchTraits.manyValues)
                    }
                ),
            ]
            let reply = try await client.search(SearchCounts.indices, body)
            for trait in [Trait.principal, .functionName, .group] {
                for (value, share) in SearchTraits.shares(reply[aggregation: trait.rawValue]) {
                    let key = CaseFile.OrdinaryKey(
                        account: account,
                        usage: entity.usage,
                        region: entity.region,
                        trait: trait,
                        value: value
                    )
                    items.append(.ordinaryTotal(key: key, quantity: share.quantity))
                }
            }
        }
        return items
    }

    /// Calls that ended what the usages of the plan start.
    private func ended(_ account: AccountKey, _ wanted: EvidencePlan.Account) async throws -> [CaseFile.Item] {
        let usages = Set(wanted.entities.map(\.usage)).map { catalog.usages[$0] }
        let names = Set(usages.flatMap { $0.resources?.endedBy ?? [] }.flatMap(\.eventNames)).sorted()
        guard !names.isEmpty else { return [] }
        let sources = Set(usages.flatMap(\.eventSources)).sorted()
        let filter = SearchFilter.all(
            [
                owner(account), SearchFilter.terms("eventName", names), SearchFilter.terms("eventSource", sources),
                SearchFilter.time(from: max(from, wanted.start), before: to),
            ],
            not: [SearchFilter.exists("errorCode")]
        )
        var items: [CaseFile.Item] = []
        let fields = Self.callFields + ["requestParameters", "responseElements"]
        try await records(filter, most: Self.endedCalls, fields: fields) { item in
            if case .ended = item { items.append(item) }
        }
        return items
    }

    /// All records of an account.
    func owner(_ account: AccountKey) -> JSON {
        let id = id(account)
        guard !id.isEmpty else {
            let names = ["recipientAccountId", "userIdentity.accountId"]
            return SearchFilter.all([], not: names.map(SearchFilter.exists))
        }
        return SearchFilter.any([
            SearchFilter.term("recipientAccountId", id),
            SearchFilter.all(
                [SearchFilter.term("userIdentity.accountId", id)],
                not: [SearchFilter.exists("recipientAccountId")]
            ),
        ])
    }

    /// What tells who called what, when and how it went.
    static let callFields = [
        "eventID", "eventTime", "eventName", "eventSource", "awsRegion", "recipientAccountId", "errorCode",
        "userIdentity", "sourceIPAddress", "userAgent",
    ]

    /// A search that counts, and sums up, the records of each of several filters.
    static func filtered(_ filters: [(String, JSON)], aggregations: JSON?) -> JSON {
        let each = JSON.sorted(Dictionary(filters) { first, _ in first })
        return [
            "size": 0, "track_total_hits": false,
            "query": SearchFilter.any(filters.map(\.1)),
            "aggs": ["each": ["filters": ["filters": each], "aggs": aggregations]],
        ]
    }

    /// Ranges that together are `ranges` and do not overlap.
    static func union(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { joined, range in
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
    }

    static func chunks<Element>(_ elements: [Element], of size: Int) -> [[Element]] {
        stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<min($0 + size, elements.count)]) }
    }
}
