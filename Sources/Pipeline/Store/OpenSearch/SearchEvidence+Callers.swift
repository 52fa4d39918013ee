import AWSAccess
import UsageCore

/// What the few callers behind anomalies did before, and what else they did around them.
extension SearchEvidence {
    /// The callers that may turn out to be the culprits.
    struct Callers {
        /// By the accounts of the anomalies.
        private(set) var of: [AccountKey: [CallerFilter]] = [:]
        /// Those that are no service.
        private(set) var everywhere: [CallerFilter] = []

        /// Principals of a window that are looked at: those with most records, and those with most beyond their ordinary.
        private static let leading = 20

        init(_ file: CaseFile) {
            var seen: Set<CallerFilter> = []
            for (index, evidence) in file.windows.enumerated() {
                let window = file.plan.windows[index]
                let shares = evidence.traits[.principal] ?? [:]
                func beyond(_ name: String) -> Double {
                    let key = CaseFile.OrdinaryKey(
                        account: window.account,
                        usage: window.usage,
                        region: window.region,
                        trait: .principal,
                        value: name
                    )
                    let usual = (file.ordinary[key] ?? 0) / Double(14 * 86400) * Double(window.end - window.start)
                    return (shares[name]?.quantity ?? 0) - usual
                }
                let most = shares.keys.sorted { (shares[$1]?.quantity ?? 0, $0) < (shares[$0]?.quantity ?? 0, $1) }
                let names = Set(most.prefix(Self.leading))
                    .union(shares.keys.sorted { (beyond($1), $0) < (beyond($0), $1) }.prefix(Self.leading))
                for record in evidence.records where names.contains(record.caller.principal) {
                    let caller = CallerFilter(record.caller)
                    if !(of[window.account]?.contains(caller) ?? false) {
                        of[window.account, default: []].append(caller)
                    }
                    if !Principal.isService(record.caller.principal), seen.insert(caller).inserted {
                        everywhere.append(caller)
                    }
                }
            }
        }
    }

    /// Addresses, names and days of a caller that are asked for, the earliest first.
    private static let values = 100
    /// User agents that are asked for; many name the same tool.
    private static let userAgents = 2000

    /// Fills the habits of `callers`.
    func habits(_ callers: [CallerFilter], _ file: inout CaseFile) async throws {
        func firsts(_ field: String, _ size: Int) -> JSON {
            [
                "terms": ["field": .string(field), "size": .integer(size), "order": ["first": "asc"]],
                "aggs": ["first": ["min": ["field": "eventTime"]]],
            ]
        }
        let aggregations: JSON = [
            "first": ["min": ["field": "eventTime"]], "addresses": firsts("sourceIPAddress", Self.values),
            "agents": firsts("userAgent", Self.userAgents),
            "probes": ["filter": Self.sibling(.probe), "aggs": ["names": firsts("eventName", Self.values)]],
            "denials": [
                "filter": Self.sibling(.denied),
                "aggs": [
                    "days": [
                        "date_histogram": ["field": "eventTime", "fixed_interval": "1d", "min_doc_count": 1]
                    ]
                ],
            ],
        ]
        for chunk in Self.chunks(callers, of: 8) {
            let filters = chunk.enumerated().map { index, caller in
                (
                    String(index),
                    SearchFilter.all([caller.query, SearchFilter.time(from: from, before: to)])
                )
            }
            let reply = try await client.search(
                SearchCounts.indices,
                Self.filtered(filters, aggregations: aggregations)
            )
            for (index, caller) in chunk.enumerated() {
                guard let bucket = reply[aggregation: "each"]?["buckets"]?[String(index)],
                    let records = bucket["doc_count"]?.int, records > 0,
                    let first = bucket["first"]?["value"]?.double
                else { continue }
                var habit = CallerHabits.Habit(firstSeen: Int64((first / 1000).rounded(.down)))
                habit.records = records
                habit.addresses = Self.firsts(bucket["addresses"]) { text in
                    CallerTraits.isAddress(text) ? CallerHabits.hash(text) : 0
                }
                habit.tools = Self.firsts(bucket["agents"]) { CallerHabits.hash(CallerTraits.tool($0)) }
                habit.probes = Self.firsts(bucket["probes"]?["names"]) { CallerHabits.hash($0) }
                let days = (bucket["denials"]?["days"]?["buckets"]?.array ?? []).compactMap { $0["key"]?.double }
                habit.denials = CallerHabits.Firsts(days: days.map { EventTime.floorDivide(Int64($0 / 1000), 86400) })
                file.habits.take(habit, of: caller.key)
            }
        }
    }

