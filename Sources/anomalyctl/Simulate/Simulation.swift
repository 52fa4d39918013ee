import UsageCore

/// A made-up organization at work: its trail, its accounts, and the truth about what was planted.
///
/// Pure: the same arguments give the same bytes. Files are handed over as they fill, so memory does not grow with the days.
struct Simulation: Sendable {
    /// What a run amounts to.
    struct Outcome: Sendable {
        let records: Int
        let labels: [Label]
        let labelsJSON: String
    }

    /// Midnight UTC of 2026-10-05, a Monday: runs repeat unless told otherwise.
    static let defaultStart = CivilTime.seconds(year: 2026, month: 10, day: 5)

    let organization: OrganizationPlan
    let plantings: Plantings
    private let seed: UInt64
    private let start: Int
    private let days: Int
    private let traffic: Double
    private var workloads: [(account: Int, workload: any Workload)] = []

    /// A run of `days` whole days from `start` (seconds since 1970, taken down to midnight UTC) in `accounts` accounts, at least 1 of each.
    ///
    /// `traffic` multiplies reads, invocations and model calls; what is started and ended keeps its size.
    init(days: Int, accounts: Int, seed: UInt64, traffic: Double = 1, start: Int = Self.defaultStart) {
        self.seed = seed
        self.days = max(days, 1)
        self.traffic = traffic
        self.start = start / 86_400 * 86_400
        var random = SplitMix64(seed: seed, part: "joining")
        let joinsOn = Plantings.quietDays + 1 + random.below(max(1, (days - Plantings.quietDays) / 3))
        let midway = self.start + min(joinsOn, days - 1) * 86_400 + 9 * 3600
        let joins = accounts >= 7 && days >= Plantings.fewestDays
        organization = OrganizationPlan(accounts: accounts, seed: seed, joining: joins ? midway : nil)
        plantings = Plantings(organization, start: self.start, days: self.days, seed: seed)
        let audit = organization.accounts.first { $0.kind == .security }?.id
        for account in organization.accounts {
            let ordinary = AccountLife.workloads(of: account, audit: audit, traffic: traffic, plantings: plantings)
            workloads += ordinary.map { (account.index, $0) }
        }
        workloads += plantings.workloads
    }

    /// Runs every tick in order and returns what came of it.
    ///
    /// `file` takes each file as it is delivered, and what it throws ends the run; `progress` takes the records so far and an estimate
    /// of all, a few times a simulated day.
    mutating func run(
        file: (TrailFile) throws -> Void,
        progress: (_ records: Int, _ estimate: Int) -> Void = { _, _ in }
    ) rethrows -> Outcome {
        let first = Tick.index(of: start)
        let end = Tick.index(of: start + days * 86_400)
        var recorder = Recorder(
            seed: seed,
            tick: Tick(index: first),
            end: start + days * 86_400,
            traces: plantings.labels.count
        )
        var delivery = Delivery(organization, seed: seed)
        var records = 0
        var index = first
        // After the last day only what is late still arrives.
        while index < end || (recorder.lastWaiting ?? 0) >= index {
            let tick = Tick(index: index)
            recorder.open(tick)
            if index < end {
                for slot in workloads.indices {
                    if let joinsAt = organization.accounts[workloads[slot].account].joinsAt, tick.start < joinsAt {
                        continue
                    }
                    workloads[slot].workload.run(tick, into: &recorder)
                }
            }
            let last = index + 1 >= end && (recorder.lastWaiting ?? 0) <= index
            try delivery.take(recorder.current, tick, last: last) {
                records += $0.records
                try file($0)
            }
            if index % 48 == 0, index > first {
                progress(records, records * (end - first) / max(1, min(index, end) - first))
            }
            index += 1
        }
        progress(records, records)
        var labels = plantings.labels
        for position in labels.indices { labels[position].trace = recorder.traces[position] }
        return Outcome(records: records, labels: labels, labelsJSON: json(labels, records: records))
    }

    /// What makes this run what it is, as labels.json begins with it.
    var parameters: String {
        let day = EventTime.text(Int64(start))
        return
            "{\"seed\":\(seed),\"days\":\(days),\"accounts\":\(organization.accounts.count),\"traffic\":\(traffic),\"start\":\"\(day)\","
    }

    private func json(_ labels: [Label], records: Int) -> String {
        RecordText.text { text in
            text.raw("\(parameters)\"records\":\(records),\"priceBasis\":")
            text.quoted(
                "us-east-1 list price of 2026-07-20 times the Region's median factor (an estimate), everything running for a day"
            )
            text.raw(",\"leftOut\":[")
            let silent = labels.filter { $0.trace.eventIDs.isEmpty }.map { ($0.id, "left no records in this run") }
            for (position, item) in (plantings.leftOut + silent).enumerated() {
                if position > 0 { text.raw(",") }
                text.raw("{\"id\":\"\(item.0)\",\"reason\":")
                text.quoted(item.1)
                text.raw("}")
            }
            text.raw("],\"anomalies\":[\n")
            for (position, label) in labels.filter({ !$0.trace.eventIDs.isEmpty }).enumerated() {
                text.raw(position == 0 ? " " : ",\n ")
                label.write(to: &text, accounts: organization.accounts)
            }
            text.raw("\n]}\n")
        }
    }
}
