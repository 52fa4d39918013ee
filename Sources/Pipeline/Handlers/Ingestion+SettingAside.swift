import UsageCore

extension Ingestion {
    /// Something for the dead-letter queue, and the delivery that it belongs to.
    struct Aside {
        let letter: DeadLetter
        let item: Int
        /// Where in the batch it came from.
        let origin: Int

        init(letter: DeadLetter, item: Int, origin: Int) {
            self.letter = letter
            self.item = item
            self.origin = origin
        }

        init(_ refusal: BulkStore.Refusal, _ batch: IngestBatch) {
            let record = batch.records[refusal.record]
            let origin = batch.origins[Int(record.origin)]
            let bytes = Array(batch.bytes(of: record))
            letter = DeadLetter(
                reason: refusal.reason,
                detail: Hostile.shown(refusal.detail, limit: 1000),
                source: origin.source,
                items: [DeadLetter.Item(eventId: batch.eventId(of: record), bytes: bytes)]
            )
            item = origin.item
            self.origin = Int(record.origin)
        }
    }

    func unread(_ batch: IngestBatch, _ settlement: inout Settlement) -> [Aside] {
        var aside: [Aside] = []
        for unread in batch.unread {
            // A comma too many or too few between two records costs neither of them.
            if unread.rest.failure == .strayComma || unread.rest.failure == .missingComma { continue }
            settlement.origins[unread.origin].received += 1
            let origin = batch.origins[unread.origin]
            guard unread.rest.bytes.count == unread.rest.count || origin.source.hasPrefix("s3://") else {
                settlement.origins[unread.origin].unresolved += 1
                settlement.fail(
                    [origin.item],
                    .keptInPart(bytes: unread.rest.count, reason: unread.rest.failure.name)
                )
                continue
            }
            let letter = DeadLetter(
                reason: unread.rest.failure.name,
                detail: "\(unread.rest.failure)",
                source: origin.source,
                items: [DeadLetter.Item(eventId: Self.eventId(of: unread), bytes: unread.rest.bytes)]
            )
            aside.append(Aside(letter: letter, item: origin.item, origin: unread.origin))
        }
        return aside
    }

    /// The `eventID` if the bytes are a record with one, else the id of the log event.
    private static func eventId(of unread: IngestBatch.Unread) -> String {
        let found = unread.rest.bytes.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            var fields = RecordFields()
            return fields.scan(&scanner) ? JSONString.text(fields.eventID, in: bytes) : nil
        }
        return found ?? unread.eventId
    }

    func setAside(
        _ aside: [Aside],
        _ settlement: inout Settlement,
        deadline: ContinuousClock.Instant
    ) async {
        guard !aside.isEmpty else { return }
        for part in aside { settlement.origins[part.origin].setAside += 1 }
        guard let letters else {
            let first = aside[0].letter
            let reason = "\(first.reason), the first of them: \(Hostile.shown(first.detail, limit: 200))"
            return settlement.fail(aside.map(\.item), .noQueue(count: aside.count, reason: reason))
        }
        // What has reason, detail and source in common goes together.
        var groups: [(letter: DeadLetter, parts: [Aside])] = []
        var places: [String: Int] = [:]
        for part in aside {
            let key = [part.letter.reason, part.letter.detail, part.letter.source].joined(separator: "\n")
            if let place = places[key] {
                groups[place].letter.append(part.letter)
                groups[place].parts.append(part)
            } else {
                places[key] = groups.count
                groups.append((part.letter, [part]))
            }
        }
        let failures = await letters.send(groups.map(\.letter), deadline: deadline)
        for (index, group) in groups.enumerated() {
            if let detail = failures[index] {
                settlement.fail(group.parts.map(\.item), .unresolved(count: group.parts.count, detail: detail))
            } else {
                for part in group.parts { settlement.origins[part.origin].deadLettered += 1 }
            }
        }
    }
}
