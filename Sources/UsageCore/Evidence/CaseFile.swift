/// All that pass two brings home, for every anomaly of the plan.
///
/// The same records in any order give the same case file.
package struct CaseFile: Sendable {
    /// Calls of one kind by one caller around the anomalies of one account.
    package struct Siblings: Sendable {
        package var count = 0
        /// The earliest of them.
        package var samples: [Sample] = []
        fileprivate var seen: Set<Digest128> = []
    }

    package struct Sample: Equatable, Sendable {
        package let eventId: String
        package let seconds: Int64
        package let eventName: String
        package let errorCode: String?
        package let session: String?
    }

    package struct SiblingKey: Hashable, Sendable {
        package let account: AccountKey
        package let caller: Digest128
        package let kind: SiblingKind

        package init(account: AccountKey, caller: Digest128, kind: SiblingKind) {
            self.account = account
            self.caller = caller
            self.kind = kind
        }
    }

    /// What one caller does of one entity outside its anomalies.
    package struct OrdinaryKey: Hashable, Sendable {
        package let account: AccountKey
        package let usage: Int
        package let region: UInt64
        package let trait: Trait
        package let value: String

        package init(account: AccountKey, usage: Int, region: UInt64, trait: Trait, value: String) {
            self.account = account
            self.usage = usage
            self.region = region
            self.trait = trait
            self.value = value
        }
    }

    /// Something that a usage started.
    package struct Resource: Hashable, Sendable {
        package let usage: Int
        package let account: AccountKey
        package let id: String
    }

    /// One finding of a worker, before it is added.
    package enum Item: Sendable {
        case watched(window: Int, record: WatchedRecord, identity: Digest128)
        case ordinary(key: [OrdinaryKey], quantity: Double, seconds: Int64, identity: Digest128)
        case ended(Resource, seconds: Int64)
        case sibling(key: SiblingKey, sample: Sample, identity: Digest128)
        /// A window's sums as a store gives them, before samples of its records.
        case totals(window: Int, WindowEvidence.Totals)
        /// A record whose quantity is in the totals of its window.
        case sample(window: Int, record: WatchedRecord, identity: Digest128)
        /// How many siblings there are in all, where only the earliest are added one by one.
        case siblingCount(key: SiblingKey, count: Int)
        /// What an entity's caller does outside of its anomalies, summed by a store.
        case ordinaryTotal(key: OrdinaryKey, quantity: Double)
    }

    package let plan: EvidencePlan
    package private(set) var windows: [WindowEvidence]
    package private(set) var siblings: [SiblingKey: Siblings] = [:]
    /// When each resource first ended.
    package private(set) var ended: [Resource: Int64] = [:]
    package private(set) var ordinary: [OrdinaryKey: Double] = [:]
    /// What the callers of the records did before; of others nothing need be known.
    package var habits: CallerHabits

    private var filter = RepetitionFilter()

    /// Siblings of a kind that are kept.
    package static let samplesKept = 12

    package init(_ plan: EvidencePlan, _ catalog: UsageCatalog, _ habits: CallerHabits = CallerHabits()) {
        self.plan = plan
        self.habits = habits
        windows = plan.windows.map { WindowEvidence(interval: catalog.usages[$0.usage].detector.intervalSeconds) }
    }

    /// Adds what a worker found.
    package mutating func add(_ item: Item) {
        switch item {
        case .watched(let window, let record, let identity):
            windows[window].add(record, identity, alarm: plan.windows[window].alarm)
        case .ordinary(let keys, let quantity, let seconds, let identity):
            guard let account = keys.first?.account, filter.isNew(identity, account: account, seconds: seconds) else {
                return
            }
            for key in keys { ordinary[key, default: 0] += quantity }
        case .ended(let resource, let seconds):
            ended[resource] = min(ended[resource] ?? .max, seconds)
        case .sibling(let key, let sample, let identity):
            siblings[key, default: Siblings()].add(sample, identity)
        case .totals(let window, let totals): windows[window].take(totals)
        case .sample(let window, let record, let identity): windows[window].add(sample: record, identity)
        case .siblingCount(let key, let count):
            siblings[key, default: Siblings()].count = max(siblings[key]?.count ?? 0, count)
        case .ordinaryTotal(let key, let quantity): ordinary[key, default: 0] += quantity
        }
    }

    /// The calls of `kind` by the caller around the anomalies of `account`.
    package func siblings(_ kind: SiblingKind, of caller: Digest128, in account: AccountKey) -> Siblings? {
        siblings[SiblingKey(account: account, caller: caller, kind: kind)]
    }

    fileprivate static func keep(_ sample: Sample, in samples: inout [Sample]) {
        let place = samples.firstIndex { (sample.seconds, sample.eventId) < ($0.seconds, $0.eventId) } ?? samples.count
        samples.insert(sample, at: place)
        if samples.count > samplesKept { samples.removeLast() }
    }
}

extension CaseFile.Siblings {
    fileprivate mutating func add(_ sample: CaseFile.Sample, _ identity: Digest128) {
        guard seen.insert(identity).inserted else { return }
        count += 1
        CaseFile.keep(sample, in: &samples)
    }
}
