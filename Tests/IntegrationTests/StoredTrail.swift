import AWSAccess
import Pipeline
import Testing
import UsageCore

/// Records of files as the pipeline stores them, put into the node by the tests themselves.
struct StoredTrail {
    let catalog: UsageCatalog
    let directory: AccountDirectory
    /// When the records of a second of event time are received; the same second unless told otherwise.
    var receivedAt: Int64

    /// Lines of one request to the node.
    private static let batch = 4000

    /// Reads `folder` and stores every record under its identity, in the index of its day.
    ///
    /// - Returns: How many records were stored.
    @discardableResult
    func load(_ folder: String, into stack: Stack) async throws -> Int {
        var batch = RecordBatch(catalog, directory, source: folder, receivedAt: receivedAt)
        var count = 0
        for file in try InputFiles([folder]) {
            var reader = RecordReader()
            let bytes = try FileBytes(file.path)
            while let piece = try bytes.next() { try reader.feed(piece, into: &batch) }
            try reader.finish(into: &batch)
            if batch.records.count >= Self.batch { count += try await store(&batch, stack) }
        }
        count += try await store(&batch, stack)
        try await stack.refresh()
        return count
    }

    /// Stores records given as texts.
    @discardableResult
    func load(texts: [String], into stack: Stack) async throws -> Int {
        var batch = RecordBatch(catalog, directory, source: "texts", receivedAt: receivedAt)
        var reader = RecordReader()
        try Array(texts.joined(separator: "\n").utf8).withUnsafeBufferPointer { try reader.feed($0, into: &batch) }
        try reader.finish(into: &batch)
        let count = try await store(&batch, stack)
        try await stack.refresh()
        return count
    }

    private func store(_ batch: inout RecordBatch, _ stack: Stack) async throws -> Int {
        var count = 0
        for start in stride(from: 0, to: batch.records.count, by: Self.batch) {
            let records = batch.records[start..<min(start + Self.batch, batch.records.count)]
            var body: [UInt8] = []
            for record in records {
                let day = EventTime.text(record.time).prefix(10).split(separator: "-").joined(separator: ".")
                body += #"{"create":{"_index":"usage-records-\#(day)","_id":"\#(record.identity)"}}"#.utf8
                body += [0x0A] + record.body.dropLast() + [0x2C] + record.members + [0x7D, 0x0A]
            }
            let reply = try await stack.json(.post, "/_bulk", body: String(decoding: body, as: UTF8.self))
            for item in reply["items"]?.array ?? [] {
                let status = item["create"]?["status"]?.int
                try #require(status == 201 || status == 409, "\(String(decoding: item.bytes, as: UTF8.self))")
                if status == 201 { count += 1 }
            }
        }
        batch.clear()
        return count
    }
}