    private static func firsts(
        _ terms: JSON?,
        _ hash: (UnsafeBufferPointer<UInt8>) -> UInt64
    ) -> CallerHabits.Firsts {
        let values = (terms?["buckets"]?.array ?? []).compactMap { bucket -> (hash: UInt64, first: Int64)? in
            guard var text = bucket["key"]?.string, let first = bucket["first"]?["value"]?.double else { return nil }
            let code = text.withUTF8(hash)
            return code == 0 ? nil : (code, Int64((first / 1000).rounded(.down)))
        }
        return CallerHabits.Firsts(values, isOverfull: (terms?["sum_other_doc_count"]?.int ?? 0) > 0)
    }

    /// Fills the calls around the anomalies of `account`: those of its callers, and changes by anybody where functions are invoked.
    func siblings(_ account: AccountKey, _ callers: [CallerFilter], _ file: inout CaseFile) async throws {
        guard let wanted = plan[account] else { return }
        let reach = EvidencePlan.siblingReach
        let times = Self.union(wanted.windows.map { plan.windows[$0].start - reach..<plan.windows[$0].end + reach })
        let around = SearchFilter.all([
            owner(account), SearchFilter.time(from: from, before: to),
            SearchFilter.any(times.map { SearchFilter.time(from: $0.lowerBound, before: $0.upperBound) }),
        ])
        var gatherer = EvidenceGatherer(plan, catalog, matcher, time: from...max(from, to))
        func take(_ source: [UInt8]) {
            Self.read(source, &gatherer)
            for item in gatherer.items { if case .sibling = item { file.add(item) } }
            gatherer.items.removeAll(keepingCapacity: true)
        }
        // By name and ten minutes, as `Siblings` tells them apart.
        let names: JSON = [
            "names": [
                "terms": ["field": "eventName", "size": .integer(Self.names)],
                "aggs": [
                    "times": [
                        "date_histogram": [
                            "field": "eventTime", "fixed_interval": .string("\(Siblings.slotSeconds)s"),
                            "min_doc_count": 1,
                        ],
                        "aggs": [
                            "samples": [
                                "top_hits": [
                                    "size": .integer(Siblings.samplesKept), "sort": Self.order,
                                    "_source": .array(Self.callFields.map(JSON.string)),
                                ]
                            ]
                        ],
                    ]
                ],
            ]
        ]
        let kinds = [SiblingKind.denied, .probe, .change]
        for chunk in Self.chunks(callers, of: 20) {
            let filters = chunk.enumerated().flatMap { index, caller in
                kinds.map { kind in
                    (
                        "\(index).\(kind.rawValue)",
                        SearchFilter.all([around, caller.query, Self.sibling(kind)])
                    )
                }
            }
            let reply = try await client.search(SearchCounts.indices, Self.filtered(filters, aggregations: names))
            for hit in reply.hits { take(hit.source) }
            for (index, caller) in chunk.enumerated() {
                for kind in kinds {
                    let bucket = reply[aggregation: "each"]?["buckets"]?["\(index).\(kind.rawValue)"]
                    let key = CaseFile.SiblingKey(account: account, caller: caller.key, kind: kind)
                    for item in Self.siblingCounts(bucket?["names"], key) { file.add(item) }
                }
            }
        }
        guard wanted.entities.contains(where: { catalog.usages[$0.usage].cost == .lambdaRequests }) else { return }
        try await records(
            SearchFilter.all([around, Self.sibling(.change)]),
            most: Self.changes,
            fields: Self.callFields
        ) { item in if case .sibling = item { file.add(item) } }
    }

    private static func siblingCounts(_ names: JSON?, _ key: CaseFile.SiblingKey) -> [CaseFile.Item] {
        (names?["buckets"]?.array ?? []).flatMap { bucket -> [CaseFile.Item] in
            guard let name = bucket["key"]?.string else { return [] }
            return (bucket["times"]?["buckets"]?.array ?? []).compactMap { time in
                guard let start = time["key"]?.double, let count = time["doc_count"]?.int else { return nil }
                return .siblingCount(key: key, name: name, start: Int64(start / 1000), count: count)
            }
        }
    }

    /// Names of calls of one kind that are told apart.
    private static let names = 200

    /// Changes by anybody that are looked through.
    private static let changes = 2000

    /// As `SiblingKind` tells them.
    private static func sibling(_ kind: SiblingKind) -> JSON {
        let failed = SearchFilter.exists("errorCode")
        let dryRun = SearchFilter.holds("errorCode", SiblingKind.dryRun.description)
        switch kind {
        case .denied:
            let refused = SiblingKind.refusals.map { SearchFilter.holds("errorCode", $0.description) }
            return SearchFilter.all([SearchFilter.any(refused)], not: [dryRun])
        case .probe:
            let names = SearchFilter.terms("eventName", SiblingKind.probes.map(\.description))
            return SearchFilter.any([dryRun, SearchFilter.all([names], not: [failed])])
        case .change:
            let names = SiblingKind.changes.map { SearchFilter.prefix("eventName", $0) }
            return SearchFilter.all([SearchFilter.any(names)], not: [failed])
        case .signIn: return SearchFilter.all([SearchFilter.term("eventName", "ConsoleLogin")], not: [failed])
        }
    }
}
