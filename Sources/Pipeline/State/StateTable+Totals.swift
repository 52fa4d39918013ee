import AWSAccess
import UsageCore

extension StateTable {
    private struct Search: Hashable, Sendable {
        let day: String
        let account: String
        let usage: Int
    }

    /// What counters say of the windows of `plan` whose usages have no records: how much there was and when, by nobody known.
    ///
    /// A first use is told by it: without a sum nothing would confirm it.
    func totals(_ plan: EvidencePlan, _ counts: UsageCounts) async throws -> [Int: WindowEvidence.Totals] {
        let time = time
        var windows: [Search: [Int]] = [:]
        for (index, window) in plan.windows.enumerated() where !catalog.usages[window.usage].isLowVolume {
            let end = min(window.end - 1, time.upperBound)
            guard window.start <= end else { continue }
            for day in Self.days(window.start...end) {
                let account = Self.id(of: window.account, counts)
                windows[Search(day: day, account: account, usage: window.usage), default: []].append(index)
            }
        }
        var totals: [Int: WindowEvidence.Totals] = [:]
        let searches = windows.sorted {
            ($0.key.day, $0.key.account, $0.key.usage) < ($1.key.day, $1.key.account, $1.key.usage)
        }
        try await Concurrently.eachInOrder(searches, atMost: Self.concurrency) { search in
            try await counters(search.key)
        } take: { place, counters in
            for index in searches[place].value {
                for counter in counters where time.contains(counter.start) && counter.isPart(of: plan.windows[index]) {
                    totals[index, default: WindowEvidence.Totals()].add(counter)
                }
            }
        }
        return totals
    }

    private func counters(_ search: Search) async throws -> [CounterItem] {
        let usage = catalog.usages[search.usage].name
        var counters: [CounterItem] = []
        try await pages(
            of: StateKey.counts(day: search.day, shard: StateKey.shard(of: search.account)),
            sortedBy: StateKey.counts(of: usage, account: search.account),
            deadline: deadline
        ) { items in counters += items.compactMap { CounterItem($0, [usage: search.usage]) } }
        return counters
    }
}

extension CounterItem {
    fileprivate func isPart(of window: EvidencePlan.Window) -> Bool {
        start >= window.start && start < window.end && CallerHabits.hash(region) == window.region
            && (window.kind == 0 || window.kind == CallerHabits.hash(kind))
    }
}

extension WindowEvidence.Totals {
    fileprivate mutating func add(_ counter: CounterItem) {
        records += counter.records
        quantity += counter.quantity
        flow[counter.start, default: [:]][WindowEvidence.nobodyKnown, default: .init()].quantity += counter.quantity
        flow[counter.start, default: [:]][WindowEvidence.nobodyKnown, default: .init()].records += counter.records
    }
}
