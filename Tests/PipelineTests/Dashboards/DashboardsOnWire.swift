import AWSAccess
import Synchronization

/// The saved objects of OpenSearch Dashboards as they show on the wire.
final class DashboardsOnWire: HTTPTransport {
    private struct State {
        var objects: [String: JSONValue] = [:]
        var answer: (status: Int, body: String)?
        var importAnswer: (status: Int, body: String)?
        var isSilent = false
        var asked = 0
        var writes: [String] = []
        var tenants: Set<String> = []
    }

    private let state = Mutex(State())

    /// What is there, by `type/id`.
    var objects: [String: JSONValue] { state.withLock(\.objects) }
    /// Method and path of every request that was not a GET.
    var writes: [String] { state.withLock(\.writes) }
    /// Requests of all kinds.
    var asked: Int { state.withLock(\.asked) }
    /// What requests named as the tenant; empty text for none.
    var tenants: Set<String> { state.withLock(\.tenants) }

    func set(_ key: String, _ object: JSONValue) { state.withLock { $0.objects[key] = object } }
    func forgetWrites() { state.withLock { $0.writes = [] } }
    /// Answers every request so.
    func answer(_ status: Int, _ body: String) { state.withLock { $0.answer = (status, body) } }
    /// Answers imports so.
    func answerImport(_ status: Int, _ body: String) { state.withLock { $0.importAnswer = (status, body) } }
    /// Gives no answer at all.
    func fallSilent() { state.withLock { $0.isSilent = true } }

    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        try state.withLock { state in
            state.asked += 1
            if state.isSilent {
                throw AccessFailure.timedOut(host: request.endpoint.authority, afterMilliseconds: 0, sent: true)
            }
            state.tenants.insert(request.headers["securitytenant"] ?? "")
            if request.method != .get { state.writes.append("\(request.method.rawValue) \(request.path)") }
            if let (status, body) = state.answer { return HTTPResponse(status: status, body: Array(body.utf8)) }
            let key = request.path.split(separator: "/").suffix(2).joined(separator: "/")
            switch request.method {
            case .get:
                guard let object = state.objects[key] else {
                    let text = #"{"statusCode":404,"error":"Not Found","message":"Saved object [\#(key)] not found"}"#
                    return HTTPResponse(status: 404, body: Array(text.utf8))
                }
                return HTTPResponse(status: 200, body: object.bytes)
            case .delete:
                state.objects[key] = nil
                return HTTPResponse(status: 200, body: Array("{}".utf8))
            default:
                guard request.headers["osd-xsrf"] != nil else {
                    return HTTPResponse(status: 400, body: Array(#"{"message":"no osd-xsrf"}"#.utf8))
                }
                if let (status, body) = state.importAnswer {
                    return HTTPResponse(status: status, body: Array(body.utf8))
                }
                for line in request.body.split(separator: 0x0A) where line.first == UInt8(ascii: "{") {
                    guard let object = JSONValue(Array(line)) else { continue }
                    state.objects["\(object["type"]?.string ?? "")/\(object["id"]?.string ?? "")"] = object
                }
                return HTTPResponse(status: 200, body: Array(#"{"success":true,"successCount":1}"#.utf8))
            }
        }
    }
}
