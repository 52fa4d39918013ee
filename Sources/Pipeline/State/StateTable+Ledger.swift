import AWSAccess
import UsageCore

extension StateTable {
    /// Enters what became of the records of an invocation: one write for each stream, whatever their number, and a mark beside them.
    ///
    /// The mark makes a write whose answer was lost one write, as it does for counters, so that the numbers are of each try exactly once.
    /// Costs 2 write units for each stream and 2 for the mark.
    ///
    /// - Parameters:
    ///   - streams: The numbers by stream.
    ///   - receivedAt: When the records arrived, seconds since 1970.
    ///   - invocation: Names this try and no other.
    ///   - deadline: When the last write must have ended.
    /// - Throws: `ServiceFailure`; streams before the one that failed may have been entered.
    package func enter(
        _ streams: [String: IngestReport],
        receivedAt: Int64,
        invocation: Digest128,
        deadline: ContinuousClock.Instant
    ) async throws {
        let hour = LedgerEntry.hour(of: receivedAt)
        let lane = Int(invocation.high % UInt64(StateKey.shards))
        let actions = streams.sorted { $0.key < $1.key }.map { stream, counts -> DynamoDB.WriteAction in
            .update(StateKey.ledger(stream: stream, hour: hour, lane: lane), table: name, update(counts, stream, hour))
        }
        let most = CounterBatch.partSize
        for (part, start) in stride(from: 0, to: actions.count, by: most).enumerated() {
            _ = try await transact(
                Array(actions[start..<min(actions.count, start + most)]),
                mark: StateKey.ledgerMark(invocation.hexadecimal, part: part),
                until: receivedAt + Self.longestMark,
                deadline: deadline
            )
        }
    }

    /// Nobody repeats the write of an invocation that has ended: seconds, far beyond an invocation's length.
    private static let longestMark: Int64 = 86400

    private func update(_ counts: IngestReport, _ stream: String, _ hour: Int64) -> DynamoDB.Expression {
        var additions: [String] = []
        // The key holds a hash where the name is long.
        var names = ["#x": StateKey.expiry, "#stream": "stream"]
        var values: DynamoDB.Item = [
            ":x": .number(String(hour + retentionSeconds)), ":stream": .string(stream),
        ]
        for (name, path) in IngestReport.ofRecords where counts[keyPath: path] != 0 {
            additions.append("#\(name) :\(name)")
            names["#\(name)"] = name
            values[":\(name)"] = .integer(counts[keyPath: path])
        }
        for (index, (place, records)) in Self.places(counts).enumerated() {
            additions.append("#p\(index) :p\(index)")
            names["#p\(index)"] = place
            values[":p\(index)"] = .integer(records)
        }
        var text = "SET #x = :x, #stream = :stream"
        if !additions.isEmpty { text += " ADD " + additions.joined(separator: ", ") }
        return DynamoDB.Expression(text, names: names, values: values)
    }

    /// Regions of accounts that one update tells apart: a stream is of one account's Region, and an update has 300 operators at most
    /// (DynamoDB Developer Guide, "Constraints").
    private static let mostPlaces = 100
    /// Characters of an account's id and of a Region's name; what is longer is neither.
    private static let longestName = 40

    /// Who sent the most, as `ACCOUNT/REGION`.
    private static func places(_ counts: IngestReport) -> [(String, Int)] {
        counts.heard.filter { sender, _ in
            sender.account.utf8.count <= longestName && sender.region.utf8.count <= longestName
                && !sender.account.contains("/")
        }
        .map { ("\($0.key.account)/\($0.key.region)", $0.value) }
        .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        .prefix(mostPlaces).map { $0 }
    }

    /// In which hours records of each account's Regions arrived, as far as the ledger reaches.
    package func activity(of counts: UsageCounts, _ progress: Progress) async throws -> Activity {
        let time = time
        var activity = Activity()
        try await ledgerItems(Self.days(time)) { item in
            guard let hour = item[StateKey.sort]?.string.map(StateKey.parts)?.last.flatMap({ Int64($0) }),
                time.contains(hour)
            else { return }
            for (name, value) in item {
                guard let slash = name.firstIndex(of: "/"), let records = value.int else { continue }
                let (account, region) = (String(name[..<slash]), String(name[name.index(after: slash)...]))
                let place = Activity.Place(account: account, region: region)
                if place.account.digits == nil { activity.names[place.account.value] = account }
                if place.region != 0 { activity.names[place.region] = region }
                activity.add(records, to: place, at: hour)
            }
        }
        return activity
    }

    /// Hands every entry of `days` to `take`, lane by lane.
    private func ledgerItems(_ days: [String], _ take: (DynamoDB.Item) -> Void) async throws {
        let partitions = days.flatMap { day in
            (0..<StateKey.shards).map { StateKey.ledger(day: day, lane: $0) }
        }
        try await Concurrently.eachInOrder(partitions, atMost: Self.concurrency) { partition in
            var items: [DynamoDB.Item] = []
            try await pages(of: partition, deadline: deadline) { items += $0 }
            return items
        } take: { _, items in
            for item in items { take(item) }
        }
    }

    /// The ledger of the hours that begin from `from` until before `to`, in the order of hours and streams.
    package func ledger(from: Int64, to: Int64) async throws -> [LedgerEntry] {
        struct Place: Hashable {
            let hour: Int64
            let stream: String
        }
        guard from < to else { return [] }
        var sums: [Place: IngestReport] = [:]
        try await ledgerItems(Self.days(from...to - 1)) { item in
            guard let hour = item[StateKey.sort]?.string.map(StateKey.parts)?.last.flatMap({ Int64($0) }),
                let stream = item["stream"]?.string, hour >= from, hour < to
            else { return }
            var counts = IngestReport()
            for (name, path) in IngestReport.ofRecords { counts[keyPath: path] = item[name]?.int ?? 0 }
            sums[Place(hour: hour, stream: stream), default: IngestReport()].add(counts)
        }
        return sums.map { LedgerEntry(stream: $0.key.stream, hour: $0.key.hour, counts: $0.value) }
            .sorted { ($0.hour, $0.stream) < ($1.hour, $1.stream) }
    }
}
