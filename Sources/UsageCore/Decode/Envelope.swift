import Glibc

/// Tells by content what a document is: a CloudTrail record, or something that wraps records.
///
/// Shapes: AWS Lambda Developer Guide (CloudWatch Logs, Kinesis, SQS, SNS and EventBridge events) and CloudTrail's LookupEvents reply.
enum Envelope {
    /// Payloads that inflate to more than this are refused.
    static let inflationCap = 64 << 20

    /// AWS wraps a record at most four times: a trail event in a batch in a Kinesis record in a Lambda event.
    static let deepest = 4

    /// Hands the record, or each record that the document wraps, to `sink`.
    @inline(__always)
    static func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout some RecordSink) {
        if isRecord(fields, bytes) {
            record(fields, bytes, into: &sink)
        } else {
            open(UnsafeBufferPointer(rebasing: bytes[fields.record.start..<fields.record.end]), depth: 0, into: &sink)
        }
    }

    /// CloudTrail's records name their event; an Insights record has its details instead.
    ///
    /// `aws:sqs` and its like are no CloudTrail sources.
    @inline(__always)
    private static func isRecord(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !fields.eventName.isEmpty && !fields.eventSource.isEmpty || !fields.eventType.isEmpty else {
            return false
        }
        guard !fields.eventTime.isEmpty || !fields.eventID.isEmpty else { return false }
        let source = fields.eventSource
        // "aws:s3" with its opening quote.
        return
            !(source.count > 5 && bytes[source.start + 4] == UInt8(ascii: ":")
            && bytes[source.start + 1] == UInt8(ascii: "a"))
    }

    /// Checks what makes a readable document an unusable record, and hands it on.
    @inline(__always)
    private static func record(
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout some RecordSink
    ) {
        if let failure = fault(fields, bytes) {
            sink.setAside(
                SetAside(failure, UnsafeBufferPointer(rebasing: bytes[fields.record.start..<fields.record.end]))
            )
        } else {
            sink.take(fields, bytes)
        }
    }

    @inline(__always)
    private static func fault(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) -> DecodeFailure? {
        if fields.repeatedName != .none { return .repeatedName(plain(fields.repeatedName, bytes)) }
        if !fields.reservedName.isEmpty { return .reservedName(plain(fields.reservedName, bytes)) }
        let time = JSONString.contents(
            UnsafeBufferPointer(rebasing: bytes[fields.eventTime.start..<fields.eventTime.end])
        )
        if EventTime.parse(time) == nil { return .noEventTime(String(decoding: time.prefix(80), as: UTF8.self)) }
        return nil
    }

    /// The name whose inside lies at `range`, without its escapes.
    private static func plain(_ range: ByteRange, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        JSONString.text(ByteRange(range.start - 1, range.end + 1), in: bytes) ?? ""
    }

    /// A document that is JSON but no record: looks inside it.
    private static func open(
        _ document: UnsafeBufferPointer<UInt8>,
        depth: Int,
        into sink: inout some RecordSink
    ) {
        let parts = EnvelopeParts(document)
        func slice(_ range: ByteRange) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: document[range.start..<range.end])
        }
        if depth > deepest {
            sink.setAside(SetAside(.wrappedTooOften, document))
        } else if !parts.logsData.isEmpty {
            payload(slice(parts.logsData), depth, into: &sink)
        } else if !parts.kinesisData.isEmpty {
            payload(slice(parts.kinesisData), depth, into: &sink)
        } else if !parts.logEvents.isEmpty {
            logBatch(document, depth, into: &sink)
        } else if !parts.records.isEmpty {
            elements(slice(parts.records), depth, into: &sink)
        } else if !parts.objectKey.isEmpty {
            let name = "s3://" + (JSONString.text(parts.bucketName, in: document) ?? "?") + "/"
            let key = JSONString.text(parts.objectKey, in: document) ?? "?"
            sink.setAside(SetAside(.namesAnObject(name + key), document))
        } else if !parts.detail.isEmpty {
            inner(slice(parts.detail), depth, into: &sink)
        } else if !parts.text.isEmpty {
            var plain: [UInt8] = []
            JSONString.unescape(JSONString.contents(slice(parts.text)), into: &plain)
            plain.withUnsafeBufferPointer { inner($0, depth, into: &sink) }
        } else {
            sink.passOver(.other)
        }
    }

    /// Base64 over gzip over one CloudWatch Logs batch.
    private static func payload(
        _ quoted: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        into sink: inout some RecordSink
    ) {
        do throws(DecodeFailure) {
            let packed = try base64(JSONString.contents(quoted))
            let batch: Result<[UInt8], DecodeFailure> = packed.withUnsafeBufferPointer { packed in
                do throws(DecodeFailure) {
                    return .success(try Inflater.whole(of: packed, cap: inflationCap))
                } catch { return .failure(error) }
            }
            try batch.get().withUnsafeBufferPointer { batch in
                // Nearly always a batch of log events, which one walk is enough for.
                if !logBatch(batch, depth + 1, into: &sink) { inner(batch, depth, into: &sink) }
            }
        } catch {
            sink.setAside(SetAside(error, quoted))
        }
    }

    private static func base64(_ text: UnsafeBufferPointer<UInt8>) throws(DecodeFailure) -> [UInt8] {
        guard let base = text.baseAddress, memchr(base, Int32(UInt8(ascii: "\\")), text.count) != nil else {
            return try Base64.decode(text)
        }
        // Some writers escape the slashes and equals signs of base64.
        var plain: [UInt8] = []
        JSONString.unescape(text, into: &plain)
        let decoded: Result<[UInt8], DecodeFailure> = plain.withUnsafeBufferPointer { text in
            do throws(DecodeFailure) { return .success(try Base64.decode(text)) } catch { return .failure(error) }
        }
        return try decoded.get()
    }

    /// A document inside a document: a record, or another envelope.
    static func inner(
        _ document: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        into sink: inout some RecordSink
    ) {
        inner(JSONScanner(document), document, depth, into: &sink)
    }

    /// The same with a scanner at the document's beginning.
    static func inner(
        _ start: JSONScanner,
        _ document: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        into sink: inout some RecordSink
    ) {
        var scanner = start
        var fields = RecordFields()
        guard scanner.peek() == UInt8(ascii: "{") else {
            return sink.setAside(SetAside(.notARecord, document))
        }
        guard fields.scan(&scanner) else {
            return sink.setAside(SetAside(DecodeFailure(scanner), document))
        }
        scanner.skipSpace()
        guard scanner.at == scanner.end else {
            return sink.setAside(SetAside(.notJSON(at: scanner.at), document))
        }
        if isRecord(fields, document) {
            record(fields, document, into: &sink)
        } else {
            open(document, depth: depth + 1, into: &sink)
        }
    }

    /// The elements of `Records` or `Events`.
    private static func elements(
        _ list: UnsafeBufferPointer<UInt8>,
        _ depth: Int,
        into sink: inout some RecordSink
    ) {
        var scanner = JSONScanner(list)
        var count = 0
        _ = scanner.eachElement { scanner in
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return false }
            count += 1
            inner(UnsafeBufferPointer(rebasing: list[range.start..<range.end]), depth, into: &sink)
            return true
        }
        if count == 0 { sink.passOver(.emptyBatch) }
    }
}
