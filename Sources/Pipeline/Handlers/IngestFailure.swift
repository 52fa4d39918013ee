import UsageCore

/// Why an invocation that takes records in has failed.
package enum IngestFailure: Error, Equatable {
    /// The event is JSON, but neither holds records nor says where some are.
    case unknownEvent(bytes: Int)
    /// Something must be set aside and there is nowhere to put it.
    case noQueue(count: Int, reason: String)
    /// A dead letter is too long for a message and there is no bucket.
    case noBucket(bytes: Int)
    /// Of bytes that could not be read only a part could be kept.
    case keptInPart(bytes: Int, reason: String)
    /// It is not known of all records where they are; the first line of evidence.
    case unresolved(count: Int, detail: String)
    /// What came in and what was accounted for differ: a fault of this program.
    case miscounted(received: Int, accounted: Int)
}

extension IngestFailure: CustomStringConvertible {
    /// One line: what happened, evidence, what to do.
    package var description: String {
        switch self {
        case .unknownEvent(let bytes):
            "event: holds no CloudTrail records (\(bytes) bytes of JSON); send what CloudWatch Logs, Kinesis, SQS, "
                + "EventBridge or a trail file gives"
        case .noQueue(let count, let reason):
            "\(Counted.text(count, "records")): must be set aside (\(reason)) and there is nowhere to put them; set "
                + "DEAD_LETTER_QUEUE_URL, the invocation fails until then"
        case .noBucket(let bytes):
            "dead letter: too long for a message (\(bytes) bytes); set DEAD_LETTER_BUCKET, the invocation fails until then"
        case .keptInPart(let bytes, let reason):
            "\(bytes) bytes: could not be read (\(reason)) and are too many to set aside; the invocation fails"
        case .unresolved(let count, let detail):
            "\(Counted.text(count, "records")): not known to be stored (\(Hostile.shown(detail, limit: 400))); the invocation "
                + "fails, and its next delivery finds what is stored already"
        case .miscounted(let received, let accounted):
            "records: \(received) came in and \(accounted) were accounted for; this is a fault of the program, the invocation fails"
        }
    }
}
