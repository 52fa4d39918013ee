/// Reads HTTP/1.1 requests off the bytes of one connection (RFC 9112): bodies by length or in chunks.
struct RequestReader {
    /// Bytes of a body that are kept; what lies beyond is counted only, as every such reply is too large.
    static let mostKept = Invocation.largestReply + 1
    private static let longestHead = 64 << 10

    /// What is wrong with the bytes, after which the connection is of no use.
    struct Malformed: Error, Equatable {
        let what: String
    }

    private struct Head {
        var method = ""
        var path = ""
        var headers: [String: String] = [:]
        var isLast = false
    }

    private enum Body {
        case sized(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
    }

    private var bytes: [UInt8] = []
    private var head: Head?
    private var rest = Body.sized(left: 0)
    private var body: [UInt8] = []
    private var bodySize = 0
    /// A head has arrived whose sender waits for `100 Continue` before it sends the body.
    private var isContinueDue = false

    mutating func feed(_ piece: UnsafeRawBufferPointer) { bytes.append(contentsOf: piece) }

    /// Whether `100 Continue` is due now; says so once.
    mutating func takeContinue() -> Bool {
        defer { isContinueDue = false }
        return isContinueDue
    }

    /// The next whole request, nil until all of it is there.
    mutating func next() throws(Malformed) -> RuntimeRequest? {
        if head == nil {
            guard let end = Self.end(ofHead: bytes) else {
                if bytes.count > Self.longestHead { throw Malformed(what: "a head of over \(Self.longestHead) bytes") }
                return nil
            }
            try begin(Array(bytes[..<end]))
            bytes.removeFirst(end + 4)
        }
        guard try readBody(), let head else { return nil }
        isContinueDue = false
        self.head = nil
        defer {
            body = []
            bodySize = 0
        }
        return RuntimeRequest(
            method: head.method,
            path: head.path,
            headers: head.headers,
            body: body,
            bodySize: bodySize,
            isLast: head.isLast
        )
    }

    private mutating func begin(_ text: [UInt8]) throws(Malformed) {
        var lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { throw Malformed(what: "no HTTP/1 request line") }
        var head = Head(method: String(words[0]), path: String(words[1].prefix { $0 != "?" }))
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { throw Malformed(what: "a header line without a colon") }
            let name = line[..<colon].lowercased()
            if head.headers[name] == nil {
                head.headers[name] = Self.trimmed(line[line.index(after: colon)...])
            }
        }
        let connection = head.headers["connection"]?.lowercased()
        head.isLast = words[2] == "HTTP/1.0" ? connection != "keep-alive" : connection == "close"
        if head.headers["transfer-encoding"]?.lowercased() == "chunked" {
            rest = .chunkSize
        } else {
            let text = head.headers["content-length"] ?? "0"
            guard let length = Int(text), length >= 0 else { throw Malformed(what: "Content-Length \(text)") }
            rest = .sized(left: length)
        }
        isContinueDue = head.headers["expect"]?.lowercased() == "100-continue"
        self.head = head
    }

    /// Moves what has arrived of the body; true at its end.
    private mutating func readBody() throws(Malformed) -> Bool {
        while true {
            switch rest {
            case .sized(let left):
                let missing = left - move(left)
                rest = .sized(left: missing)
                return missing == 0
            case .chunkSize:
                guard let line = try line() else { return false }
                guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
                    throw Malformed(what: "a chunk of size \(line)")
                }
                rest = size == 0 ? .trailer : .chunk(left: size)
            case .chunk(let left):
                let missing = left - move(left)
                rest = missing == 0 ? .chunkEnd : .chunk(left: missing)
                if missing > 0 { return false }
            case .chunkEnd:
                guard let line = try line() else { return false }
                guard line.isEmpty else { throw Malformed(what: "a chunk longer than its size") }
                rest = .chunkSize
            case .trailer:
                guard let line = try line() else { return false }
                if line.isEmpty { return true }
            }
        }
    }

    private mutating func move(_ most: Int) -> Int {
        let count = min(most, bytes.count)
        body.append(contentsOf: bytes.prefix(min(count, Self.mostKept - body.count)))
        bodySize += count
        if count == bytes.count { bytes = [] } else { bytes.removeFirst(count) }
        return count
    }

    private mutating func line() throws(Malformed) -> String? {
        guard let feed = bytes.firstIndex(of: 0x0A) else {
            if bytes.count > Self.longestHead { throw Malformed(what: "a line of over \(Self.longestHead) bytes") }
            return nil
        }
        let text = String(decoding: bytes[..<feed].filter { $0 != 0x0D }, as: UTF8.self)
        bytes.removeFirst(feed + 1)
        return text
    }

    private static func end(ofHead bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first {
            bytes[$0] == 0x0D && bytes[$0 + 1] == 0x0A && bytes[$0 + 2] == 0x0D && bytes[$0 + 3] == 0x0A
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
