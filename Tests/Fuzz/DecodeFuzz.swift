// Compiled together with the sources of UsageCore by scripts/fuzz: what a fuzzer needs is one module with one entry.

/// Everything that is thought about a record while it comes in, and a digest of what came out.
struct FuzzSink: RecordSink {
    static let catalog: UsageCatalog = {
        guard let catalog = try? UsageCatalog.builtIn() else {
            preconditionFailure("the catalog that is compiled in is not one")
        }
        return catalog
    }()
    static let matcher = UsageMatcher(catalog)

    private(set) var tally = Tally(FuzzSink.catalog, FuzzSink.matcher, time: Int64.min...Int64.max)
    /// Of the records: how damaged stretches are cut may depend on the pieces, what is read beside them may not.
    private(set) var digest: UInt64 = 14_695_981_039_346_656_037
    private(set) var hasSetAside = false

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        tally.take(fields, bytes)
        mix(bytes[fields.record.start..<fields.record.end])
        mix(fields.identityText(bytes).utf8)
        guard let index = Self.matcher.usage(fields, bytes) else { return }
        let usage = Self.catalog.usages[index]
        let facts = WatchedFacts(usage, fields, bytes)
        let members = StoredMembers.text(
            account: .missing(JSONString.text(fields.account, in: bytes) ?? ""),
            usage: (usage, facts, CountedFacts(usage, facts, fields, bytes)),
            region: JSONString.text(fields.awsRegion, in: bytes) ?? "",
            isOwn: OwnActivity.isOwn(fields, bytes, as: usage),
            receivedAt: fields.seconds(bytes),
            source: "fuzz"
        )
        let document = [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")]
        precondition((try? JSONValue.parse(document)) != nil, "members are not JSON")
        precondition(!members.contains { $0 < 0x20 }, "members break a line")
        let record = WatchedRecord(usage, fields, bytes)
        mix(record.eventId.utf8)
        mix(record.caller.principal.utf8)
    }

    mutating func setAside(_ rest: SetAside) {
        hasSetAside = true
        precondition(!rest.failure.description.utf8.contains { $0 < 0x20 }, "a reason breaks a line")
    }

    mutating func passOver(_ kind: DocumentKind) {}

    /// FNV-1a, 64 bits.
    private mutating func mix(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
        digest = (digest ^ 0xFF) &* 1_099_511_628_211
    }
}

/// Decodes the input in one piece and in pieces of a length that its first byte says: both must give the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecode(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    let step = Int(start[0]) + 1
    let input = UnsafeBufferPointer(start: start + 1, count: count - 1)
    func outcome(step: Int) -> (digest: UInt64, hasSetAside: Bool, failure: String?) {
        var sink = FuzzSink()
        var reader = RecordReader()
        var failure: String?
        var place = 0
        do throws(DecodeFailure) {
            while place < input.count {
                let end = min(input.count, place + step)
                try reader.feed(UnsafeBufferPointer(rebasing: input[place..<end]), into: &sink)
                place = end
            }
            try reader.finish(into: &sink)
        } catch {
            failure = error.name
        }
        return (sink.digest, sink.hasSetAside, failure)
    }
    let whole = outcome(step: input.count)
    let pieces = outcome(step: step)
    precondition(whole.failure == pieces.failure, "the pieces in which input comes change how it fails")
    // Where gzip data is damaged, how much was inflated before depends on the pieces.
    if whole.failure == nil {
        precondition(whole.digest == pieces.digest, "the pieces in which input comes change what is read")
        precondition(
            whole.hasSetAside == pieces.hasSetAside,
            "the pieces in which input comes change what is set aside"
        )
    }
    return 0
}
