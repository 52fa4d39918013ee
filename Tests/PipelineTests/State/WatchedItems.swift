import Pipeline
import UsageCore

/// The watched items of record texts, as the function that takes records in makes them.
struct WatchedItems: RecordSink {
    private let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private(set) var items: [WatchedItem] = []

    init(_ texts: [String], _ catalog: UsageCatalog) throws {
        self.catalog = catalog
        matcher = UsageMatcher(catalog)
        var reader = RecordReader()
        try Array(texts.joined(separator: "\n").utf8).withUnsafeBufferPointer { try reader.feed($0, into: &self) }
        try reader.finish(into: &self)
    }

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let index = matcher.usage(fields, bytes),
            !OwnActivity.isOwn(fields, bytes, as: catalog.usages[index])
        else { return }
        let usage = catalog.usages[index]
        let facts = WatchedFacts(usage, fields, bytes)
        let counted = CountedFacts(usage, facts, fields, bytes)
        items.append(
            WatchedItem(
                account: JSONString.text(fields.account, in: bytes) ?? "",
                region: JSONString.text(fields.awsRegion, in: bytes) ?? "",
                seconds: fields.seconds(bytes),
                identity: fields.identityText(bytes),
                usage: index,
                quantity: facts.quantity,
                kind: counted.family ?? facts.attributes["modelId"]?.first ?? "",
                body: Array(bytes[fields.record.start..<fields.record.end])
            )
        )
    }

    mutating func setAside(_ rest: SetAside) {}
    mutating func passOver(_ kind: DocumentKind) {}
}
