/// The parts of a wrapping document that lead to the records in it.
struct EnvelopeParts {
    /// `awslogs.data` of a CloudWatch Logs subscription event.
    var logsData = ByteRange.none
    /// `kinesis.data` of a Kinesis record.
    var kinesisData = ByteRange.none
    /// `logEvents` of a decoded batch.
    var logEvents = ByteRange.none
    var isControlMessage = false
    /// `Records` of a trail file, or of a Lambda event; `Events` of a LookupEvents reply.
    var records = ByteRange.none
    /// `detail` of an EventBridge event.
    var detail = ByteRange.none
    /// A document as text: `message` of a log event, `body` of an SQS message, `Message` of an SNS one, `CloudTrailEvent` of LookupEvents.
    var text = ByteRange.none
    /// The trail file that an S3 notification or an `Object Created` event names.
    var bucketName = ByteRange.none
    var objectKey = ByteRange.none

    init(_ document: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(document)
        _ = scanner.eachMember { scanner, name in
            switch name.count {
            case 2 where scanner.matches(name, "s3"): return object(&scanner)
            case 3 where scanner.matches(name, "Sns"): return member(&scanner, "Message", \.text)
            case 4 where scanner.matches(name, "body"): return text(&scanner)
            case 6 where scanner.matches(name, "detail"):
                let start = scanner.at
                guard object(&scanner) else { return false }
                detail = ByteRange(start, scanner.at)
                return true
            case 6 where scanner.matches(name, "Events"): return list(&scanner, \.records)
            case 7 where scanner.matches(name, "awslogs"): return member(&scanner, "data", \.logsData)
            case 7 where scanner.matches(name, "kinesis"): return member(&scanner, "data", \.kinesisData)
            case 7 where scanner.matches(name, "Records"): return list(&scanner, \.records)
            case 7 where scanner.matches(name, "message") || scanner.matches(name, "Message"): return text(&scanner)
            case 9 where scanner.matches(name, "logEvents"): return list(&scanner, \.logEvents)
            case 11 where scanner.matches(name, "messageType"):
                var range = ByteRange.none
                guard scanner.value(into: &range) else { return false }
                isControlMessage = scanner.matches(range, "\"CONTROL_MESSAGE\"")
                return true
            case 15 where scanner.matches(name, "CloudTrailEvent"): return text(&scanner)
            default: return scanner.skipValue()
            }
        }
    }

    private mutating func text(_ scanner: inout JSONScanner) -> Bool {
        let isText = scanner.peek() == UInt8(ascii: "\"")
        var range = ByteRange.none
        guard scanner.value(into: &range) else { return false }
        if isText { text = range }
        return true
    }

    private mutating func list(
        _ scanner: inout JSONScanner,
        _ target: WritableKeyPath<EnvelopeParts, ByteRange>
    ) -> Bool {
        let isList = scanner.peek() == UInt8(ascii: "[")
        var range = ByteRange.none
        guard scanner.value(into: &range) else { return false }
        if isList { self[keyPath: target] = range }
        return true
    }

    private mutating func member(
        _ scanner: inout JSONScanner,
        _ wanted: StaticString,
        _ target: WritableKeyPath<EnvelopeParts, ByteRange>
    ) -> Bool {
        guard scanner.peek() == UInt8(ascii: "{") else { return scanner.skipValue() }
        return scanner.eachMember { scanner, name in
            guard scanner.matches(name, wanted), scanner.base[scanner.at] == UInt8(ascii: "\"") else {
                return scanner.skipValue()
            }
            return scanner.value(into: &self[keyPath: target])
        }
    }

    /// `bucket.name` and `object.key`, wherever the object at the cursor has them.
    private mutating func object(_ scanner: inout JSONScanner) -> Bool {
        guard scanner.peek() == UInt8(ascii: "{") else { return scanner.skipValue() }
        return scanner.eachMember { scanner, name in
            if scanner.matches(name, "bucket") { return member(&scanner, "name", \.bucketName) }
            if scanner.matches(name, "object") { return member(&scanner, "key", \.objectKey) }
            return scanner.skipValue()
        }
    }
}
