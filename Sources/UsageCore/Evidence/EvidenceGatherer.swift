/// Pass two over records: one worker's part.
///
/// It picks out what the plan asks for.
package struct EvidenceGatherer: RecordSink, Sendable {
    private let plan: EvidencePlan
    private let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private let time: ClosedRange<Int64>
    /// What was found and waits to be added to the case file.
    package var items: [CaseFile.Item] = []
    /// When the next record was received, where that is known; seconds since 1970.
    package var arrival: Int64?
    private var lastAccount = AccountKey.unknown
    private var lastPlan: EvidencePlan.Account?

    /// `time`: records outside are passed by.
    package init(_ plan: EvidencePlan, _ catalog: UsageCatalog, _ matcher: UsageMatcher, time: ClosedRange<Int64>) {
        self.time = time
        self.plan = plan
        self.catalog = catalog
        self.matcher = matcher
    }

    package mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let account = AccountKey(RecordFields.raw(fields.account, bytes))
        if account != lastAccount {
            lastAccount = account
            lastPlan = plan[account]
        }
        guard let wanted = lastPlan else { return }
        let seconds = fields.seconds(bytes)
        guard time.contains(seconds) else { return }
        if let usage = matcher.usage(fields, bytes),
            !OwnActivity.isOwn(fields, bytes, as: catalog.usages[usage])
        {
            watched(usage, account, wanted, seconds, fields, bytes)
        }
        if seconds >= wanted.start {
            matcher.eachEnded(fields, bytes) { usage, id in
                let resource = CaseFile.Resource(
                    usage: usage,
                    account: account,
                    id: String(decoding: id, as: UTF8.self)
                )
                items.append(.ended(resource, seconds: seconds))
            }
        }
        sibling(account, wanted, seconds, fields, bytes)
    }

    // What could not be read was told in pass one.
    package mutating func setAside(_ rest: SetAside) {}
    package mutating func passOver(_ kind: DocumentKind) {}

    private mutating func watched(
        _ usage: Int,
        _ account: AccountKey,
        _ wanted: EvidencePlan.Account,
        _ seconds: Int64,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let region = CallerHabits.hash(RecordFields.raw(fields.awsRegion, bytes))
        guard wanted.entities.contains(EvidencePlan.Entity(usage: usage, region: region)) else { return }
        let record = WatchedRecord(catalog.usages[usage], fields, bytes, arrival: arrival)
        var isOrdinary = true
        for index in wanted.windows {
            let window = plan.windows[index]
            guard window.usage == usage, window.region == region, seconds >= window.start, seconds < window.end else {
                continue
            }
            isOrdinary = false
            guard window.kind == 0 || window.kind == kind(of: record) else { continue }
            if window.callers != .all, (window.callers == .controllers) != record.caller.isController { continue }
            items.append(.watched(window: index, record: record, identity: fields.identityDigest(bytes)))
        }
        guard isOrdinary else { return }
        let keys = Trait.values(of: record).filter { $0.0 == .principal || $0.0 == .functionName || $0.0 == .group }
            .map { CaseFile.OrdinaryKey(account: account, usage: usage, region: region, trait: $0.0, value: $0.1) }
        items.append(
            .ordinary(
                key: keys,
                quantity: record.facts.quantity,
                seconds: seconds,
                identity: fields.identityDigest(bytes)
            )
        )
    }

    private func kind(of record: WatchedRecord) -> UInt64 {
        if let model = record.facts.attributes["modelId"]?.first { return CallerHabits.hash(model) }
        return record.facts.attributes["instanceType"]?.first.map { CallerHabits.hash(InstanceFamily.of($0)) } ?? 0
    }

    private mutating func sibling(
        _ account: AccountKey,
        _ wanted: EvidencePlan.Account,
        _ seconds: Int64,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let reach = EvidencePlan.siblingReach
        guard
            wanted.windows.contains(where: {
                seconds >= plan.windows[$0].start - reach && seconds < plan.windows[$0].end + reach
            })
        else { return }
        let name = RecordFields.raw(fields.eventName, bytes)
        guard let kind = SiblingKind.of(name, RecordFields.raw(fields.errorCode, bytes)) else { return }
        let caller = Caller(fields, bytes)
        let sample = CaseFile.Sample(
            eventId: JSONString.text(fields.eventID, in: bytes) ?? fields.identityDigest(bytes).hexadecimal,
            seconds: seconds,
            eventName: String(decoding: name, as: UTF8.self),
            errorCode: JSONString.text(fields.errorCode, in: bytes),
            session: caller.session
        )
        let key = CaseFile.SiblingKey(account: account, caller: caller.habitKey, kind: kind)
        items.append(.sibling(key: key, sample: sample, identity: fields.identityDigest(bytes)))
    }
}
