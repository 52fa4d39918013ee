import Glibc

/// Records on their way into a store: their bytes, copied once, and what is to be known of each.
///
/// Decoding fills it; from it bulk bodies are written, watched usages are counted, and what could not be read is set aside.
package struct IngestBatch: RecordSink {
    private let matcher: UsageMatcher
    package let catalog: UsageCatalog
    /// When the records arrived, seconds since 1970.
    package let receivedAt: Int64
    private let keepsWatchedOnly: Bool

    package private(set) var records: [Record] = []
    package private(set) var watched: [Watched] = []
    package private(set) var endings: [Ending] = []
    /// The ids of the accounts that records are of, each once, as they are written; empty where a record has none.
    package private(set) var accounts: [String] = []
    package private(set) var origins: [Origin] = []
    /// Each once.
    package private(set) var senders: [Sender] = []
    package private(set) var unread: [Unread] = []
    /// Documents that name objects in S3 instead of holding records.
    package private(set) var pointers: [Unread] = []
    package private(set) var passedOver: [DocumentKind] = []
    private(set) var arena: [UInt8] = []
    private(set) var members: [UInt8] = []

    private var accountIndex: [AccountKey: Int32] = [:]
    private var lastAccount = AccountKey.unknown
    private var lastAccountIndex: Int32 = -1
    private var senderIndex: [Sender: Int32] = [:]
    private var lastSender: Int32 = -1
    private var lastSenderAccount = AccountKey.unknown
    private var lastSenderRegion: [UInt8] = []
    private var eventId: [UInt8] = []

    /// How long before its arrival a record may have happened, in seconds: 400 days.
    package static let longestDelay: Int64 = 400 * 86400
    /// How long after its arrival a record may claim to happen, in seconds: a day.
    package static let longestLead: Int64 = 86400

    /// An empty batch.
    ///
    /// - Parameters:
    ///   - catalog: What is watched.
    ///   - matcher: Of that catalog.
    ///   - receivedAt: When the records arrive, seconds since 1970.
    ///   - keepsWatchedOnly: Whether records that neither count as a usage nor end one are left out.
    package init(_ catalog: UsageCatalog, _ matcher: UsageMatcher, receivedAt: Int64, keepsWatchedOnly: Bool = false) {
        self.catalog = catalog
        self.matcher = matcher
        self.receivedAt = receivedAt
        self.keepsWatchedOnly = keepsWatchedOnly
    }

    /// Begins a delivery that is not, or not yet known to be, a batch of log events.
    package mutating func begin(item: Int, source: String, identity: Digest128) {
        origins.append(Origin(source: source, item: item, identity: identity))
        eventId.removeAll(keepingCapacity: true)
    }

    package mutating func beginLogBatch(_ stream: UnsafeBufferPointer<UInt8>, size: Int) {
        // Room at once: an arena that grows as it fills touches, and copies, twice the memory.
        if arena.count + size > arena.capacity { arena.reserveCapacity(max(arena.count + size, arena.capacity * 2)) }
        var plain: [UInt8] = []
        JSONString.unescape(stream, into: &plain)
        let digest = Digest128(of: UnsafeRawBufferPointer(stream))
        begin(item: origins.last?.item ?? 0, source: String(decoding: plain, as: UTF8.self), identity: digest)
    }

    package mutating func beginLogEvent(_ id: UnsafeBufferPointer<UInt8>) {
        eventId.removeAll(keepingCapacity: true)
        eventId.append(contentsOf: id)
        guard !origins.isEmpty else { return }
        let digest = Digest128(of: UnsafeRawBufferPointer(id))
        origins[origins.count - 1].identity.fold(digest)
    }

    package mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let usage = matcher.usage(fields, bytes)
        let ended = usage == nil ? matcher.ended(fields, bytes) : nil
        if origins.isEmpty { begin(item: 0, source: "", identity: Digest128(high: 0, low: 0)) }
        hear(fields, bytes)
        if usage == nil, ended == nil, keepsWatchedOnly {
            origins[origins.count - 1].outsideScope += 1
            return
        }
        let seconds = fields.seconds(bytes)
        let account = index(of: fields.account, bytes)
        let shift = arena.count - fields.record.start
        copy(UnsafeBufferPointer(rebasing: bytes[fields.record.start..<fields.record.end]))
        if let usage { watch(usage, account, fields, bytes) }
        if let ended {
            let region = JSONString.text(fields.awsRegion, in: bytes) ?? ""
            endings.append(Ending(record: records.count, usage: ended, region: region))
        }
        records.append(
            Record(
                place: fields.record.moved(by: shift),
                recipient: fields.recipientAccountId.moved(by: shift),
                event: fields.eventID.moved(by: shift),
                seconds: seconds,
                account: account,
                origin: Int32(truncatingIfNeeded: origins.count - 1),
                watched: usage == nil ? -1 : Int32(truncatingIfNeeded: watched.count - 1),
                isOwn: OwnActivity.isOwn(fields, bytes, as: usage.map { catalog.usages[$0] }),
                isTimely: seconds >= receivedAt - Self.longestDelay && seconds <= receivedAt + Self.longestLead
            )
        )
    }

    package mutating func setAside(_ rest: SetAside) {
        if origins.isEmpty { begin(item: 0, source: "", identity: Digest128(high: 0, low: 0)) }
        let id = String(decoding: eventId, as: UTF8.self)
        let item = Unread(rest: rest, origin: origins.count - 1, eventId: id)
        if case .namesAnObject = rest.failure { pointers.append(item) } else { unread.append(item) }
    }

    package mutating func passOver(_ kind: DocumentKind) { passedOver.append(kind) }

    /// Records that the scope leaves out.
    package var outsideScope: Int { origins.reduce(0) { $0 + $1.outsideScope } }

    /// Bytes of records held.
    package var byteCount: Int { arena.count }

    /// The bytes of a record.
    package func bytes(of record: Record) -> ArraySlice<UInt8> { arena[record.place.start..<record.place.end] }

    /// The record's `eventID`, empty where it has none.
    package func eventId(of record: Record) -> String {
        arena.withUnsafeBufferPointer { JSONString.text(record.event, in: $0) } ?? ""
    }

    /// The name under which the record is stored: `recipientAccountId-eventID`, or a hash of its bytes.
    package func identity(of record: Record) -> String {
        arena.withUnsafeBufferPointer { Self.fields(of: record, $0).identityText($0) }
    }

    /// Where the fields of a record lie in the arena, read anew.
    static func fields(of record: Record, _ arena: UnsafeBufferPointer<UInt8>) -> RecordFields {
        var scanner = JSONScanner(UnsafeBufferPointer(rebasing: arena[..<record.place.end]), from: record.place.start)
        var fields = RecordFields()
        _ = fields.scan(&scanner)
        return fields
    }

    @inline(__always)
    private mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        let start = arena.count
        arena.append(contentsOf: bytes)
        // Within strings JSON has no line breaks, so these stand between tokens.
        guard let base = bytes.baseAddress,
            memchr(base, 0x0A, bytes.count) != nil || memchr(base, 0x0D, bytes.count) != nil
        else { return }
        for place in start..<arena.count where arena[place] == 0x0A || arena[place] == 0x0D {
            arena[place] = UInt8(ascii: " ")
        }
    }

    /// The place of a record's account in `accounts`; records of one account mostly come together.
    @inline(__always)
    private mutating func index(of range: ByteRange, _ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
        let key = AccountKey(RecordFields.raw(range, bytes))
        if key == lastAccount, lastAccountIndex >= 0 { return lastAccountIndex }
        lastAccount = key
        if let known = accountIndex[key] {
            lastAccountIndex = known
        } else {
            lastAccountIndex = Int32(truncatingIfNeeded: accounts.count)
            accountIndex[key] = lastAccountIndex
            accounts.append(JSONString.text(range, in: bytes) ?? "")
        }
        return lastAccountIndex
    }

    /// Counts the record for who sent it; those of one sender mostly come together.
    @inline(__always)
    private mutating func hear(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let account = AccountKey(RecordFields.raw(fields.account, bytes))
        let region = RecordFields.raw(fields.awsRegion, bytes)
        if lastSender < 0 || account != lastSenderAccount || !lastSenderRegion.elementsEqual(region) {
            lastSenderAccount = account
            lastSenderRegion = Array(region)
            let sender = Sender(
                account: JSONString.text(fields.account, in: bytes) ?? "",
                region: JSONString.text(fields.awsRegion, in: bytes) ?? ""
            )
            lastSender = senderIndex[sender] ?? Int32(truncatingIfNeeded: senders.count)
            if Int(lastSender) == senders.count {
                senderIndex[sender] = lastSender
                senders.append(sender)
            }
        }
        let origin = origins.count - 1
        if let last = origins[origin].heard.indices.last, origins[origin].heard[last].sender == lastSender {
            origins[origin].heard[last].records += 1
        } else {
            origins[origin].heard.append((lastSender, 1))
        }
    }

    private mutating func watch(
        _ index: Int,
        _ account: Int32,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let usage = catalog.usages[index]
        let facts = WatchedFacts(usage, fields, bytes)
        let counted = CountedFacts(usage, facts, fields, bytes)
        let region = JSONString.text(fields.awsRegion, in: bytes) ?? ""
        let start = members.count
        members += StoredMembers.usage(usage, facts, counted, account: accounts[Int(account)], region: region)
        let model = usage.novelty.contains(.model) ? facts.attributes["modelId"]?.first : nil
        watched.append(
            Watched(
                record: records.count,
                usage: index,
                quantity: facts.quantity,
                kind: counted.family ?? model ?? "",
                region: region,
                callers: counted.callers,
                place: ByteRange(start, members.count)
            )
        )
    }
}

extension ByteRange {
    /// The same stretch in another buffer; what is absent stays so.
    @inline(__always)
    fileprivate func moved(by shift: Int) -> ByteRange { isEmpty ? .none : ByteRange(start + shift, end + shift) }
}

extension Digest128 {
    /// Makes this the hash of all that went in so far and of `other`, in that order.
    fileprivate mutating func fold(_ other: Digest128) {
        let words: InlineArray<4, UInt64> = [
            high.littleEndian, low.littleEndian, other.high.littleEndian, other.low.littleEndian,
        ]
        self = withUnsafeBytes(of: words) { Digest128(of: $0) }
    }
}

extension IngestBatch {
    /// Takes the next bytes of an input, records and all.
    ///
    /// A concrete entry within this module, so that the loop over records is compiled as one, without a witness call for each.
    package mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ reader: inout RecordReader) throws(DecodeFailure)
    {
        try reader.feed(bytes, into: &self)
    }

    /// Takes what is left of an input.
    package mutating func finish(_ reader: inout RecordReader) throws(DecodeFailure) { try reader.finish(into: &self) }
}
