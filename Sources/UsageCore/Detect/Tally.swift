import Glibc

/// Pass one over records: one worker's part.
///
/// It counts what it sees and collects watched records for `UsageCounts`.
package struct Tally: RecordSink, Sendable {
    /// What a worker saw beside watched records.
    package struct Seen: Sendable {
        package var recordCount = 0
        /// Records outside the time that was asked for.
        package var passedByCount = 0
        package var accounts: [AccountKey: UsageCounts.AccountSpan] = [:]
        package var days: [Int64: UsageCounts.Day] = [:]
        package var names: [UInt64: String] = [:]
        package var habits = CallerHabits()
        package var activity = Activity()
    }

    package let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private let time: ClosedRange<Int64>
    package private(set) var seen = Seen()
    /// Watched records that wait to be counted.
    package var entries: [UsageCounts.Entry] = []
    /// The first of what was set aside, without bytes.
    package private(set) var setAsides: [SetAside] = []
    /// How much was set aside, by reason.
    package private(set) var setAsideCounts: [String: Int] = [:]
    /// First and last event time of what was taken since `beginInput`.
    package private(set) var span: ClosedRange<Int64>?
    /// Accounts of what was taken since `beginInput`.
    package private(set) var accountsOfInput: Set<AccountKey> = []

    private var lastAccount = AccountKey.unknown
    private var lastSpan = UsageCounts.AccountSpan(first: .max, last: .min, records: 0)
    private var lastHour = Int64.min
    private var lastHourRecords = 0
    private var lastPlace = Activity.Place(account: .unknown, region: 0)
    /// The name of the Region of `lastPlace`.
    private var lastRegion: [UInt8] = []
    private var lastDay = Int64.min
    private var lastDayHeld = UsageCounts.Day(records: 0, last: .min)

    /// Of what is set aside, so many are told one by one; a store keeps them all.
    private static let samples = 20

    /// `time`: records outside are passed by.
    package init(_ catalog: UsageCatalog, _ matcher: UsageMatcher, time: ClosedRange<Int64>) {
        self.catalog = catalog
        self.matcher = matcher
        self.time = time
    }

    /// Begins a new input: its own span, accounts and set-asides are told apart.
    package mutating func beginInput() {
        span = nil
        setAsides.removeAll()
        setAsideCounts.removeAll()
        accountsOfInput = []
        // The account is noted anew, or the input would seem to be without it.
        closeAccount()
    }

    package mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let seconds = fields.seconds(bytes)
        guard time.contains(seconds) else {
            seen.passedByCount += 1
            return
        }
        seen.recordCount += 1
        let account = AccountKey(RecordFields.raw(fields.account, bytes))
        note(account, seconds, fields, bytes)
        noteHour(account, RecordFields.raw(fields.awsRegion, bytes), seconds)
        let address = RecordFields.raw(fields.sourceIPAddress, bytes)
        let name = RecordFields.raw(fields.eventName, bytes)
        let telltale = SiblingKind.telltale(name, RecordFields.raw(fields.errorCode, bytes))
        seen.habits.note(
            CallerHabits.key(fields.identity, bytes),
            seconds: seconds,
            address: CallerTraits.isAddress(address) ? CallerHabits.hash(address) : 0,
            tool: CallerHabits.hash(CallerTraits.tool(RecordFields.raw(fields.userAgent, bytes))),
            telltale: telltale,
            name: telltale == nil ? 0 : CallerHabits.hash(name)
        )
        if let usage = matcher.usage(fields, bytes),
            !OwnActivity.isOwn(fields, bytes, as: catalog.usages[usage])
        {
            entries.append(entry(usage, account, seconds, fields, bytes))
        }
    }

    package mutating func setAside(_ rest: SetAside) {
        setAsideCounts[rest.failure.name, default: 0] += 1
        if setAsides.count < Self.samples { setAsides.append(rest.withoutBytes) }
    }

    // An input that holds nothing else is told of as one without records.
    package mutating func passOver(_ kind: DocumentKind) {}

    /// Hands over what was seen beside watched records and begins anew.
    package mutating func takeSeen() -> Seen {
        closeAccount()
        closeHour()
        closeDay()
        lastAccount = .unknown
        lastDay = .min
        defer { seen = Seen() }
        return seen
    }

    @inline(__always)
    private mutating func note(
        _ account: AccountKey,
        _ seconds: Int64,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        if account != lastAccount || lastSpan.records == 0 {
            closeAccount()
            lastAccount = account
            lastSpan = UsageCounts.AccountSpan(first: .max, last: .min, records: 0)
            accountsOfInput.insert(account)
            if account.digits == nil, seen.names[account.value] == nil {
                seen.names[account.value] = JSONString.text(fields.account, in: bytes) ?? "unknown"
            }
        }
        lastSpan.first = min(lastSpan.first, seconds)
        lastSpan.last = max(lastSpan.last, seconds)
        lastSpan.records += 1
        let day = EventTime.floorDivide(seconds, 86400)
        if day != lastDay {
            closeDay()
            lastDay = day
        }
        lastDayHeld.records += 1
        lastDayHeld.last = max(lastDayHeld.last, seconds)
        if let known = span {
            if seconds < known.lowerBound {
                span = seconds...known.upperBound
            } else if seconds > known.upperBound {
                span = known.lowerBound...seconds
            }
        } else {
            span = seconds...seconds
        }
    }

    /// Counts the record for its account, Region and hour; records mostly come in runs of all three.
    @inline(__always)
    private mutating func noteHour(_ account: AccountKey, _ region: UnsafeBufferPointer<UInt8>, _ seconds: Int64) {
        let hour = EventTime.floorDivide(seconds, 3600)
        if hour != lastHour || account != lastPlace.account || !isLastRegion(region) {
            closeHour()
            lastHour = hour
            if !isLastRegion(region) { lastRegion = Array(region) }
            lastPlace = Activity.Place(account: account, region: CallerHabits.hash(region))
        }
        lastHourRecords += 1
    }

    @inline(__always)
    private func isLastRegion(_ region: UnsafeBufferPointer<UInt8>) -> Bool {
        guard region.count == lastRegion.count else { return false }
        guard let base = region.baseAddress else { return true }
        return lastRegion.withUnsafeBufferPointer { last in
            last.baseAddress.map { memcmp($0, base, region.count) == 0 } ?? true
        }
    }

    private mutating func closeHour() {
        guard lastHourRecords > 0 else { return }
        seen.activity.add(lastHourRecords, to: lastPlace, at: lastHour * 3600)
        if lastPlace.region != 0, seen.activity.names[lastPlace.region] == nil {
            // A Region's name holds nothing that JSON escapes; what else stands there is shown as it is written.
            seen.activity.names[lastPlace.region] = String(decoding: lastRegion, as: UTF8.self)
        }
        lastHourRecords = 0
        lastHour = .min
    }

    private mutating func closeAccount() {
        guard lastSpan.records > 0 else { return }
        if let known = seen.accounts[lastAccount] {
            lastSpan.first = min(lastSpan.first, known.first)
            lastSpan.last = max(lastSpan.last, known.last)
            lastSpan.records += known.records
        }
        seen.accounts[lastAccount] = lastSpan
        lastSpan.records = 0
    }

    private mutating func closeDay() {
        guard lastDayHeld.records > 0 else { return }
        if let known = seen.days[lastDay] {
            lastDayHeld.records += known.records
            lastDayHeld.last = max(lastDayHeld.last, known.last)
        }
        seen.days[lastDay] = lastDayHeld
        lastDayHeld = UsageCounts.Day(records: 0, last: .min)
    }

    private mutating func entry(
        _ index: Int,
        _ account: AccountKey,
        _ seconds: Int64,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UsageCounts.Entry {
        let usage = catalog.usages[index]
        let region = CallerHabits.hash(RecordFields.raw(fields.awsRegion, bytes))
        if region != 0, seen.names[region] == nil {
            seen.names[region] = JSONString.text(fields.awsRegion, in: bytes) ?? "unknown"
        }
        let quantity = WatchedFacts.quantity(usage, fields, bytes)
        var kind: UInt64 = 0
        var cents = 0.0
        if usage.novelty.contains(.model), let model = WatchedFacts.first("modelId", usage, fields, bytes) {
            kind = name(model)
        }
        if CountedFacts.hasFamily(usage), let type = WatchedFacts.first("instanceType", usage, fields, bytes) {
            kind = name(InstanceFamily.of(type))
            let region = seen.names[region] ?? ""
            cents = CountedFacts.centsPerHour(usage, instanceType: type, region: region, quantity: quantity)
        }
        return UsageCounts.Entry(
            identity: fields.identityDigest(bytes),
            seconds: seconds,
            usage: index,
            account: account,
            region: region,
            quantity: quantity,
            centsPerHour: cents,
            kind: kind,
            callers: CallerClass(of: usage, fields, bytes)
        )
    }

    private mutating func name(_ text: String) -> UInt64 {
        let hash = CallerHabits.hash(text)
        if seen.names[hash] == nil { seen.names[hash] = text }
        return hash
    }
}
