/// What is done with records as they are decoded: counting, gathering evidence, storing.
package protocol RecordSink {
    /// Takes one readable record; `fields` are places in `bytes`, which are valid during the call only.
    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>)

    /// Takes what could not be read.
    mutating func setAside(_ rest: SetAside)

    /// Takes a document that is JSON but holds no records: a control message, an account file, a schedule.
    mutating func passOver(_ kind: DocumentKind)

    /// A batch of CloudWatch Logs begins; `stream` is the inside of its log stream's name as JSON writes it, empty where it has none.
    ///
    /// `size` are the bytes of the whole batch; all its records together are shorter.
    mutating func beginLogBatch(_ stream: UnsafeBufferPointer<UInt8>, size: Int)

    /// A log event of that batch begins; `id` is the inside of its id as JSON writes it, empty where it has none.
    mutating func beginLogEvent(_ id: UnsafeBufferPointer<UInt8>)
}

// Where records came from matters to those who store them; who counts need not listen.
extension RecordSink {
    @inline(__always)
    package mutating func beginLogBatch(_ stream: UnsafeBufferPointer<UInt8>, size: Int) {}

    @inline(__always)
    package mutating func beginLogEvent(_ id: UnsafeBufferPointer<UInt8>) {}
}

/// A document that holds no CloudTrail record.
package enum DocumentKind: Equatable, Sendable {
    /// CloudWatch Logs asks whether the destination answers.
    case controlMessage
    /// CloudWatch Logs sent a batch without events, or a trail file has no records.
    case emptyBatch
    /// JSON of another kind.
    case other
}
