/// Records as they are made, and when each of them reaches the trail.
///
/// Most records arrive within minutes of their call, slightly out of order; a few come hours late, a few come twice. A record
/// may be written ahead of its time: it waits until its tick is run, so what a simulation holds stays small.
struct Recorder: Sendable {
    /// What a record's text is waiting for, or has reached.
    struct Arrival: Sendable {
        var pair: Int
        var second: Int
        var offset: Int
        var length: Int
    }

    /// Texts that arrive in one tick.
    struct Bucket: Sendable {
        var text = RecordText()
        var arrivals: [Arrival] = []
    }

    /// What happened of something planted.
    struct Trace: Sendable {
        var eventIDs: [EventID] = []
        var quantity = 0
        var first = Int.max
        var last = Int.min
        var accounts: Set<Int> = []
        var regions: Set<Int> = []
        var types: [InstanceType: Int] = [:]
    }

    /// An instance type where it was started: the same type has another price elsewhere.
    struct InstanceType: Sendable, Hashable {
        let type: String
        let region: Int
    }

    /// How many event ids a trace keeps.
    static let keptEventIDs = 12

    private(set) var current = Bucket()
    private(set) var traces: [Trace] = []
    var random: SplitMix64
    private var later: [Int: Bucket] = [:]
    private var tick: Tick
    private let end: Int
    private let lateShare: Double
    private let repeatedShare: Double

    /// A recorder for the ticks that follow `tick`; nothing that would happen from `end` on is kept.
    init(seed: UInt64, tick: Tick, end: Int, traces: Int, lateShare: Double = 0.003, repeatedShare: Double = 0.002) {
        random = SplitMix64(seed: seed, part: "recorder")
        self.tick = tick
        self.end = end
        self.lateShare = lateShare
        self.repeatedShare = repeatedShare
        self.traces = Array(repeating: Trace(), count: traces)
    }

    /// Opens `tick` with what was written for it before.
    mutating func open(_ tick: Tick) {
        self.tick = tick
        current.text.clear()
        current.arrivals.removeAll(keepingCapacity: true)
        if let waiting = later.removeValue(forKey: tick.index) {
            current.text.raw(waiting.text.bytes)
            current.arrivals.append(contentsOf: waiting.arrivals)
        }
    }

    /// The tick of the last record that still waits.
    var lastWaiting: Int? { later.keys.max() }

