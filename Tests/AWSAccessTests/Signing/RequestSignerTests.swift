import TestSupport
import Testing

@testable import AWSAccess

@Suite("RequestSigner")
struct RequestSignerTests {
    private let credentials = Credentials(
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "TOKEN123"
    )

    /// Signatures that AWS's own SDK for Python (botocore) gives for the same requests.
    @Test func `signatures agree with those of AWS's SDK for Python`() throws {
        let time = try #require(WallTime(rfc3339: "2026-01-02T03:04:05Z"))
        func signature(_ service: String, _ request: HTTPRequest, hash: Bool) throws -> String? {
            let signer = RequestSigner(
                service: service,
                region: "us-east-1",
                pathRule: .normalisedAndEncodedAgain,
                signsContentHash: hash
            )
            let signed = try signer.sign(request, with: credentials, at: time)
            return signed.headers["Authorization"].flatMap { $0.split(separator: "=").last.map(String.init) }
        }
        let domain = Endpoint(host: "d.us-east-1.es.amazonaws.com")
        let bulk = HTTPRequest(
            .post,
            domain,
            path: "/_bulk",
            headers: ["Content-Type": "application/x-ndjson"],
            body: Array("{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"x\":1}\n".utf8)
        )
        #expect(
            try signature("es", bulk, hash: true) == "de6702277298b35d8b180a121d992caa58ccab20aa2142293a0d4c5346decd62"
        )
        let search = HTTPRequest(.get, domain, path: "/logs-*/_search%20x", query: "q=a%20b&size=1")
        #expect(
            try signature("es", search, hash: false)
                == "6fb1df9c1bcfa2303cc987e0be0d1c4ef01f61d361190a7caf0c94717764825d"
        )
        let chat = HTTPRequest(
            .post,
            Endpoint(host: "qbusiness.us-east-1.api.aws"),
            path: "/applications/a1b2/conversations",
            query: "sync",
            headers: ["content-type": "application/json"],
            body: Array(#"{"userMessage":"hi"}"#.utf8)
        )
        #expect(
            try signature("qbusiness", chat, hash: false)
                == "15eb966682da5bd169e1c12d1f7fe5c3ea12946e56aeeb6d46a079ff508d21f5"
        )
        let identity = HTTPRequest(
            .post,
            Endpoint(host: "sts.us-east-1.amazonaws.com"),
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8)
        )
        #expect(
            try signature("sts", identity, hash: false)
                == "c7522b0f4002fd342e8c4ed836540f96c19e8c86cf5280b24bb176b2273d8fb6"
        )
    }

    /// The header form of AWS's published vectors.
    ///
    /// Their query form is for presigned URLs, which are not made here.
    @Test(
        "each of AWS's published vectors gives its canonical request, string to sign and signature",
        .enabled(if: SharedData.has("sigv4"), "needs ../shared/data/sigv4"),
        arguments: names(in: SharedData.path("sigv4"))
    )
    func publishedVector(name: String) throws {
        let vector = try Vector(name)
        let signed = try vector.signer.sign(vector.request, with: vector.credentials, at: vector.time)
        let canonical = CanonicalRequest(
            signed,
            pathRule: vector.signer.pathRule,
            bodyHash: Digest.hex(try Digest.sha256(vector.request.body))
        )
        #expect(canonical.text == vector.text("header-canonical-request"))
        #expect(try vector.signer.stringToSign(canonical, at: vector.time) == vector.text("header-string-to-sign"))
        let authorization = try #require(signed.headers["authorization"])
        #expect(authorization.hasSuffix("Signature=" + vector.text("header-signature")))
        #expect(vector.text("header-signed-request").contains("Authorization:" + authorization + "\n"))
    }

    @Test(.enabled(if: SharedData.has("sigv4"), "needs ../shared/data/sigv4"))
    func `the vectors are all there`() {
        #expect(names(in: SharedData.path("sigv4")).count == 38)
    }

    /// The case "get-vanilla" of AWS's published suite.
    @Test func `the published vanilla request is signed right without any file`() throws {
        let signer = RequestSigner(service: "service", region: "us-east-1")
        let plain = Credentials(accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey)
        let time = try #require(WallTime(rfc3339: "2015-08-30T12:36:00Z"))
        let signed = try signer.sign(HTTPRequest(.get, Endpoint(host: "example.amazonaws.com")), with: plain, at: time)
        #expect(
            signed.headers["authorization"]
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        )
    }

    @Test func `signing again replaces what the first signing added`() throws {
        let signer = RequestSigner(service: "s3", region: "eu-central-1")
        let request = HTTPRequest(.put, Endpoint(host: "b.s3.eu-central-1.amazonaws.com"), path: "/a", body: [1, 2])
        let first = try signer.sign(request, with: credentials, at: WallTime(milliseconds: 1_700_000_000_000))
        let later = WallTime(milliseconds: 1_700_000_100_000)
        let plain = Credentials(accessKeyId: "OTHER", secretAccessKey: "k")
        #expect(try signer.sign(first, with: plain, at: later) == signer.sign(request, with: plain, at: later))
        #expect(Array(first.headers).count == 4)
    }

    @Test func `S3 paths are encoded once in whatever form they come and keep their dots and slashes`() {
        let endpoint = Endpoint(host: "b.s3.amazonaws.com", port: 8443)
        for path in ["/a b//../c+d=é", "/a%20b//../c%2Bd%3D%c3%a9"] {
            let canonical = CanonicalRequest(
                HTTPRequest(.get, endpoint, path: path),
                pathRule: .encodedOnce,
                bodyHash: "hash"
            )
            let expected = "GET\n/a%20b//../c%2Bd%3D%C3%A9\n\nhost:b.s3.amazonaws.com:8443\n\nhost\nhash"
            #expect(canonical.text == expected)
        }
    }

    @Test func `query pairs sort by name and then value and bare names get an equals sign`() {
        let request = HTTPRequest(.get, Endpoint(host: "h"), query: "b=2&a=z&a&a=b=c&&b=10&A=%7e")
        let canonical = CanonicalRequest(request, pathRule: .normalisedAndEncodedAgain, bodyHash: "")
        #expect(canonical.text.split(separator: "\n")[2] == "A=~&a=&a=b%3Dc&a=z&b=10&b=2")
    }

    @Test func `what proxies and libcurl change is left out of the signature`() {
        let headers: HTTPHeaders = [
            "User-Agent": "x", "Connection": "close", "X-Amzn-Trace-Id": "Root=1", "Expect": "", "X-A": " 1 \t 2 ",
        ]
        let canonical = CanonicalRequest(
            HTTPRequest(.get, Endpoint(host: "h"), headers: headers),
            pathRule: .normalisedAndEncodedAgain,
            bodyHash: ""
        )
        #expect(canonical.signedHeaders == "host;x-a")
        #expect(canonical.text.contains("\nx-a:1 2\n"))
    }
}

