import UsageCore

/// Records on their way into a store: decoded, in context, with the members that the stored document has beyond the record's own.
package struct RecordBatch: RecordSink {
    private let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private let directory: AccountDirectory
    private let receivedAt: Int64
    /// Where the records come from.
    package var source: String
    package private(set) var records: [StoredRecord] = []
    package private(set) var setAsides: [SetAsideItem] = []
    package private(set) var failures: [DecodeFailure] = []
    package private(set) var passedOver: [DocumentKind] = []

    /// `receivedAt`: when the records are read, seconds since 1970.
    package init(_ catalog: UsageCatalog, _ directory: AccountDirectory, source: String, receivedAt: Int64) {
        self.catalog = catalog
        self.directory = directory
        self.source = source
        self.receivedAt = receivedAt
        matcher = UsageMatcher(catalog)
    }

    package mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let account = JSONString.text(fields.account, in: bytes) ?? ""
        let region = JSONString.text(fields.awsRegion, in: bytes) ?? ""
        let usage = matcher.usage(fields, bytes).map { index in
            let usage = catalog.usages[index]
            let facts = WatchedFacts(usage, fields, bytes)
            return (usage, facts, CountedFacts(usage, facts, fields, bytes))
        }
        let members = StoredMembers.text(
            account: directory[account],
            usage: usage,
            region: region,
            isOwn: OwnActivity.isOwn(fields, bytes),
            receivedAt: receivedAt,
            source: source
        )
        records.append(
            StoredRecord(
                identity: fields.identityText(bytes),
                time: fields.seconds(bytes),
                account: account,
                region: region,
                eventSource: JSONString.text(fields.eventSource, in: bytes) ?? "",
                eventName: JSONString.text(fields.eventName, in: bytes) ?? "",
                usage: usage?.0.name,
                members: members,
                body: Array(bytes[fields.record.start..<fields.record.end])
            )
        )
    }

    package mutating func setAside(_ rest: SetAside) {
        failures.append(rest.failure)
        setAsides.append(
            SetAsideItem(reason: rest.failure.name, detail: "\(rest.failure)", source: source, bytes: rest.bytes)
        )
    }

    package mutating func passOver(_ kind: DocumentKind) { passedOver.append(kind) }

    /// Forgets what was handed over.
    package mutating func clear() {
        records.removeAll(keepingCapacity: true)
        setAsides.removeAll()
        failures.removeAll()
        passedOver.removeAll()
    }
}
