import UsageCore

/// Keeps what a reader hands on.
struct CollectingSink: RecordSink, Equatable {
    var eventIds: [String] = []
    var records: [String] = []
    var failures: [DecodeFailure] = []
    var setAsideBytes = 0
    var passedOver: [DocumentKind] = []

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        eventIds.append(JSONString.text(fields.eventID, in: bytes) ?? "")
        records.append(String(decoding: bytes[fields.record.start..<fields.record.end], as: UTF8.self))
    }

    mutating func setAside(_ rest: SetAside) {
        failures.append(rest.failure)
        setAsideBytes += rest.count
    }

    mutating func passOver(_ kind: DocumentKind) { passedOver.append(kind) }

    /// What comes of `bytes`, fed in pieces of at most `piece` bytes, and how reading ended.
    static func read(_ bytes: [UInt8], piece: Int = .max) -> (sink: CollectingSink, failure: DecodeFailure?) {
        var sink = CollectingSink()
        var reader = RecordReader()
        do throws(DecodeFailure) {
            var start = 0
            while start < bytes.count {
                let end = start + min(piece, bytes.count - start)
                let part = Array(bytes[start..<end])
                let result: DecodeFailure? = part.withUnsafeBufferPointer { buffer in
                    do throws(DecodeFailure) { try reader.feed(buffer, into: &sink) } catch { return error }
                    return nil
                }
                if let result { throw result }
                start = end
            }
            try reader.finish(into: &sink)
        } catch { return (sink, error) }
        return (sink, nil)
    }

    static func read(_ text: String, piece: Int = .max) -> CollectingSink { read(Array(text.utf8), piece: piece).sink }
}
