import Pipeline
import UsageCore

/// A record as homes tell it apart.
struct TrailRecord {
    /// What it counts as.
    let usage: Usage?
    /// Whether it ends what a low-volume usage started.
    let isEnd: Bool
    let seconds: Int64
    let account: AccountKey
    /// Hash of its Region.
    let region: UInt64
    /// What it counts for, where it is watched.
    let quantity: Double
    /// Hash of the model or the like that it is of; 0 for none.
    let kind: UInt64
    let text: [UInt8]
}

/// The records of files in memory.
struct TrailRecords: RecordSink {
    private let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private(set) var records: [TrailRecord] = []
    /// Event times, first and last.
    private(set) var time: ClosedRange<Int64>?

    init(_ paths: [String], _ catalog: UsageCatalog) throws {
        self.catalog = catalog
        matcher = UsageMatcher(catalog)
        for file in try InputFiles(paths) {
            var reader = RecordReader()
            let bytes = try FileBytes(file.path)
            while let piece = try bytes.next() { try reader.feed(piece, into: &self) }
            try reader.finish(into: &self)
        }
    }

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let seconds = fields.seconds(bytes)
        time = min(time?.lowerBound ?? seconds, seconds)...max(time?.upperBound ?? seconds, seconds)
        var isEnd = false
        matcher.eachEnded(fields, bytes) { usage, _ in isEnd = isEnd || catalog.usages[usage].isLowVolume }
        let watched = matcher.usage(fields, bytes)
        let index = OwnActivity.isOwn(fields, bytes, as: watched.map { catalog.usages[$0] }) ? nil : watched
        let usage = index.map { catalog.usages[$0] }
        let facts = usage.map { WatchedFacts($0, fields, bytes) }
        records.append(
            TrailRecord(
                usage: usage,
                isEnd: isEnd,
                seconds: seconds,
                account: AccountKey(RecordFields.raw(fields.account, bytes)),
                region: CallerHabits.hash(RecordFields.raw(fields.awsRegion, bytes)),
                quantity: facts?.quantity ?? 0,
                kind: facts?.attributes["modelId"]?.first.map { CallerHabits.hash($0) } ?? 0,
                text: Array(bytes[fields.record.start..<fields.record.end])
            )
        )
    }

    mutating func setAside(_ rest: SetAside) {}
    mutating func passOver(_ kind: DocumentKind) {}

    /// The records that are wanted, one after the other.
    func text(_ isWanted: (TrailRecord) -> Bool) -> String {
        records.filter(isWanted).map { String(decoding: $0.text, as: UTF8.self) }.joined(separator: "\n")
    }
}
