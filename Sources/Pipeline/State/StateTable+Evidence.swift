import AWSAccess
import UsageCore

extension StateTable {
    private struct Search: Sendable {
        let day: String
        let account: String
    }

    /// The records of low-volume usages in and around the anomalies, and the sums of the others, of which there are no records.
    package func evidence(
        _ plan: EvidencePlan,
        of counts: UsageCounts,
        _ progress: Progress
    ) async throws -> CaseFile {
        var caseFile = CaseFile(plan, catalog, counts.habits)
        guard !plan.windows.isEmpty else { return caseFile }
        let time = time
        let accounts = plan.accounts.sorted().map { Self.id(of: $0, counts) }
        let searches = Self.days(time).flatMap { day in accounts.map { Search(day: day, account: $0) } }
        progress.begin("gathering evidence", total: searches.count)
        let gatherer = EvidenceGatherer(plan, catalog, UsageMatcher(catalog), time: time)
        try await Concurrently.eachInOrder(searches, atMost: Self.concurrency) { search in
            try await items(search, gatherer)
        } take: { _, items in
            for item in items { caseFile.add(item) }
            progress.advance(1)
        }
        for (window, totals) in try await totals(plan, counts) { caseFile.add(.totals(window: window, totals)) }
        return caseFile
    }

    /// The id that the keys of an account's items have.
    static func id(of account: AccountKey, _ counts: UsageCounts) -> String {
        let id = counts.accountId(account)
        return AccountKey(id) == account ? id : ""
    }

    private func items(_ search: Search, _ gatherer: EvidenceGatherer) async throws -> [CaseFile.Item] {
        var gatherer = gatherer
        try await pages(
            of: StateKey.records(day: search.day, shard: StateKey.shard(of: search.account)),
            sortedBy: StateKey.records(of: search.account),
            deadline: deadline
        ) { items in
            for item in items {
                gatherer.arrival = item["receivedAt"]?.int.map(Int64.init)
                item["body"]?.binary?.withUnsafeBufferPointer { gatherer.readRecord($0) }
            }
        }
        return gatherer.items
    }
}
