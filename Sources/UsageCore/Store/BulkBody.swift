/// Writes the lines of `POST _bulk`: for each record its action and its document, in one pass over the arena.
///
/// What records share is written once before: the context of each account, where each origin came from, the index of each day.
package struct BulkBody {
    /// How documents are written.
    package enum Form: Sendable, Equatable {
        /// The record's own members, then ours.
        case whole
        /// What the mapping refuses: the core as far as it can be read, our members, and the whole record under `unindexed`.
        case unindexed
    }

    /// Records are kept by the UTC day of their event.
    package static let indexPrefix = "usage-records-"
    /// Where records lie whose time is far from their arrival.
    package static let otherIndex = "usage-records-other"

    /// Bytes of a document: CloudTrail's own records have at most 256 KiB (AWS CloudTrail User Guide, "CloudTrail record contents").
    private static let largestRecord = 260 << 10

    private let batch: IngestBatch
    /// `"account":{...}`, by account.
    private let accounts: [[UInt8]]
    /// `"ingest":{...}}` and the end of the line, by origin.
    private let arrivals: [[UInt8]]
    private var day = Int64.min
    private var prefix: [UInt8] = []

    /// The lines so far, each with its line feed.
    package private(set) var bytes: [UInt8] = []

    /// A body for the records of `batch`; `contexts` are those of its accounts, in their order.
    package init(_ batch: IngestBatch, contexts: [AccountContext]) {
        self.batch = batch
        accounts = contexts.map(StoredMembers.account)
        arrivals = batch.origins.map { origin in
            StoredMembers.ingest(receivedAt: batch.receivedAt, source: origin.source) + Array("}\n".utf8)
        }
    }

    /// Begins anew and writes records until the next would pass `limit` bytes; the first is written however long it is.
    ///
    /// - Parameters:
    ///   - items: Indices of records.
    ///   - limit: Bytes.
    ///   - form: Of the documents.
    /// - Returns: How many of `items` were written.
    package mutating func fill(_ items: ArraySlice<Int>, limit: Int, form: Form = .whole) -> Int {
        bytes.removeAll(keepingCapacity: true)
        // The record that passes the limit is written before it is taken back: it must not make the whole move.
        let whole = batch.byteCount + items.count * 512
        bytes.reserveCapacity(whole <= limit ? whole : limit + Self.largestRecord)
        var count = 0
        for index in items {
            let mark = bytes.count
            append(batch.records[index], form)
            if bytes.count > limit, mark > 0 {
                bytes.removeSubrange(mark...)
                break
            }
            count += 1
        }
        return count
    }

    private mutating func append(_ record: IngestBatch.Record, _ form: Form) {
        batch.arena.withUnsafeBufferPointer { arena in
            action(record, arena)
            switch form {
            case .whole:
                // The closing brace comes back with the ending.
                bytes.append(
                    contentsOf: UnsafeBufferPointer(rebasing: arena[record.place.start..<record.place.end - 1])
                )
            case .unindexed: core(record, arena)
            }
        }
        bytes.append(UInt8(ascii: ","))
        bytes.append(contentsOf: accounts[Int(record.account)])
        if record.watched >= 0 {
            let place = batch.watched[Int(record.watched)].place
            bytes.append(UInt8(ascii: ","))
            bytes.append(contentsOf: batch.members[place.start..<place.end])
        }
        bytes.append(contentsOf: record.isOwn ? StoredMembers.own : StoredMembers.other)
        bytes.append(contentsOf: arrivals[Int(record.origin)])
    }

    /// The action line, `{"create":{"_index":"...","_id":"..."}}`.
    @inline(__always)
    private mutating func action(_ record: IngestBatch.Record, _ arena: UnsafeBufferPointer<UInt8>) {
        let recordDay = record.isTimely ? EventTime.floorDivide(record.seconds, 86400) : Int64.max
        if recordDay != day {
            day = recordDay
            let index = record.isTimely ? Self.index(of: record.seconds) : Self.otherIndex
            prefix = Array(#"{"create":{"_index":"\#(index)","_id":""#.utf8)
        }
        bytes.append(contentsOf: prefix)
        if Self.isPlain(record.recipient, arena), Self.isPlain(record.event, arena) {
            bytes.append(contentsOf: RecordFields.raw(record.recipient, arena))
            bytes.append(UInt8(ascii: "-"))
            bytes.append(contentsOf: RecordFields.raw(record.event, arena))
            bytes.append(contentsOf: "\"}}\n".utf8)
        } else {
            var json = JSONText()
            json.string(batch.identity(of: record))
            bytes.append(contentsOf: json.bytes.dropFirst())
            bytes.append(contentsOf: "}}\n".utf8)
        }
    }

    /// The index for records of the day that `seconds` since 1970 lie in.
    package static func index(of seconds: Int64) -> String {
        indexPrefix + EventTime.text(seconds).prefix(10).split(separator: "-").joined(separator: ".")
    }

    /// Whether the string at `range` stands for exactly what lies between its quotes, and is short enough for a part of an id.
    @inline(__always)
    private static func isPlain(_ range: ByteRange, _ arena: UnsafeBufferPointer<UInt8>) -> Bool {
        guard range.count > 2, range.count < 200, arena[range.start] == UInt8(ascii: "\"") else { return false }
        for place in range.start..<range.end where arena[place] == UInt8(ascii: "\\") { return false }
        return true
    }

    /// What can be read of the core, and the record, without the closing brace.
    ///
    /// Each is written as the text it stands for, so that a mapping for text takes it; `eventTime` as the time that was read.
    private mutating func core(_ record: IngestBatch.Record, _ arena: UnsafeBufferPointer<UInt8>) {
        let fields = IngestBatch.fields(of: record, arena)
        var json = JSONText()
        json.object { json in
            for (name, range) in [
                ("eventID", fields.eventID), ("eventName", fields.eventName), ("eventSource", fields.eventSource),
                ("awsRegion", fields.awsRegion), ("recipientAccountId", fields.recipientAccountId),
            ] {
                guard let text = Self.scalar(range, arena) else { continue }
                json.name(name)
                json.string(text)
            }
            json.name("eventTime")
            json.string(EventTime.text(record.seconds))
            json.name("unindexed")
            json.raw(arena[record.place.start..<record.place.end])
        }
        bytes.append(contentsOf: json.bytes.dropLast())
    }

    /// The text of a value that is neither an object nor an array.
    private static func scalar(_ range: ByteRange, _ arena: UnsafeBufferPointer<UInt8>) -> String? {
        guard !range.isEmpty, arena[range.start] != UInt8(ascii: "{"), arena[range.start] != UInt8(ascii: "[") else {
            return nil
        }
        return JSONString.text(range, in: arena)
    }
}
