import UsageCore

/// What the local Runtime API replies to one request.
struct RuntimeReply: Equatable, Sendable {
    let status: Int
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    static func == (one: RuntimeReply, other: RuntimeReply) -> Bool {
        one.status == other.status && one.body == other.body
            && one.headers.map { [$0.name, $0.value] } == other.headers.map { [$0.name, $0.value] }
    }

    static let accepted = RuntimeReply(status: 202, body: Array("{\"status\":\"OK\"}\n".utf8))

    /// `{"errorMessage","errorType"}`, the form of every refusal of the Runtime API.
    static func refusal(_ status: Int, _ type: String, _ message: String) -> RuntimeReply {
        RuntimeReply(status: status, body: FunctionError.payload(type: type, message: message))
    }

    /// The bytes for the connection.
    var wire: [UInt8] {
        var head = "HTTP/1.1 \(status) \(Self.phrases[status] ?? "Status")\r\nContent-Type: application/json\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    private static let phrases = [
        200: "OK", 202: "Accepted", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        413: "Request Entity Too Large",
    ]
}
