import AWSAccess
import UsageCore

extension StateTable {
    private struct Part: Sendable {
        let entries: [UsageCounts.Entry]
        let seen: Tally.Seen
        let counters: [CounterItem]
    }

    package func counts(_ progress: Progress) async throws -> UsageCounts {
        let time = time
        let slices = Self.slices(time)
        progress.begin("counting", total: slices.count)
        let matcher = UsageMatcher(catalog)
        // Of usages whose volume the catalog has changed meanwhile, counters and records are read alike.
        let usages = Dictionary(uniqueKeysWithValues: catalog.usages.enumerated().map { ($1.name, $0) })
        var counts = UsageCounts()
        try await Concurrently.eachInOrder(slices, atMost: Self.concurrency) { slice in
            try await part(slice, matcher, usages, time)
        } take: { _, part in
            let known = counts.recordCount
            for entry in part.entries { counts.add(entry, catalog.usages[entry.usage]) }
            counts.merge(part.seen)
            for counter in part.counters { counts.add(counter, catalog.usages[counter.usage]) }
            progress.advance(1, records: counts.recordCount - known)
        }
        try await addAccounts(to: &counts, since: time.lowerBound)
        return counts
    }

    /// What one day and shard hold.
    private func part(
        _ slice: Slice,
        _ matcher: UsageMatcher,
        _ usages: [String: Int],
        _ time: ClosedRange<Int64>
    ) async throws -> Part {
        var tally = Tally(catalog, matcher, time: time)
        try await pages(of: StateKey.records(day: slice.day, shard: slice.shard), deadline: deadline) { items in
            for item in items { item["body"]?.binary?.withUnsafeBufferPointer { tally.readRecord($0) } }
        }
        var counters: [CounterItem] = []
        try await pages(of: StateKey.counts(day: slice.day, shard: slice.shard), deadline: deadline) { items in
            counters += items.compactMap { CounterItem($0, usages) }.filter { time.contains($0.start) }
        }
        return Part(entries: tally.entries, seen: tally.takeSeen(), counters: counters)
    }

    /// The times of accounts reach further back than what is counted, and counters do not know the last second.
    private func addAccounts(to counts: inout UsageCounts, since start: Int64) async throws {
        try await pages(of: StateKey.accounts, deadline: deadline) { items in
            for item in items {
                guard let id = item[StateKey.sort]?.string.map(StateKey.parts)?.first,
                    let first = item["first"]?.int, let last = item["last"]?.int, first <= last, last >= start
                else { continue }
                let account = AccountKey(id)
                guard counts.accounts[account] != nil else { continue }
                counts.widen(account, Int64(first)...Int64(last))
                let day = EventTime.floorDivide(Int64(last), 86400)
                if let held = counts.days[day] { counts.days[day]?.last = max(held.last, Int64(last)) }
            }
        }
    }
}
