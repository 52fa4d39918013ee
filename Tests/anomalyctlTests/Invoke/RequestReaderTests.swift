import Testing

@testable import anomalyctl

@Suite struct RequestReaderTests {
    private static let sized = "POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nContent-LENGTH:  5 \r\nX: 1\r\nx: 2\r\n\r\nhello"
    private static let chunked =
        "POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n"

    private func read(_ pieces: [String]) throws -> [RuntimeRequest] {
        var reader = RequestReader()
        var requests: [RuntimeRequest] = []
        for piece in pieces {
            Array(piece.utf8).withUnsafeBytes { reader.feed($0) }
            while let request = try reader.next() { requests.append(request) }
        }
        return requests
    }

    @Test func `a request is read by its length`() throws {
        let requests = try read([Self.sized])
        try #require(requests.count == 1)
        #expect(requests[0].method == "POST" && requests[0].path == "/a/b")
        #expect(requests[0].headers["x"] == "1" && requests[0].headers["host"] == "h")
        #expect(requests[0].body == Array("hello".utf8) && requests[0].bodySize == 5)
        #expect(!requests[0].isLast)
    }

    @Test(arguments: [sized, chunked])
    func `cut anywhere, a request is the same, and so is the one behind it`(text: String) throws {
        let whole = try read([text])
        let twice = text + text
        for cut in twice.indices {
            let requests = try read([String(twice[..<cut]), String(twice[cut...])])
            #expect(requests == whole + whole)
        }
        #expect(whole.first?.body == Array("hello".utf8))
    }

    @Test func `a body beyond what is kept is counted to its end`() throws {
        let size = RequestReader.mostKept + 1000
        let text = "POST / HTTP/1.1\r\nContent-Length: \(size)\r\n\r\n"
        let requests = try read([text, String(repeating: "x", count: size), "GET / HTTP/1.1\r\n\r\n"])
        #expect(requests.map(\.bodySize) == [size, 0])
        #expect(requests.first?.body.count == RequestReader.mostKept)
    }

    @Test func `a sender that waits for permission gets it once`() throws {
        var reader = RequestReader()
        Array("POST / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n".utf8)
            .withUnsafeBytes { reader.feed($0) }
        #expect(try reader.next() == nil)
        let isDue = [reader.takeContinue(), reader.takeContinue()]
        #expect(isDue == [true, false])
        Array("x".utf8).withUnsafeBytes { reader.feed($0) }
        #expect(try reader.next()?.body == [0x78])
    }

    @Test func `a head or a line without end is given up`() {
        let long = String(repeating: "y", count: 70_000)
        for start in ["GET / HTTP/1.1\r\nx: ", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"] {
            #expect(throws: RequestReader.Malformed.self) { try read([start + long]) }
        }
    }

    @Test func `whether the connection goes on is told by version and header`() throws {
        #expect(try read(["GET / HTTP/1.0\r\n\r\n"]).map(\.isLast) == [true])
        #expect(try read(["GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"]).map(\.isLast) == [false])
        #expect(try read(["GET / HTTP/1.1\r\nConnection: close\r\n\r\n"]).map(\.isLast) == [true])
    }

    @Test(arguments: [
        "GET /\r\n\r\n", "GET / HTTP/2\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n",
    ])
    func `what is no request is refused`(text: String) {
        #expect(throws: RequestReader.Malformed.self) { try read([text]) }
    }
}
