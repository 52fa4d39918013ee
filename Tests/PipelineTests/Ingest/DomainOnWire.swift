import AWSAccess
import Synchronization
import UsageCore

/// A domain, a queue and a bucket as seen from the wire: keeps what it is given, and fails as it is told.
final class DomainOnWire: HTTPTransport {
    /// How one `_bulk` request goes wrong.
    enum Fault: Sendable {
        case answer(Int, String)
        case failure(AccessFailure)
        /// Acted on, but the answer is cut in the middle.
        case cut
        /// Acted on, but the answer never comes.
        case lost(AccessFailure)
        /// These items, by their place in the request, meet this status and type; the others are stored.
        case items([Int], Int, String)
        /// As `items`, for all.
        case allItems(Int, String)
    }

    struct State: Sendable {
        var faults: [Fault] = []
        /// Documents by index and id.
        var documents: [String: UsageCore.JSONValue] = [:]
        /// Items of each `_bulk` request, in order.
        var sizes: [Int] = []
        /// Whether each was compressed.
        var packed: [Bool] = []
        var messages: [String] = []
        var queueIsDown = false
        /// Objects of S3 by bucket and key.
        var objects: [String: [UInt8]] = [:]
        var requests: [HTTPRequest] = []
        /// The mapping: refuses documents with this text, unless it stands under `unindexed`.
        var refusedText: String?
        /// Refuses documents with this text in any form.
        var hatedText: String?
    }

    let state = Mutex(State())

    init(_ change: (inout sending State) -> Void = { _ in }) { state.withLock { change(&$0) } }

    var documents: [String: UsageCore.JSONValue] { state.withLock { $0.documents } }
    var sizes: [Int] { state.withLock { $0.sizes } }
    var messages: [UsageCore.JSONValue] {
        state.withLock { $0.messages }.compactMap { try? UsageCore.JSONValue.parse(Array($0.utf8)) }
    }

    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        try state.withLock { state in
            state.requests.append(request)
            if request.headers["X-Amz-Target"]?.hasPrefix("AmazonSQS") ?? false { return try queue(request, &state) }
            if request.path == "/_bulk" { return try bulk(request, &state) }
            return storage(request, &state)
        }
    }

    private func bulk(_ request: HTTPRequest, _ state: inout State) throws -> HTTPResponse {
        let isPacked = request.headers["Content-Encoding"] == "gzip"
        let body =
            isPacked
            ? try request.body.withUnsafeBufferPointer { try Inflater.whole(of: $0, cap: 64 << 20) } : request.body
        let lines = body.split(separator: 0x0A).map(Array.init)
        state.sizes.append(lines.count / 2)
        state.packed.append(isPacked)
        let fault = state.faults.isEmpty ? nil : state.faults.removeFirst()
        if case .answer(let status, let text) = fault {
            return HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
        }
        if case .failure(let failure) = fault { throw failure }
        var items: [String] = []
        for place in 0..<lines.count / 2 {
            let action = try UsageCore.JSONValue.parse(lines[place * 2])["create"]
            let name = "\(action?["_index"]?.string ?? "?")/\(action?["_id"]?.string ?? "?")"
            let text = String(decoding: lines[place * 2 + 1], as: UTF8.self)
            let document = try UsageCore.JSONValue.parse(lines[place * 2 + 1])
            var refusal: (Int, String)?
            if case .items(let places, let status, let type) = fault, places.contains(place) {
                refusal = (status, type)
            }
            if case .allItems(let status, let type) = fault { refusal = (status, type) }
            let isCore = document["unindexed"] != nil
            if let hated = state.hatedText, text.contains(hated) { refusal = (400, "mapper_parsing_exception") }
            if let refused = state.refusedText, text.contains(refused), !isCore {
                refusal = (400, "mapper_parsing_exception")
            }
            if refusal == nil, state.documents[name] != nil { refusal = (409, "version_conflict_engine_exception") }
            if let (status, type) = refusal {
                items.append(#"{"create":{"status":\#(status),"error":{"type":"\#(type)","reason":"why"}}}"#)
            } else {
                state.documents[name] = document
                items.append(#"{"create":{"_id":"x","status":201}}"#)
            }
        }
        if case .lost(let failure) = fault { throw failure }
        let reply = Array(#"{"took":1,"errors":true,"items":[\#(items.joined(separator: ","))]}"#.utf8)
        if case .cut = fault { return HTTPResponse(status: 200, body: Array(reply.prefix(reply.count / 2))) }
        return HTTPResponse(status: 200, body: reply)
    }

    private func queue(_ request: HTTPRequest, _ state: inout State) throws -> HTTPResponse {
        if state.queueIsDown { return HTTPResponse(status: 403, body: Array(#"{"__type":"AccessDenied"}"#.utf8)) }
        let entries = try UsageCore.JSONValue.parse(request.body)["Entries"]?.array ?? []
        state.messages += entries.compactMap { $0["MessageBody"]?.string }
        return HTTPResponse(status: 200, body: Array(#"{"Successful":[],"Failed":[]}"#.utf8))
    }

    private func storage(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
        let name = "\(request.endpoint.host)\(request.path)"
        if request.method == .put {
            state.objects[name] = request.body
            return HTTPResponse(status: 200)
        }
        guard let object = state.objects[name] else {
            return HTTPResponse(status: 404, body: Array("<Error><Code>NoSuchKey</Code></Error>".utf8))
        }
        let bounds = request.headers["Range"]?.dropFirst(6).split(separator: "-").compactMap { Int($0) } ?? []
        let start = bounds.first ?? 0
        let end = min(object.count, (bounds.last ?? object.count) + 1)
        let range = "bytes \(start)-\(end - 1)/\(object.count)"
        return HTTPResponse(
            status: 206,
            headers: ["Content-Range": range, "ETag": "\"e\""],
            body: Array(object[start..<end])
        )
    }
}

/// A clock that stands still unless somebody sleeps, and chance that is always one half.
final class StandingClock: Sendable {
    /// 2026-10-12T09:35:00Z.
    static let seconds: Int64 = 1_791_797_700

    private let state = Mutex((now: ContinuousClock.now, slept: [Duration]()))

    var now: ContinuousClock.Instant { state.withLock(\.now) }
    var sleeps: [Duration] { state.withLock(\.slept) }

    var clock: CallClock {
        CallClock(
            now: { WallTime(milliseconds: Self.seconds * 1000) },
            instant: { self.now },
            sleep: { duration in
                self.state.withLock { state in
                    state.now += duration
                    state.slept.append(duration)
                }
            },
            random: { 0.5 }
        )
    }
}

extension AWSSession {
    /// A session of a function in eu-west-1 over `transport`.
    static func onWire(_ transport: some HTTPTransport, _ time: StandingClock) throws -> AWSSession {
        let keys = Credentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token")
        return try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"],
            credentials: CredentialsCache { _ in keys },
            transport: transport,
            clock: time.clock
        )
    }
}
