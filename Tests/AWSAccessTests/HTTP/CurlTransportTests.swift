import AWSAccess
import Testing

@Suite("CurlTransport")
struct CurlTransportTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(600) }

    @Test func `what is sent arrives byte for byte and what comes back is complete`() async throws {
        let seen = Recorder<Connection.Received>()
        let server = try LoopbackServer { connection in
            while let request = connection.next() {
                seen.add(request)
                connection.answer(201, headers: ["X-One": " a b ", "x-two": "", "X-One": "c"], body: request.body)
            }
        }
        let transport = CurlTransport()
        let body = (0..<300).map { UInt8($0 % 256) }
        for method in [HTTPRequest.Method.post, .put, .patch, .delete, .get] {
            let response = try await transport.send(
                HTTPRequest(
                    method,
                    server.endpoint,
                    path: "/a/../b//%2F*'",
                    query: "x=%20&y",
                    headers: ["Host": "named.example", "X-Empty": "", "X-Long": String(repeating: "v", count: 5000)],
                    body: body
                ),
                deadline: soon
            )
            #expect(response.status == 201)
            #expect(response.body == body)
            #expect(Array(response.headers).filter { $0.name == "X-One" }.map(\.value) == ["a b", "c"])
            #expect(response.headers["X-Two"] == "")
        }
        #expect(
            seen.all.map(\.line)
                == ["POST", "PUT", "PATCH", "DELETE", "GET"].map { "\($0) /a/../b//%2F*'?x=%20&y HTTP/1.1" }
        )
        for request in seen.all {
            #expect(request.body == body)
            #expect(request.headers["host"] == "named.example")
            #expect(request.headers["x-empty"] == "")
            #expect(request.headers["x-long"]?.utf8.count == 5000)
            #expect(request.headers["expect"] == nil && request.headers["content-type"] == nil)
            #expect(request.headers["transfer-encoding"] == nil)
        }
    }

    @Test func `every status is an answer and redirects are not followed`() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.next() {
                let status = request.headers["x-status"].flatMap { Int($0) } ?? 0
                connection.answer(status, headers: ["Location": "/elsewhere"])
            }
        }
        let transport = CurlTransport()
        for status in [200, 202, 204, 301, 304, 307, 400, 401, 403, 404, 413, 429, 500, 503] {
            let request = HTTPRequest(.get, server.endpoint, headers: ["x-status": "\(status)"])
            #expect(try await transport.send(request, deadline: soon).status == status)
        }
        #expect(server.connections == 1)
    }

    @Test func `methods without a body send none and a HEAD waits for none`() async throws {
        let seen = Recorder<Connection.Received>()
        let server = try LoopbackServer { connection in
            while let request = connection.next() {
                seen.add(request)
                let length = request.line.hasPrefix("HEAD") ? 1000 : 0
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n")
            }
        }
        let transport = CurlTransport()
        for method in [HTTPRequest.Method.get, .head, .delete, .post, .put] {
            let response = try await transport.send(HTTPRequest(method, server.endpoint), deadline: soon)
            #expect(response.status == 200 && response.body.isEmpty)
        }
        #expect(seen.all.map { $0.headers["content-length"] } == [nil, nil, nil, "0", "0"])
    }

    @Test func `interim answers are passed over with their headers`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.next()
            connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        }
        let response = try await CurlTransport().send(HTTPRequest(.post, server.endpoint), deadline: soon)
        #expect(response.status == 200)
        #expect(response.body == Array("abcde".utf8))
        #expect(response.headers["X-Interim"] == nil && response.headers["Link"] == nil)
    }

    @Test func `a large body goes and comes without loss`() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.next() { connection.answer(200, body: request.body) }
        }
        var state: UInt64 = 7
        let body = (0..<9_000_001).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let response = try await CurlTransport().send(HTTPRequest(.post, server.endpoint, body: body), deadline: soon)
        #expect(response.body == body)
    }

    @Test func `an answer longer than allowed is given up whether or not it says its length`() async throws {
        let server = try LoopbackServer { connection in
            guard let request = connection.next() else { return }
            if request.line.contains("length") {
                connection.answer(200, body: [UInt8](repeating: 0, count: 1001))
            } else {
                connection.write("HTTP/1.1 200 OK\r\n\r\n")
                connection.write([UInt8](repeating: 0, count: 1001))
            }
        }
        let transport = CurlTransport()
        for path in ["/length", "/open"] {
            let request = HTTPRequest(.get, server.endpoint, path: path, largestResponse: 1000)
            let expected = AccessFailure.responseTooLarge(host: server.endpoint.authority, limit: 1000)
            await #expect(throws: expected) { try await transport.send(request, deadline: soon) }
        }
        let request = HTTPRequest(.get, server.endpoint, path: "/length", largestResponse: 1001)
        #expect(try await transport.send(request, deadline: soon).body.count == 1001)
    }

    @Test func `headers without end are given up`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.next()
            connection.write("HTTP/1.1 200 OK\r\n")
            let line = "X-More: " + String(repeating: "x", count: 990) + "\r\n"
            for _ in 0..<300 { connection.write(line) }
            connection.waitUntilClosed()
        }
        let expected = AccessFailure.responseTooLarge(host: server.endpoint.authority, limit: 256 << 10)
        await #expect(throws: expected) {
            try await CurlTransport().send(HTTPRequest(.get, server.endpoint), deadline: soon)
        }
    }

    @Test func `the certificate file is the one named, else the first that is there`() {
        let bundle = ["AWS_CA_BUNDLE": "/x.pem"]
        #expect(CurlTransport.certificateFile(environment: bundle, isReadable: { _ in false }) == "/x.pem")
        #expect(CurlTransport.certificateFile(environment: ["AWS_CA_BUNDLE": ""], isReadable: { _ in false }) == nil)
        let task = ["LAMBDA_TASK_ROOT": "/var/task"]
        #expect(
            CurlTransport.certificateFile(environment: task, isReadable: { _ in true }) == "/var/task/ca-bundle.crt"
        )
        #expect(
            CurlTransport.certificateFile(environment: task.merging(bundle) { $1 }, isReadable: { _ in true })
                == "/x.pem"
        )
        #expect(
            CurlTransport.certificateFile(environment: [:], isReadable: { $0.hasPrefix("/etc/pki/") })
                == "/etc/pki/tls/certs/ca-bundle.crt"
        )
    }

    @Test func `a refused connection is unreachable and nothing was sent`() async throws {
        let request = HTTPRequest(.post, try LoopbackServer.closedPort(), body: [1])
        await #expect { try await CurlTransport().send(request, deadline: soon) } throws: { error in
            guard case .unreachable(let host, let detail) = error as? AccessFailure else { return false }
            return host == request.endpoint.authority && detail.contains("connect")
        }
    }

    @Test(
        "an answer that is cut off or reset or is not HTTP is a lost connection",
        arguments: [
            "reset", "close", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
            "SSH-2.0\r\n",
        ]
    )
    func broken(answer: String) async throws {
        let server = try LoopbackServer { connection in
            _ = connection.next()
            if answer == "reset" { connection.reset() } else if answer != "close" { connection.write(answer) }
        }
        let request = HTTPRequest(.post, server.endpoint, body: [1, 2, 3])
        await #expect { try await CurlTransport().send(request, deadline: soon) } throws: { error in
            guard case .connectionLost = error as? AccessFailure else { return false }
            return true
        }
    }

    @Test func `silence ends at the deadline with the request marked as sent`() async throws {
        let server = try LoopbackServer { $0.waitUntilClosed() }
        let start = ContinuousClock.now
        await #expect {
            try await CurlTransport().send(HTTPRequest(.get, server.endpoint), deadline: start + .milliseconds(120))
        } throws: { error in
            guard case .timedOut(_, let spent, sent: true) = error as? AccessFailure else { return false }
            return spent >= 50
        }
        #expect(ContinuousClock.now - start >= .milliseconds(120))
    }

    @Test func `a body that trickles does not outlive the deadline`() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.next()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
            connection.waitUntilClosed()
        }
        await #expect {
            try await CurlTransport().send(HTTPRequest(.get, server.endpoint), deadline: .now + .milliseconds(100))
        } throws: { error in
            guard case .timedOut(_, _, sent: true) = error as? AccessFailure else { return false }
            return true
        }
    }

    @Test func `a deadline that has passed sends nothing`() async throws {
        let server = try LoopbackServer { $0.waitUntilClosed() }
        await #expect(
            throws: AccessFailure.timedOut(host: server.endpoint.authority, afterMilliseconds: 0, sent: false)
        ) {
            try await CurlTransport().send(HTTPRequest(.get, server.endpoint), deadline: .now - .seconds(1))
        }
        #expect(server.connections == 0)
    }

    @Test func `a cancelled task closes its connection and ends at once`() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let (closings, closed) = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { connection in
            _ = connection.next()
            arrived.yield()
            connection.waitUntilClosed()
            closed.yield()
        }
        let transport = CurlTransport()
        let deadline = ContinuousClock.now + .seconds(600)
        let task = Task { try await transport.send(HTTPRequest(.get, server.endpoint), deadline: deadline) }
        for await _ in arrivals { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        for await _ in closings { break }
        #expect(server.connections == 1)
    }

    @Test func `a task that is cancelled before it starts sends nothing`() async throws {
        let server = try LoopbackServer { $0.waitUntilClosed() }
        let transport = CurlTransport()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.send(HTTPRequest(.get, server.endpoint), deadline: .now + .seconds(600))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.connections == 0)
    }

    @Test func `hundreds of requests at once each get their own answer`() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.next() { connection.answer(200, body: request.body) }
        }
        let transport = CurlTransport()
        let deadline = ContinuousClock.now + .seconds(600)
        let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let body = Array(String(repeating: "\(number),", count: number).utf8)
                    let request = HTTPRequest(.put, server.endpoint, body: body)
                    return try await transport.send(request, deadline: deadline).body != body
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wrong == 0)
        #expect(server.connections <= 64)
    }

    @Test func `cancelling many requests while others run leaves the others whole`() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.next() {
                if request.line.contains("silent") { connection.waitUntilClosed() } else { connection.answer(200) }
            }
        }
        let transport = CurlTransport()
        let deadline = ContinuousClock.now + .seconds(600)
        let tasks = (0..<40).map { number in
            Task {
                let path = number % 2 == 0 ? "/silent" : "/spoken"
                return try await transport.send(HTTPRequest(.get, server.endpoint, path: path), deadline: deadline)
                    .status
            }
        }
        for (number, task) in tasks.enumerated() where number % 2 == 0 { task.cancel() }
        for (number, task) in tasks.enumerated() {
            if number % 2 == 0 {
                await #expect(throws: CancellationError.self) { try await task.value }
            } else {
                #expect(try await task.value == 200)
            }
        }
    }

    @Test(
        "on a kept-alive connection that dies only what is safe to repeat is repeated",
        arguments: [
            (.post, false, 0, 2), (.post, false, 3, 2), (.post, false, 3_000_000, 2), (.post, true, 0, 3),
            (.post, true, 3, 3), (.get, true, 0, 3), (.put, true, 3_000_000, 3),
        ] as [(HTTPRequest.Method, Bool, Int, Int)]
    )
    func deadConnection(method: HTTPRequest.Method, isSafe: Bool, size: Int, sightings: Int) async throws {
        let seen = Counter()
        let server = try LoopbackServer { connection in
            while connection.next() != nil {
                // The second sighting gets no answer, wherever it comes.
                if seen.increment() == 2 { return }
                connection.answer(200)
            }
        }
        let transport = CurlTransport()
        _ = try await transport.send(HTTPRequest(.get, server.endpoint), deadline: soon)
        let request = HTTPRequest(
            method,
            server.endpoint,
            body: [UInt8](repeating: 1, count: size),
            isSafeToRepeat: isSafe
        )
        if isSafe {
            #expect(try await transport.send(request, deadline: soon).status == 200)
        } else {
            await #expect { try await transport.send(request, deadline: soon) } throws: { error in
                guard case .connectionLost = error as? AccessFailure else { return false }
                return true
            }
        }
        #expect(seen.value == sightings)
    }

    @Test func `a malformed request is refused without a connection`() async throws {
        let server = try LoopbackServer { $0.waitUntilClosed() }
        let request = HTTPRequest(.get, server.endpoint, path: "/a b")
        await #expect(throws: AccessFailure.self) { try await CurlTransport().send(request, deadline: soon) }
        #expect(server.connections == 0)
    }

    @Test func `transports come and go without leaving a request unanswered`() async throws {
        let server = try LoopbackServer { connection in
            while connection.next() != nil { connection.answer(200) }
        }
        for _ in 0..<50 {
            let transport = CurlTransport()
            #expect(try await transport.send(HTTPRequest(.get, server.endpoint), deadline: soon).status == 200)
        }
    }
}