/// One folder of AWS's published vectors.
private struct Vector {
    private let folder: String
    let request: HTTPRequest
    let signer: RequestSigner
    let credentials: Credentials
    let time: WallTime

    init(_ name: String) throws {
        folder = SharedData.path("sigv4") + "/" + name
        let context = try #require(JSONValue(contents(of: folder + "/context.json")))
        let key = try #require(context["credentials"])
        let omitsToken = context["omit_session_token"]?.bool ?? false
        credentials = Credentials(
            accessKeyId: try #require(key["access_key_id"]?.string),
            secretAccessKey: try #require(key["secret_access_key"]?.string),
            sessionToken: omitsToken ? nil : key["token"]?.string
        )
        signer = RequestSigner(
            service: try #require(context["service"]?.string),
            region: try #require(context["region"]?.string),
            pathRule: try #require(context["normalize"]?.bool as Bool?) ? .normalisedAndEncodedAgain : .encodedOnce,
            signsContentHash: try #require(context["sign_body"]?.bool as Bool?)
        )
        time = try #require(WallTime(rfc3339: context["timestamp"]?.string ?? ""))
        request = try Self.request(contents(of: folder + "/request.txt"))
    }

    /// The text of one of the vector's files.
    func text(_ file: String) -> String {
        String(decoding: contents(of: "\(folder)/\(file).txt"), as: UTF8.self)
    }

    private static func request(_ bytes: [UInt8]) throws -> HTTPRequest {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let start = lines.removeFirst()
        let method = try #require(HTTPRequest.Method(rawValue: String(start.prefix { $0 != " " })))
        let target = start.dropFirst(method.rawValue.utf8.count + 1).dropLast(" HTTP/1.1".utf8.count)
        var fields: [(name: String, value: String)] = []
        while let line = lines.first, !line.isEmpty {
            lines.removeFirst()
            if line.hasPrefix(" ") {
                fields[fields.count - 1].value += "\n" + line
            } else {
                let name = line.prefix { $0 != ":" }
                fields.append((String(name), String(line[line.index(after: name.endIndex)...])))
            }
        }
        var headers = HTTPHeaders()
        for field in fields { headers.add(field.name, field.value) }
        return HTTPRequest(
            method,
            Endpoint(host: "example.amazonaws.com"),
            path: String(target.prefix { $0 != "?" }),
            query: String(target.drop { $0 != "?" }.dropFirst()),
            headers: headers,
            body: Array(lines.dropFirst().joined(separator: "\n").utf8)
        )
    }
}
