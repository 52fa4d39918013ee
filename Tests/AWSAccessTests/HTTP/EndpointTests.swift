import Testing

@testable import AWSAccess

@Suite("Endpoint and HTTPRequest")
struct EndpointTests {
    @Test(
        "endpoints are read and written in one form",
        arguments: [
            ("search-x.eu-west-1.es.amazonaws.com", "https://search-x.eu-west-1.es.amazonaws.com"),
            ("https://h/", "https://h"), ("HTTPS://H:443", "https://H"),
            ("http://127.0.0.1:9200", "http://127.0.0.1:9200"),
            ("http://localhost:80", "http://localhost"), ("http://[::1]:8080/", "http://[::1]:8080"),
            ("h:8443", "https://h:8443"), ("[fd00:ec2::254]", "https://[fd00:ec2::254]"),
        ]
    )
    func read(text: String, form: String) {
        #expect(Endpoint(text)?.description == form)
    }

    @Test(
        "what could mean another host is refused",
        arguments: [
            "", "https://", "https://u@h", "https://h/path", "https://h?x", "ftp://h", "h:", "h:0", "h:65536", "h:+80",
            "h h",
            "h\r\nX: y", "[::1", "::1", "https://https://h", "h#x", "bücher.example", "[h]", "/",
        ]
    )
    func refused(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test func `loopback and link-local are told from names that look like them`() {
        for host in ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.8.9.1", "[::1]"] {
            #expect(Endpoint(host: host).isLoopback)
        }
        for host in ["127.0.0.1.example.com", "localhost.example.com", "127.1", "10.0.0.1", "169.254.169.254"] {
            #expect(!Endpoint(host: host).isLoopback)
        }
        #expect(Endpoint(host: "169.254.170.2").isLinkLocal)
        #expect(Endpoint(host: "[fd00:ec2::254]").isLinkLocal)
        #expect(!Endpoint(host: "169.254.evil.example").isLinkLocal)
    }

    @Test func `a request that would be split or cut short is never sent`() throws {
        let endpoint = Endpoint(host: "h")
        for path in ["", "a", "/a b", "/a?b", "/a#b", "/a\r\nX: y", "/é"] {
            #expect(throws: AccessFailure.self) { try HTTPRequest(.get, endpoint, path: path).url() }
        }
        #expect(throws: AccessFailure.self) { try HTTPRequest(.get, endpoint, query: "a=b c").url() }
        for headers: HTTPHeaders in [
            ["A": "b\r\nC: d"], ["A": "b\nC"], ["A:": "b"], ["": "b"], ["A B": "c"], ["A": "\0"],
        ] {
            #expect(throws: AccessFailure.self) { try HTTPRequest(.get, endpoint, headers: headers).headerLines() }
        }
        #expect(try HTTPRequest(.get, endpoint, path: "/a%20b", query: "c=%26").url() == "https://h/a%20b?c=%26")
        #expect(try HTTPRequest(.get, endpoint, headers: ["A": "", "B": " x"]).headerLines() == ["A;", "B:  x"])
    }

    @Test func `header names compare without regard to case`() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X-B": "1", "content-type": "b"]
        #expect(headers["CONTENT-TYPE"] == "a")
        headers.set("CONTENT-type", to: "c")
        #expect(headers.map(\.value) == ["1", "c"])
        // Only letters have two cases: @ and ` differ by the same bit.
        #expect(HTTPHeaders(dictionaryLiteral: ("X@", "1"))["X`"] == nil)
    }

    @Test func `printing a request shows neither headers nor query nor body`() {
        let request = HTTPRequest(.put, Endpoint(host: "h"), path: "/p", query: "q=s", headers: ["A": "s"], body: [1])
        #expect("\(request)" == "PUT https://h/p")
    }
}
