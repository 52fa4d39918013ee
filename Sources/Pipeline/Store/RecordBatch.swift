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
    /// How much was set aside, by reason, and the first of it; what is repeated at once stands in `setAsides` once.
    package private(set) var setAsideCounts: [String: Int] = [:]
    package private(set) var problems: [InputReport.Problem] = []
    /// Documents without records: the first of them, and how many there were.
    package private(set) var passedOver: [DocumentKind] = []
    package private(set) var passedOverCount = 0
    /// What the batch holds in memory, in bytes, about.
    package private(set) var heldBytes = 0

    private static let largestPassedOver = 100
    /// What a record or set-aside takes beside its text, in bytes, about.
    private static let overhead = 400

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
            isOwn: OwnActivity.isOwn(fields, bytes, as: usage?.0),
            receivedAt: receivedAt,
            source: source
        )
        heldBytes += fields.record.count + members.count + Self.overhead
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
        let reason = rest.failure.name
        setAsideCounts[reason, default: 0] += 1
        if let last = setAsides.last, last.bytes == rest.bytes, last.reason == reason, last.source == source { return }
        heldBytes += rest.bytes.count + Self.overhead
        if problems.count < InputReport.shown {
            problems.append(.init(path: source, failure: rest.failure, byteCount: rest.count))
        }
        setAsides.append(SetAsideItem(reason: reason, detail: "\(rest.failure)", source: source, bytes: rest.bytes))
    }

    package mutating func passOver(_ kind: DocumentKind) {
        passedOverCount += 1
        if passedOver.count < Self.largestPassedOver { passedOver.append(kind) }
    }

    /// How many pieces were set aside.
    package var setAsideCount: Int { setAsideCounts.values.reduce(0, +) }

    /// Forgets what was handed over.
    package mutating func clear() {
        records.removeAll(keepingCapacity: true)
        setAsides.removeAll()
        setAsideCounts.removeAll()
        problems.removeAll()
        passedOver.removeAll()
        passedOverCount = 0
        heldBytes = 0
    }
}
