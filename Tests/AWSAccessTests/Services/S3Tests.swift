import AWSAccess
import Synchronization
import Testing

@Suite("S3")
struct S3Tests {
    /// One object, served as S3 serves ranges.
    private final class Bucket: HTTPTransport {
        private let object: Mutex<(body: [UInt8], tag: String)>
        let seen = Recorder<HTTPRequest>()

        init(_ body: [UInt8]) { object = Mutex((body, "\"1\"")) }

        func replace() { object.withLock { $0.tag = "\"2\"" } }

        func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
            seen.add(request)
            let (body, tag) = object.withLock { $0 }
            if let wanted = request.headers["if-match"], wanted != tag { return HTTPResponse(status: 412) }
            let range = try #require(request.headers["range"])
            let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
            guard ends[0] < body.count else {
                return HTTPResponse(status: 416, headers: ["Content-Range": "bytes */\(body.count)"])
            }
            let last = min(ends[1], body.count - 1)
            return HTTPResponse(
                status: 206,
                headers: ["Content-Range": "bytes \(ends[0])-\(last)/\(body.count)", "ETag": tag],
                body: Array(body[ends[0]...last])
            )
        }
    }

    private func session(
        _ transport: any HTTPTransport,
        _ environment: [String: String] = [:]
    ) throws -> AWSSession {
        try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"].merging(environment) { $1 },
            credentials: CredentialsCache { _ in Credentials(accessKeyId: "A", secretAccessKey: "s") },
            transport: transport,
            clock: StillTime().clock
        )
    }

    @Test(
        "an object of any size comes back whole in pieces",
        arguments: [(0, []), (1, [1]), (999, [999]), (1000, [1000]), (2001, [1000, 1000, 1])]
    )
    func whole(size: Int, pieces: [Int]) async throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var reader = S3(session: try session(Bucket(body))).reader("k", bucket: "b-1", pieceSize: 1000)
        var found: [[UInt8]] = []
        while let piece = try await reader.next(deadline: far) { found.append(piece) }
        #expect(found.map(\.count) == pieces && Array(found.joined()) == body)
        #expect(try await reader.next(deadline: far) == nil)
    }

    @Test func `no request may bring more than a piece, so memory stays flat however large the object`() async throws {
        let bucket = Bucket([UInt8](repeating: 1, count: 50 << 20))
        var reader = S3(session: try session(bucket)).reader("k", bucket: "b-1")
        var size = 0
        while let piece = try await reader.next(deadline: far) { size += piece.count }
        #expect(size == 50 << 20 && bucket.seen.all.count == 7)
        #expect(bucket.seen.all.allSatisfy { $0.largestResponse == S3.usualPiece })
    }

    @Test func `an object that is replaced while it is read is not mixed up`() async throws {
        let bucket = Bucket([1, 2, 3])
        var reader = S3(session: try session(bucket)).reader("k", bucket: "b-1", pieceSize: 2)
        #expect(try await reader.next(deadline: far) == [1, 2])
        bucket.replace()
        await #expect {
            _ = try await reader.next(deadline: far)
        } throws: { ($0 as? ServiceFailure)?.kind == .conditionFailed }
    }

    @Test(
        "a piece that is not what was asked for is refused",
        arguments: [(206, "bytes 0-2/3", 2), (206, nil, 3), (206, "bytes 0-9/x", 3), (206, "bytes 0-3/4", 3)]
            as [(Int, String?, Int)]
    )
    func odd(status: Int, range: String?, size: Int) async throws {
        var headers = HTTPHeaders()
        if let range { headers.add("Content-Range", range) }
        let body = [UInt8](repeating: 0, count: size)
        let transport = ScriptedTransport([.answer(HTTPResponse(status: status, headers: headers, body: body))])
        var reader = S3(session: try session(transport)).reader("k", bucket: "b-1", pieceSize: 10)
        await #expect {
            _ = try await reader.next(deadline: far)
        } throws: { error in
            guard case .unreadable? = (error as? ServiceFailure)?.cause else { return false }
            return true
        }
    }

    @Test func `who does not know ranges gives all at once`() async throws {
        let transport = ScriptedTransport([.answer(HTTPResponse(status: 200, body: [1, 2, 3]))])
        var reader = S3(session: try session(transport)).reader("k", bucket: "b-1", pieceSize: 10)
        #expect(try await reader.next(deadline: far) == [1, 2, 3])
        #expect(try await reader.next(deadline: far) == nil)
    }

    @Test(
        "the bucket stands in the host where a certificate covers it, and no name leads elsewhere",
        arguments: [
            ("trail-logs", nil, [:], "https://trail-logs.s3.eu-west-1.amazonaws.com", "/a%20b/c"),
            ("trail-logs", "us-east-2", [:], "https://trail-logs.s3.us-east-2.amazonaws.com", "/a%20b/c"),
            ("org.trail", nil, [:], "https://s3.eu-west-1.amazonaws.com", "/org.trail/a%20b/c"),
            ("evil.example/x?", nil, [:], "https://s3.eu-west-1.amazonaws.com", "/evil.example%2Fx%3F/a%20b/c"),
            ("trail-logs", "evil.example/", [:], "https://trail-logs.s3.eu-west-1.amazonaws.com", "/a%20b/c"),
            (
                "trail-logs", nil, ["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000"], "http://127.0.0.1:9000",
                "/trail-logs/a%20b/c"
            ),
        ] as [(String, String?, [String: String], String, String)]
    )
    func places(
        bucket: String,
        region: String?,
        environment: [String: String],
        endpoint: String,
        path: String
    ) async throws {
        let transport = ScriptedTransport([.answer(HTTPResponse(status: 200))])
        let s3 = S3(session: try session(transport, environment))
        try await s3.putObject([1], key: "a b/c", bucket: bucket, region: region, deadline: far)
        let request = try #require(transport.requests.first)
        #expect("\(request.endpoint)" == endpoint && request.path == path && request.method == .put)
        let scope = "/\(region == "us-east-2" ? "us-east-2" : "eu-west-1")/s3/aws4_request"
        #expect(request.headers["authorization"]?.contains(scope) == true)
        #expect(request.headers["x-amz-content-sha256"]?.hasPrefix("4bf5122f") == true)
    }

    @Test func `a key that S3 cannot have is not sent`() async throws {
        let transport = ScriptedTransport([])
        let s3 = S3(session: try session(transport))
        for key in ["", String(repeating: "x", count: 1025)] {
            await #expect {
                try await s3.putObject([], key: key, bucket: "b-1", deadline: far)
            } throws: { error in
                guard case .invalidInput? = (error as? ServiceFailure)?.cause else { return false }
                return true
            }
        }
        #expect(transport.requests.isEmpty)
    }
}
