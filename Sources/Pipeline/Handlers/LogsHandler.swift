import AWSAccess
import UsageCore

/// Takes in the records of an organization: decodes, enriches, stores and counts them.
///
/// It answers only when it is known of every record that it is stored, was stored before, or lies in the dead-letter queue with its
/// reason; what is not known makes the invocation fail, or the delivery where the source asks for each.
package struct LogsHandler: InvocationHandler {
    private let settings: Settings
    private let ports: Ports
    private let matcher: UsageMatcher
    private let directory: OrganizationDirectory?
    private let ingestion: Ingestion
    private let ledger: IngestLedger
    /// nil where nobody wants them, or no table holds limits.
    private let signals: EarlySignals?

    /// Left of an invocation's time for the answer, where there is so much.
    private static let margin = Duration.seconds(1)
    /// Bytes of records that are taken from a trail file before they are stored.
    static let portion = 8 << 20
    /// Bytes of a trail file that are asked for at a time.
    private static let pieceSize = 4 << 20
    /// Bytes of a trail file that are read between two looks at how much has come together.
    private static let slice = 256 << 10

    /// The handler that settings lead to.
    package init(_ settings: Settings, _ ports: Ports) throws {
        self.settings = settings
        self.ports = ports
        matcher = UsageMatcher(settings.catalog)
        directory = OrganizationDirectory(settings, session: ports.session)
        ingestion = Ingestion(settings, ports.session, directory: directory)
        ledger = IngestLedger(table: ingestion.table, ports: ports)
        if let table = ingestion.table, let target = settings.earlySignalTarget {
            signals = EarlySignals(table: table, target: target, session: ports.session)
        } else {
            signals = nil
        }
    }

    package func handle(_ event: [UInt8], _ context: InvocationContext) async throws -> [UInt8] {
        let clock = ports.session.clock
        let start = clock.instant()
        let left = context.deadline - start
        let deadline = context.deadline - min(Self.margin, left / 4)
        let inbound = event.withUnsafeBufferPointer { InboundEvent($0) }
        if inbound == .empty { return await selfTest(deadline: deadline) }

        var invocation = Invocation(deadline: deadline, receivedAt: clock.now().milliseconds / 1000)
        var batch = newBatch(invocation)
        decode(event, inbound, into: &batch)
        if inbound == .single, Self.isUnknown(batch) { throw IngestFailure.unknownEvent(bytes: event.count) }
        invocation.note(await ingestion.settle(batch, deadline: deadline))
        for pointer in batch.pointers {
            invocation.note(await read(pointer, batch.origins[pointer.origin].item, invocation))
        }
        let log = ports.log.with(requestId: context.requestId)
        let touched = invocation.settlement.touched
        let raised = await signals?.raise(touched, receivedAt: invocation.receivedAt, log: log, deadline: deadline)
        // Nothing may be under way when the process is frozen.
        await directory?.refresh(deadline: deadline)
        let ledgerFailures = await ledger.enter(
            invocation.settlement,
            receivedAt: invocation.receivedAt,
            requestId: context.requestId,
            deadline: deadline
        )
        let milliseconds = Int((clock.instant() - start) / .milliseconds(1))
        invocation.settlement.report.write(to: log, milliseconds: milliseconds)
        ledger.writeMetrics(
            invocation.settlement,
            receivedAt: invocation.receivedAt,
            requestId: context.requestId,
            milliseconds: milliseconds,
            // Metrics that hardly ever have a value are not paid for until they do.
            more: [
                ("LedgerFailures", ledgerFailures), ("SignalsSent", raised?.sent ?? 0),
                ("SignalFailures", raised?.failed ?? 0),
            ].filter { $0.1 > 0 }
        )
        return try answer(inbound, invocation.settlement, context)
    }

    /// What an invocation has come to.
    private struct Invocation {
        let deadline: ContinuousClock.Instant
        /// Seconds since 1970.
        let receivedAt: Int64
        var settlement = Ingestion.Settlement()

        mutating func note(_ part: Ingestion.Settlement) { settlement.add(part) }
    }

    private func newBatch(_ invocation: Invocation) -> IngestBatch {
        IngestBatch(
            settings.catalog,
            matcher,
            receivedAt: invocation.receivedAt,
            keepsWatchedOnly: settings.keepsWatchedOnly
        )
    }

    private func decode(_ event: [UInt8], _ inbound: InboundEvent, into batch: inout IngestBatch) {
        event.withUnsafeBufferPointer { bytes in
            switch inbound {
            case .empty: break
            case .single:
                batch.begin(item: 0, source: "event", identity: Digest128(of: UnsafeRawBufferPointer(bytes)))
                Self.decode(bytes, into: &batch)
            case .deliveries(let deliveries):
                for (index, delivery) in deliveries.enumerated() {
                    let name = delivery.origin + " " + delivery.identifier
                    batch.begin(item: index, source: delivery.origin, identity: Digest128(of: name))
                    let part = UnsafeBufferPointer(rebasing: bytes[delivery.place.start..<delivery.place.end])
                    Self.decode(part, into: &batch)
                }
            }
        }
    }

    /// Reads one whole document; gzip that is damaged is set aside as it came.
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, into batch: inout IngestBatch) {
        var reader = RecordReader()
        do throws(DecodeFailure) {
            try batch.read(bytes, &reader)
            try batch.finish(&reader)
        } catch {
            batch.setAside(SetAside(error, bytes))
        }
    }

    /// Whether there is nothing in the event that this function is for.
    private static func isUnknown(_ batch: IngestBatch) -> Bool {
        batch.records.isEmpty && batch.outsideScope == 0 && batch.unread.isEmpty && batch.pointers.isEmpty
            && batch.passedOver.allSatisfy { $0 == .other }
    }

    /// Takes in the trail file that `pointer` names, piece by piece.
    ///
    /// Portions end at the same records whenever the file is read, so that each is counted once.
    private func read(
        _ pointer: IngestBatch.Unread,
        _ item: Int,
        _ invocation: Invocation
    ) async -> Ingestion.Settlement {
        var whole = Invocation(deadline: invocation.deadline, receivedAt: invocation.receivedAt)
        guard let object = TrailObject(pointer.rest.bytes) else {
            whole.settlement.fail([item], .unresolved(count: 1, detail: "\(pointer.rest.failure)"))
            return whole.settlement
        }
        guard object.holdsRecords else {
            whole.settlement.report.passedOver = 1
            return whole.settlement
        }
        var turn = 0
        var batch = newBatch(invocation)
        func begin() {
            let name = "\(object.address)#\(object.tag)#\(turn)"
            batch.begin(item: item, source: object.address, identity: Digest128(of: name))
            turn += 1
        }
        begin()
        var reader = RecordReader()
        var failure: DecodeFailure?
        var pieces = S3(session: ports.session).reader(
            object.key,
            bucket: object.bucket,
            region: object.region,
            pieceSize: Self.pieceSize
        )
        do {
            while failure == nil, let piece = try await pieces.next(deadline: invocation.deadline) {
                for start in stride(from: 0, to: piece.count, by: Self.slice) where failure == nil {
                    failure = Self.feed(piece[start..<min(start + Self.slice, piece.count)], &reader, &batch)
                    guard batch.byteCount >= Self.portion else { continue }
                    whole.note(await ingestion.settle(batch, deadline: invocation.deadline))
                    batch = newBatch(invocation)
                    begin()
                }
            }
            failure = Self.finish(&reader, &batch) ?? failure
        } catch {
            let count = batch.records.count
            whole.settlement.fail([item], .unresolved(count: count, detail: "\(object.address): \(error)"))
            return whole.settlement
        }
        // The file itself stays where it is: what is set aside names it.
        if let failure { batch.setAside(SetAside(failure, UnsafeBufferPointer(start: nil, count: 0))) }
        whole.note(await ingestion.settle(batch, deadline: invocation.deadline))
        whole.settlement.report.files += 1
        return whole.settlement
    }

    private static func feed(
        _ bytes: ArraySlice<UInt8>,
        _ reader: inout RecordReader,
        _ batch: inout IngestBatch
    ) -> DecodeFailure? {
        bytes.withUnsafeBufferPointer { buffer in
            do throws(DecodeFailure) { try batch.read(buffer, &reader) } catch { return error }
            return nil
        }
    }

    private static func finish(_ reader: inout RecordReader, _ batch: inout IngestBatch) -> DecodeFailure? {
        do throws(DecodeFailure) { try batch.finish(&reader) } catch { return error }
        return nil
    }

    /// Answers or fails.
    private func answer(
        _ inbound: InboundEvent,
        _ settlement: Ingestion.Settlement,
        _ context: InvocationContext
    ) throws -> [UInt8] {
        let report = settlement.report
        let log = ports.log.with(requestId: context.requestId)
        if !report.isBalanced || settlement.streams.values.contains(where: { !$0.isBalanced }) {
            throw IngestFailure.miscounted(received: report.received, accounted: report.received - report.gap)
        }
        if case .deliveries(let deliveries) = inbound {
            let failed = settlement.failedItems
            for failure in settlement.failures { log.warn("\(failure)", ["stage": "store"]) }
            // Where nothing got through, an error says so even to a source that does not ask for each.
            if failed.count < deliveries.count || failed.isEmpty {
                return Self.partialBatch(failed.sorted().map { deliveries[$0].identifier })
            }
        }
        if let failure = settlement.failures.first {
            for other in settlement.failures.dropFirst() { log.warn("\(other)", ["stage": "store"]) }
            throw failure
        }
        return report.json
    }

    /// What Lambda asks of a function that says which deliveries failed (AWS Lambda Developer Guide, "Reporting batch item failures").
    private static func partialBatch(_ identifiers: [String]) -> [UInt8] {
        var json = UsageCore.JSONText()
        json.object { json in
            json.name("batchItemFailures")
            json.array { json in
                for identifier in identifiers {
                    json.object { json in
                        json.name("itemIdentifier")
                        json.string(identifier)
                    }
                }
            }
        }
        return json.bytes
    }

    private func selfTest(deadline: ContinuousClock.Instant) async -> [UInt8] {
        let check = await EnrichmentCheck.run(
            session: ports.session,
            stateTable: settings.stateTable,
            isOn: settings.enrichesAccounts,
            readsUnits: settings.enrichesOrganization,
            deadline: deadline
        )
        return Array(check.json.utf8)
    }
}
