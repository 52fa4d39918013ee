import AWSAccess
import Glibc
import Testing

@Suite("CredentialsSource")
struct CredentialsSourceTests {
    /// Answers from a table by "METHOD path" and records what it was asked.
    private struct TableTransport: HTTPTransport {
        let answers: [String: HTTPResponse]
        let seen = Recorder<HTTPRequest>()

        func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
            seen.add(request)
            let query = request.query.isEmpty ? "" : "?\(request.query)"
            let key = "\(request.method.rawValue) \(request.endpoint)\(request.path)\(query)"
            guard let answer = answers[key] else {
                throw AccessFailure.unreachable(host: key, detail: "not in the table")
            }
            return answer
        }
    }

    private func reply(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(text.utf8))
    }

    private let json = """
        {"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"s3cret","Token":"t0ken",
         "Expiration":"2026-01-02T03:04:05Z","RoleArn":"arn:aws:iam::111122223333:role/r"}
        """
    private var expected: Credentials {
        Credentials(
            accessKeyId: "ASIA1",
            secretAccessKey: "s3cret",
            sessionToken: "t0ken",
            expiration: WallTime(rfc3339: "2026-01-02T03:04:05Z")
        )
    }
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    @Test func `keys in the environment go before everything else`() async throws {
        let source = try CredentialsSource(environment: [
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_SESSION_TOKEN": "C",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
        ])
        let keys = Credentials(accessKeyId: "A", secretAccessKey: "B", sessionToken: "C")
        #expect(try await source.fetch(over: TableTransport(answers: [:]), deadline: soon) == keys)
        let lasting = try CredentialsSource(environment: [
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_SESSION_TOKEN": "",
        ])
        #expect(lasting == .environment(Credentials(accessKeyId: "A", secretAccessKey: "B")))
    }

    @Test(
        "what is half given or cannot be used is named",
        arguments: [
            (["AWS_ACCESS_KEY_ID": "A"], "AWS_SECRET_ACCESS_KEY"),
            (["AWS_SECRET_ACCESS_KEY": "A"], "AWS_ACCESS_KEY_ID"),
            (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "x"], "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x"], "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.1.1/x"], "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "127.0.0.1/x"], "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            (
                ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1@evil.example/"],
                "AWS_CONTAINER_CREDENTIALS_FULL_URI"
            ),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "ftp://127.0.0.1/"], "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://example.com"], "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
        ]
    )
    func refused(environment: [String: String], key: String) {
        #expect {
            try CredentialsSource(environment: environment)
        } throws: { error in
            guard case .setting(let named, _, _) = error as? AccessFailure else { return false }
            return named == key
        }
    }

    @Test func `with nothing given and metadata disabled there is no source`() {
        #expect(
            throws: AccessFailure.credentials(
                source: "the environment",
                detail: "no keys, no container, metadata disabled"
            )
        ) { try CredentialsSource(environment: ["AWS_EC2_METADATA_DISABLED": "True"]) }
    }

    @Test(
        "the container endpoint is asked at the address that the environment gives",
        arguments: [
            (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/c/1?a=b"], "GET http://169.254.170.2/v2/c/1?a=b"),
            (
                ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"],
                "GET http://169.254.170.23/v1/credentials"
            ),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[fd00:ec2::23]/v1"], "GET http://[fd00:ec2::23]/v1"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1234"], "GET http://localhost:1234/"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://c.example/x?y"], "GET https://c.example/x?y"),
            (
                [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1234",
                    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/r",
                ], "GET http://169.254.170.2/r"
            ),
        ]
    )
    func container(environment: [String: String], address: String) async throws {
        let transport = TableTransport(answers: [address: reply(json)])
        let source = try CredentialsSource(environment: environment)
        #expect(try await source.fetch(over: transport, deadline: soon) == expected)
        #expect(transport.seen.all.first?.headers["Authorization"] == nil)
    }

    @Test func `the token comes from its file each time and else from its variable`() async throws {
        var template = Array("/tmp/token-test-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(file)
            unlink(path)
        }
        var environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/c", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "plain",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": path,
        ]
        let transport = TableTransport(answers: ["GET http://127.0.0.1:9/c": reply(json)])
        let source = try CredentialsSource(environment: environment)
        for token in ["first\r\n", "second"] {
            ftruncate(file, 0)
            pwrite(file, token, token.utf8.count, 0)
            _ = try await source.fetch(over: transport, deadline: soon)
        }
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = nil
        _ = try await CredentialsSource(environment: environment).fetch(over: transport, deadline: soon)
        #expect(transport.seen.all.map { $0.headers["Authorization"] } == ["first", "second", "plain"])
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = path + ".absent"
        let broken = try CredentialsSource(environment: environment)
        await #expect(throws: AccessFailure.self) { try await broken.fetch(over: transport, deadline: soon) }
        #expect(transport.seen.all.count == 3)
    }

    @Test func `no way of printing a source shows its token or keys`() throws {
        var dumped = ""
        for key in ["AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_SECRET_ACCESS_KEY"] {
            let source = try CredentialsSource(environment: [
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", key: "hidden",
                "AWS_ACCESS_KEY_ID": key == "AWS_SECRET_ACCESS_KEY" ? "AKID" : "",
            ])
            dump(source, to: &dumped)
            dumped += "\(source) \(String(reflecting: source))"
        }
        #expect(dumped.contains("169.254.170.2") && dumped.contains("AKID"))
        #expect(!dumped.contains("hidden"))
    }

    @Test func `the metadata service is asked in version 2 and hands out the role's keys`() async throws {
        let base = "http://169.254.169.254/latest"
        let transport = TableTransport(answers: [
            "PUT \(base)/api/token": reply("tok=="),
            "GET \(base)/meta-data/iam/security-credentials/": reply("my role\n"),
            "GET \(base)/meta-data/iam/security-credentials/my%20role": reply(json),
        ])
        #expect(try await CredentialsSource(environment: [:]).fetch(over: transport, deadline: soon) == expected)
        #expect(transport.seen.all.map { $0.headers["X-aws-ec2-metadata-token"] } == [nil, "tok==", "tok=="])
        #expect(transport.seen.all.first?.headers["X-aws-ec2-metadata-token-ttl-seconds"] == "60")
    }

    @Test func `an instance without a role says so and version 1 is never tried`() async throws {
        let base = "http://127.0.0.1:1338/latest"
        let source = try CredentialsSource(environment: [
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338/"
        ])
        let bare = TableTransport(answers: [
            "PUT \(base)/api/token": reply("tok"),
            "GET \(base)/meta-data/iam/security-credentials/": reply("", status: 404),
        ])
        await #expect(throws: AccessFailure.self) { try await source.fetch(over: bare, deadline: soon) }
        let old = TableTransport(answers: ["PUT \(base)/api/token": reply("", status: 403)])
        await #expect(throws: AccessFailure.self) { try await source.fetch(over: old, deadline: soon) }
        #expect(old.seen.all.count == 1)
    }

    @Test(
        "an answer that is no credentials is refused without showing what it holds",
        arguments: [
            "", "x", "[]", "{}", #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"m"}"#,
            #"{"AccessKeyId":"A","SecretAccessKey":"s3cret","Token":"t0ken"}"#,
            #"{"AccessKeyId":"A","SecretAccessKey":"s3cret","Token":"t0ken","Expiration":"soon"}"#,
            #"{"AccessKeyId":"","SecretAccessKey":"s3cret","Token":"t0ken","Expiration":"2026-01-02T03:04:05Z"}"#,
            #"{"AccessKeyId":"A","SecretAccessKey":7,"Token":"t0ken","Expiration":"2026-01-02T03:04:05Z"}"#,
        ]
    )
    func unusable(text: String) async throws {
        let source = try CredentialsSource(environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"])
        for answer in [reply(text), reply(json, status: 500)] {
            let transport = TableTransport(answers: ["GET http://169.254.170.2/x": answer])
            await #expect {
                try await source.fetch(over: transport, deadline: soon)
            } throws: { error in
                guard case .credentials = error as? AccessFailure else { return false }
                return !"\(error)".contains("s3cret") && !"\(error)".contains("t0ken")
            }
        }
    }

    @Test func `a real endpoint is asked over the real transport`() async throws {
        let body = Array(json.utf8)
        let server = try LoopbackServer { connection in
            while let request = connection.next() {
                let isRight = request.line == "GET /c HTTP/1.1" && request.headers["authorization"] == "tok"
                connection.answer(isRight ? 200 : 403, body: body)
            }
        }
        let source = try CredentialsSource(environment: [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.endpoint)/c", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok",
        ])
        #expect(try await source.fetch(over: CurlTransport(), deadline: soon) == expected)
    }
}
