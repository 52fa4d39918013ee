import AWSAccess
import UsageCore

/// Tells what became of the records of an invocation, stream by stream: in the state table and as metrics.
struct IngestLedger: Sendable {
    /// nil where there is none; the metrics remain.
    let table: StateTable?
    let ports: Ports

    /// What the ledger may take of an invocation's time: it must not make a stored batch run into its deadline.
    private static let longestWrite = Duration.seconds(3)

    /// Enters the numbers of this try in the state table.
    ///
    /// A ledger that cannot be written fails no batch. Its records are stored, and another delivery would not mend the entry: it would find
    /// duplicates only. The numbers stand in the metric lines of the same request, from which the entry can be made up, and the failure in the
    /// log and in `LedgerFailures`.
    ///
    /// - Returns: How many writes failed, 0 or 1.
    func enter(
        _ settlement: Ingestion.Settlement,
        receivedAt: Int64,
        requestId: String,
        deadline: ContinuousClock.Instant
    ) async -> Int {
        let log = ports.log.with(requestId: requestId)
        for (stream, counts) in settlement.streams.sorted(by: { $0.key < $1.key }) where !counts.isBalanced {
            log.error(
                "stream \(Hostile.shown(stream, limit: 200)): \(counts.received) records came in and \(counts.received - counts.gap) "
                    + "were accounted for; this is a fault of the program, the invocation fails",
                ["stage": "store", "gap": .int(counts.gap)]
            )
        }
        guard let table, !settlement.streams.isEmpty else { return 0 }
        let clock = ports.session.clock
        // Lambda delivers what failed under the same id again.
        let invocation = Digest128(of: "\(requestId) \(clock.now().milliseconds) \(clock.random())")
        do {
            try await table.enter(
                settlement.streams,
                receivedAt: receivedAt,
                invocation: invocation,
                deadline: min(deadline, clock.instant() + Self.longestWrite)
            )
            return 0
        } catch {
            log.error(
                "ledger: not written (\(Hostile.shown("\(error)", limit: 400))); the records are where they belong, the numbers stand in this request's metrics",
                ["stage": "store", "streams": .int(settlement.streams.count)]
            )
            return 1
        }
    }

    /// Writes the numbers as metrics: a line for each stream, which names the stream and the hour beside them.
    ///
    /// The stream is no dimension: each would be a metric of its own, and be paid for. The lines add up to what the invocation took in.
    func writeMetrics(
        _ settlement: Ingestion.Settlement,
        receivedAt: Int64,
        requestId: String,
        milliseconds: Int,
        more: [(name: String, value: Int)]
    ) {
        var streams = settlement.streams.sorted { $0.key < $1.key }.map { (name: $0.key, counts: $0.value) }
        if streams.isEmpty { streams.append(("", settlement.report)) }
        let hour = EventTime.text(LedgerEntry.hour(of: receivedAt))
        let now = ports.session.clock.now()
        for (index, stream) in streams.enumerated() {
            var metrics = stream.counts.metrics(milliseconds: index == 0 ? milliseconds : nil)
            if index == 0 { for (name, value) in more { metrics.add(name, Double(value), .count) } }
            let lines =
                settlement.streams.isEmpty
                ? metrics.lines(at: now, requestId: requestId)
                : metrics.lines(at: now, requestId: requestId, properties: ["stream": stream.name, "hour": hour])
            for line in lines { ports.metrics.write(line: line) }
        }
    }
}
