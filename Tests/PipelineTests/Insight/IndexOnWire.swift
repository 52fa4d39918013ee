import AWSAccess
import Synchronization

/// An Amazon Q index, and a place for the checkpoint in DynamoDB and OpenSearch, as they show on the wire.
final class IndexOnWire: HTTPTransport {
    /// A document of the index.
    struct Document: Equatable {
        var json: JSONValue
        var updatedAt: Int64
        var status = "INDEXED"
    }

    private struct State {
        var documents: [String: Document] = [:]
        var checkpoint: JSONValue?
        var version = 0
        var puts: [[String]] = []
        var deletions: [[String]] = []
        var listings = 0
        var refusals: [(code: String, status: Int)] = []
        var failures: [String: [String]] = [:]
        var isInterfering = false
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Int64

    /// The moment on the clock of deadlines, which stands still.
    private let instant: ContinuousClock.Instant

    init(at instant: ContinuousClock.Instant, now: @escaping @Sendable () -> Int64) {
        self.instant = instant
        self.now = now
    }

    /// Ids of each request that put documents, refused ones too.
    var puts: [[String]] { state.withLock(\.puts) }
    var deletions: [[String]] { state.withLock(\.deletions) }
    var listings: Int { state.withLock(\.listings) }
    var documents: [String: Document] { state.withLock(\.documents) }
    /// As it was last written.
    var checkpoint: JSONValue? { state.withLock(\.checkpoint) }

    /// Refuses requests to put as a whole: as many as are given, in order; an empty code lets one pass.
    func refuse(_ refusals: [(code: String, status: Int)]) { state.withLock { $0.refusals = refusals } }

    /// Fails a document, once with each of the codes.
    func fail(_ id: String, with codes: [String]) { state.withLock { $0.failures[id] = codes } }

    func set(_ id: String, _ document: Document) { state.withLock { $0.documents[id] = document } }

    func set(checkpoint: JSONValue) { state.withLock { $0.checkpoint = checkpoint } }

    /// Lets another run write the checkpoint, as it is, while documents are put the next time.
    func interfereWithNextPut() { state.withLock { $0.isInterfering = true } }

    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        guard deadline > instant else {
            throw AccessFailure.timedOut(host: request.endpoint.authority, afterMilliseconds: 0, sent: false)
        }
        let body = JSONValue(request.body)
        let target = request.headers["x-amz-target"] ?? ""
        let answer: (status: Int, json: JSONValue) = state.withLock { state in
            switch (request.method, request.path) {
            case (.post, let path) where path.hasSuffix("/documents"): put(body, &state)
            case (.post, let path) where path.hasSuffix("/documents/delete"): delete(body, &state)
            case (.get, let path) where path.hasSuffix("/documents"): list(&state)
            case (.post, "/") where target.hasSuffix(".GetItem"): item(state)
            case (.post, "/") where target.hasSuffix(".PutItem"): keep(body, &state)
            case (.get, "/usage-incidents/_doc/checkpoint-connector"): source(state)
            case (.put, "/usage-incidents"): (200, ["acknowledged": true])
            case (.put, "/usage-incidents/_create/checkpoint-connector"): create(body, &state)
            case (.put, "/usage-incidents/_doc/checkpoint-connector"): replace(body, request.query, &state)
            default: (404, ["message": .string("\(request)")])
            }
        }
        return HTTPResponse(status: answer.status, body: answer.json.bytes)
    }

    private func put(_ body: JSONValue?, _ state: inout State) -> (Int, JSONValue) {
        let documents = body?["documents"]?.array ?? []
        state.puts.append(documents.compactMap { $0["id"]?.string })
        if state.isInterfering {
            state.isInterfering = false
            state.version += 1
        }
        if !state.refusals.isEmpty {
            let refusal = state.refusals.removeFirst()
            if !refusal.code.isEmpty {
                return (refusal.status, ["__type": .string(refusal.code), "message": "no"])
            }
        }
        var failed: [JSONValue] = []
        for document in documents {
            guard let id = document["id"]?.string else { continue }
            if let code = state.failures[id]?.first {
                state.failures[id]?.removeFirst()
                failed.append(["id": .string(id), "error": ["errorCode": .string(code), "errorMessage": "no\nluck"]])
            } else {
                state.documents[id] = Document(json: document, updatedAt: now())
            }
        }
        return (200, ["failedDocuments": .array(failed)])
    }

    private func delete(_ body: JSONValue?, _ state: inout State) -> (Int, JSONValue) {
        let ids = (body?["documents"]?.array ?? []).compactMap { $0["documentId"]?.string }
        state.deletions.append(ids)
        for id in ids { state.documents[id] = nil }
        return (200, ["failedDocuments": []])
    }

    private func list(_ state: inout State) -> (Int, JSONValue) {
        state.listings += 1
        let details = state.documents.sorted { $0.key < $1.key }.map { id, document -> JSONValue in
            [
                "documentId": .string(id), "status": .string(document.status),
                "updatedAt": .integer(Int(document.updatedAt)),
            ]
        }
        return (200, ["documentDetailList": .array(details)])
    }

    private func item(_ state: State) -> (Int, JSONValue) {
        guard let checkpoint = state.checkpoint else { return (200, [:]) }
        let text = String(decoding: checkpoint.bytes, as: UTF8.self)
        return (200, ["Item": ["document": ["S": .string(text)], "version": ["N": .string("\(state.version)")]]])
    }

    private func keep(_ body: JSONValue?, _ state: inout State) -> (Int, JSONValue) {
        let expected = body?["ExpressionAttributeValues"]?[":v"]?["N"]?.string
        guard expected == nil ? state.version == 0 : expected == "\(state.version)" else {
            return (400, ["__type": "ConditionalCheckFailedException", "message": "no"])
        }
        state.version += 1
        state.checkpoint = (body?["Item"]?["document"]?["S"]?.string).flatMap { JSONValue(Array($0.utf8)) }
        return (200, [:])
    }

    private func source(_ state: State) -> (Int, JSONValue) {
        guard let checkpoint = state.checkpoint else { return (404, ["found": false]) }
        return (200, ["_seq_no": .integer(state.version), "_primary_term": 1, "found": true, "_source": checkpoint])
    }

    private func create(_ body: JSONValue?, _ state: inout State) -> (Int, JSONValue) {
        guard state.version == 0 else { return (409, ["status": 409]) }
        state.version = 1
        state.checkpoint = body
        return (201, ["_seq_no": 1, "_primary_term": 1])
    }

    private func replace(_ body: JSONValue?, _ query: String, _ state: inout State) -> (Int, JSONValue) {
        guard query.contains("if_primary_term=1"), query.contains("if_seq_no=\(state.version)&") else {
            return (409, ["status": 409])
        }
        state.version += 1
        state.checkpoint = body
        return (200, ["_seq_no": .integer(state.version), "_primary_term": 1])
    }
}
