import Pipeline
import UsageCore

/// A record as homes tell it apart.
struct TrailRecord {
    /// What it counts as.
    let usage: Usage?
    /// Whether it ends what a low-volume usage started.
    let isEnd: Bool
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
        let usage = OwnActivity.isOwn(fields, bytes) ? nil : matcher.usage(fields, bytes)
        records.append(
            TrailRecord(
                usage: usage.map { catalog.usages[$0] },
                isEnd: isEnd,
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
