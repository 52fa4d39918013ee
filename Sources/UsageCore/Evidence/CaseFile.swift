/// All that pass two brings home, for every anomaly of the plan.
///
/// The same records in any order give the same case file.
package struct CaseFile: Sendable {
    package struct Sample: Equatable, Sendable {
        package let eventId: String
        package let seconds: Int64
        package let eventName: String
        package let errorCode: String?
        package let session: String?

        static func precedes(_ one: Sample, _ other: Sample) -> Bool {
            (one.seconds, one.eventId) < (other.seconds, other.eventId)
        }
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
        /// How many siblings of a name there are in the ten minutes from `start` on, where only the earliest are added one by one.
        case siblingCount(key: SiblingKey, name: String, start: Int64, count: Int)
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
        case .siblingCount(let key, let name, let start, let count):
            siblings[key, default: Siblings()].take(count, of: name, from: start)
        case .ordinaryTotal(let key, let quantity): ordinary[key, default: 0] += quantity
        }
    }

    /// The calls of `kind` by the caller around the anomalies of `account`.
    package func siblings(_ kind: SiblingKind, of caller: Digest128, in account: AccountKey) -> Siblings? {
        siblings[SiblingKey(account: account, caller: caller, kind: kind)]
    }
}