    /// Writes the record of one call and returns its event id.
    ///
    /// `request` writes `requestParameters` (nothing written means null), `response` writes `responseElements` (a refused call has none),
    /// `extra` writes further members, each with a comma before it. `trace` is the number of what was planted, where this is part of it.
    @inline(never)
    @discardableResult
    mutating func write(
        _ call: Call,
        by caller: Caller,
        at place: Place,
        time: Int,
        refused: Refusal? = nil,
        trace: Int? = nil,
        request: (inout RecordText) -> Void = { _ in },
        response: (inout RecordText) -> Void = { _ in },
        extra: (inout RecordText) -> Void = { _ in }
    ) -> EventID {
        let id = EventID(&random)
        let requestID = EventID(&random)
        let region = call.global ? place.global : place
        let start = current.text.bytes.count
        head(call, caller, region, time, refused)
        let beforeRequest = current.text.bytes.count
        request(&current.text)
        if current.text.bytes.count == beforeRequest { current.text.raw("null") }
        current.text.raw(#","responseElements":"#)
        let beforeResponse = current.text.bytes.count
        if refused == nil { response(&current.text) }
        if current.text.bytes.count == beforeResponse { current.text.raw("null") }
        extra(&current.text)
        foot(call, caller, region, id, requestID)
        if let trace, time < end { note(trace, id, time, region) }
        file(from: start, region, time)
        return id
    }

    /// A call whose parameters are of no further interest.
    @inline(never)
    @discardableResult
    mutating func plain(
        _ call: Call,
        by caller: Caller,
        at place: Place,
        time: Int,
        request: String = "null",
        response: String = "null",
        refused: Refusal? = nil,
        trace: Int? = nil
    ) -> EventID {
        write(
            call,
            by: caller,
            at: place,
            time: time,
            refused: refused,
            trace: trace,
            request: { $0.raw(request) },
            response: { $0.raw(response) }
        )
    }

    private mutating func head(_ call: Call, _ caller: Caller, _ place: Place, _ time: Int, _ refused: Refusal?) {
        current.text.raw(versions[Int(SplitMix64.mix(place.accountSeed, UInt64(call.name.utf8.count)) & 7)])
        caller.write(to: &current.text, at: time)
        current.text.raw(#","eventTime":""#)
        current.text.time(time)
        current.text.raw(#"","eventSource":""#)
        current.text.raw(call.service)
        current.text.raw(#".amazonaws.com","eventName":""#)
        current.text.raw(call.name)
        current.text.raw(#"","awsRegion":""#)
        current.text.raw(place.regionName)
        current.text.raw(caller.origin)
        if let refused {
            current.text.raw(#","errorCode":""#)
            current.text.raw(refused.code)
            current.text.raw(#"","errorMessage":"#)
            current.text.quoted(refused.message)
        }
        current.text.raw(#","requestParameters":"#)
    }

    private mutating func foot(_ call: Call, _ caller: Caller, _ place: Place, _ id: EventID, _ requestID: EventID) {
        current.text.raw(#","requestID":""#)
        current.text.identifier(requestID)
        current.text.raw(#"","eventID":""#)
        current.text.identifier(id)
        current.text.raw(call.readOnly ? #"","readOnly":true,"eventType":""# : #"","readOnly":false,"eventType":""#)
        current.text.raw(call.eventType)
        current.text.raw(call.data ? #"","managementEvent":false"# : #"","managementEvent":true"#)
        current.text.raw(#","recipientAccountId":""#)
        current.text.raw(place.accountID)
        current.text.raw(call.data ? #"","eventCategory":"Data""# : #"","eventCategory":"Management""#)
        if caller.direct {
            current.text.raw(
                #","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":""#
            )
            current.text.raw(call.service)
            if !call.global {
                current.text.raw(".")
                current.text.raw(place.regionName)
            }
            current.text.raw(#".amazonaws.com"}"#)
        }
        current.text.raw(caller.console ? #","sessionCredentialFromConsole":"true"}"# : "}")
    }

    /// Decides when the record that begins at `start` arrives, once or twice.
    private mutating func file(from start: Int, _ place: Place, _ time: Int) {
        let length = current.text.bytes.count - start
        guard time < end else {
            current.text.cut(from: start)
            return
        }
        let draw = random.unit()
        let pair = place.account * Place.regions.count + place.region
        let delay = 20 + Int(random.next() & 127)
        if draw < repeatedShare {
            let again = 1 + random.below(36)
            copy(from: start, length, pair, time + delay, tick: max(Tick.index(of: time), tick.index) + again)
        }
        var arrivalTick = max(Tick.index(of: time), tick.index)
        if draw > 1 - lateShare { arrivalTick += 2 + random.below(random.chance(0.2) ? 70 : 12) }
        if arrivalTick == tick.index {
            current.arrivals.append(Arrival(pair: pair, second: time + delay, offset: start, length: length))
        } else {
            copy(from: start, length, pair, time + delay, tick: arrivalTick)
            current.text.cut(from: start)
        }
    }

    private mutating func copy(from start: Int, _ length: Int, _ pair: Int, _ second: Int, tick: Int) {
        let record = Array(current.text.bytes[start..<start + length])
        let offset = later[tick]?.text.bytes.count ?? 0
        later[tick, default: Bucket()].text.raw(record)
        later[tick]?.arrivals.append(Arrival(pair: pair, second: second, offset: offset, length: length))
    }

    private mutating func note(_ trace: Int, _ id: EventID, _ time: Int, _ place: Place) {
        guard traces.indices.contains(trace) else { return }
        if traces[trace].eventIDs.count < Self.keptEventIDs { traces[trace].eventIDs.append(id) }
        traces[trace].first = min(traces[trace].first, time)
        traces[trace].last = max(traces[trace].last, time)
        traces[trace].accounts.insert(place.account)
        traces[trace].regions.insert(place.region)
    }

    /// Adds to what a planted thing amounts to, `type` naming an instance type where that matters.
    mutating func count(_ quantity: Int, of trace: Int?, at time: Int, type: String? = nil, region: Int = 0) {
        guard let trace, traces.indices.contains(trace), time < end else { return }
        traces[trace].quantity += quantity
        if let type { traces[trace].types[InstanceType(type: type, region: region), default: 0] += quantity }
    }

    private let versions: [[UInt8]] = ["1.08", "1.09", "1.08", "1.10", "1.11", "1.11", "1.11", "1.09"].map {
        Array(#"{"eventVersion":""#.utf8) + Array($0.utf8) + Array(#"","userIdentity":"#.utf8)
    }
}
