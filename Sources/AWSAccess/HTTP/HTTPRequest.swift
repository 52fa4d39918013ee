/// One request, complete in memory.
package struct HTTPRequest: Sendable, Equatable, CustomStringConvertible {
    /// The methods that AWS and OpenSearch use.
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    package var endpoint: Endpoint
    /// Starts with `/` and is percent-encoded already: it is sent as it stands.
    package var path: String
    /// Without the `?`, percent-encoded already: it is sent as it stands.
    package var query: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// Bytes of body after which the answer is given up (`AccessFailure.responseTooLarge`).
    package var largestResponse: Int
    /// Whether sending it twice does no more than sending it once.
    ///
    /// Set it for a POST that carries its own identity; where it is false, neither `RetryPolicy` nor libcurl repeats the request
    /// once it may have been seen.
    package var isSafeToRepeat: Bool

    /// Large enough for every AWS JSON reply and for a Lambda payload, small enough for the smallest function.
    package static let usualLargestResponse = 16 << 20

    /// A request to `endpoint`; `Host` and `Content-Length` are added when it is sent.
    ///
    /// POST and PATCH count as not safe to repeat unless told otherwise, the others as safe (RFC 9110, 9.2.2).
    package init(
        _ method: Method,
        _ endpoint: Endpoint,
        path: String = "/",
        query: String = "",
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        largestResponse: Int = usualLargestResponse,
        isSafeToRepeat: Bool? = nil
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.largestResponse = largestResponse
        self.isSafeToRepeat = isSafeToRepeat ?? (method != .post && method != .patch)
    }

    /// Method and address: headers, query and body may hold secrets.
    package var description: String { "\(method.rawValue) \(endpoint)\(path)" }

    /// The address as it is handed to libcurl.
    ///
    /// - Throws: `AccessFailure.malformedRequest` where the path or query holds what would end it early or split the request.
    func url() throws(AccessFailure) -> String {
        guard path.utf8.first == 0x2F, Self.isPlain(path, without: [0x23, 0x3F]), Self.isPlain(query, without: [0x23])
        else {
            throw .malformedRequest(subject: "\(method.rawValue) \(endpoint)", detail: "path or query is not encoded")
        }
        return "\(endpoint)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }

    /// The header lines for libcurl.
    ///
    /// - Throws: `AccessFailure.malformedRequest` where a name is not a token or a value could start a line of its own.
    func headerLines() throws(AccessFailure) -> [String] {
        var lines: [String] = []
        for field in headers {
            let nameIsToken =
                !field.name.isEmpty && Self.isPlain(field.name, without: Array("\"(),/:;<=>?@[\\]{}".utf8))
            let valueIsOneLine = field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            guard nameIsToken, valueIsOneLine else {
                throw .malformedRequest(subject: "\(method.rawValue) \(endpoint)", detail: "header \(field.name)")
            }
            // libcurl takes "Name:" as "leave this header out" and "Name;" as "send it empty".
            let isBlank = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isBlank ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        return lines
    }

    private static func isPlain(_ text: String, without banned: [UInt8]) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !banned.contains($0) }
    }
}
