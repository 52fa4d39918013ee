/// Calls of one kind by one caller around the anomalies of one account, told apart by name and time.
package struct Siblings: Sendable {
    private struct Slot: Hashable {
        let name: String
        let start: Int64
    }

    private struct Held {
        var count = 0
        /// The earliest of them.
        var samples: [CaseFile.Sample] = []
    }

    /// Calls are counted by this many seconds.
    package static let slotSeconds: Int64 = 600
    /// Calls of one name that are kept of each such time.
    package static let samplesKept = 5

    private var slots: [Slot: Held] = [:]
    private var seen: Set<Digest128> = []

    mutating func add(_ sample: CaseFile.Sample, _ identity: Digest128) {
        guard seen.insert(identity).inserted else { return }
        let slot = Slot(name: sample.eventName, start: Self.start(of: sample.seconds))
        slots[slot, default: Held()].count += 1
        slots[slot, default: Held()].samples.append(sample)
        slots[slot]?.samples.sort(by: CaseFile.Sample.precedes)
        if slots[slot]?.samples.count ?? 0 > Self.samplesKept { slots[slot]?.samples.removeLast() }
    }

    /// Takes how many calls of a name a store has counted in the ten minutes from `start` on.
    mutating func take(_ count: Int, of name: String, from start: Int64) {
        let slot = Slot(name: name, start: Self.start(of: start))
        slots[slot, default: Held()].count = max(slots[slot]?.count ?? 0, count)
    }

    /// How many there are in `time`, taken to whole ten minutes, and the earliest of each name and ten minutes, in the order of time.
    ///
    /// `isIncluded`: whether calls of a name are meant.
    package func calls(
        in time: Range<Int64>,
        where isIncluded: (String) -> Bool = { _ in true }
    ) -> (count: Int, samples: [CaseFile.Sample]) {
        let first = Self.start(of: time.lowerBound)
        let meant = slots.filter { $0.key.start >= first && $0.key.start < time.upperBound && isIncluded($0.key.name) }
        return (
            meant.values.reduce(0) { $0 + $1.count },
            meant.values.flatMap(\.samples).sorted(by: CaseFile.Sample.precedes)
        )
    }

    private static func start(of seconds: Int64) -> Int64 {
        EventTime.floorDivide(seconds, slotSeconds) * slotSeconds
    }
}
