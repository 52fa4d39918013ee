/// What is done with records as they are decoded: counting, gathering evidence, storing.
package protocol RecordSink {
    /// Takes one readable record; `fields` are places in `bytes`, which are valid during the call only.
    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>)

    /// Takes what could not be read.
    mutating func setAside(_ rest: SetAside)

    /// Takes a document that is JSON but holds no records: a control message, an account file, a schedule.
    mutating func passOver(_ kind: DocumentKind)
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
