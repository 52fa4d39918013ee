import Testing

@testable import anomalyctl

@Suite struct RuntimeExchangeTests {
    private let invocation = Invocation(
        requestId: "r-1",
        event: Array("{\"n\":1}".utf8),
        deadline: 1_767_312_000_000,
        functionArn: "arn:aws:lambda:eu-west-1:012345678912:function:f",
        traceId: "Root=1-5e;Parent=53;Sampled=0"
    )

    private func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        size: Int? = nil,
        headers: [String: String] = [:]
    ) -> RuntimeRequest {
        RuntimeRequest(
            method: method,
            path: "/2018-06-01/runtime" + path,
            headers: headers,
            body: Array(body.utf8),
            bodySize: size ?? body.utf8.count,
            isLast: false
        )
    }

    private func running() -> RuntimeExchange {
        var exchange = RuntimeExchange()
        #expect(exchange.take(request("GET", "/invocation/next")) == nil)
        _ = exchange.give(invocation)
        return exchange
    }

    @Test func `an event goes out with all that Lambda says of it and its reply is accepted once`() {
        var exchange = RuntimeExchange()
        #expect(!exchange.isReady)
        #expect(exchange.take(request("GET", "/invocation/next")) == nil)
        #expect(exchange.isReady)
        let given = exchange.give(invocation)
        #expect(given.status == 200 && given.body == invocation.event)
        #expect(
            given.headers.map { [$0.name, $0.value] } == [
                ["Lambda-Runtime-Aws-Request-Id", "r-1"], ["Lambda-Runtime-Deadline-Ms", "1767312000000"],
                ["Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:012345678912:function:f"],
                ["Lambda-Runtime-Trace-Id", "Root=1-5e;Parent=53;Sampled=0"],
            ]
        )
        #expect(exchange.take(request("POST", "/invocation/r-1/response", "42")) == .accepted)
        #expect(exchange.result == .reply(Array("42".utf8)))
        for path in ["/invocation/r-1/response", "/invocation/r-1/error"] {
            #expect(exchange.take(request("POST", path, "43"))?.status == 403)
        }
        #expect(exchange.result == .reply(Array("42".utf8)))
        #expect(exchange.take(request("GET", "/invocation/next")) == nil)
        #expect(exchange.isReady)
    }

    @Test func `an answer to another request is not valid and changes nothing`() {
        var fresh = RuntimeExchange()
        #expect(fresh.take(request("POST", "/invocation/r-1/response", "42"))?.status == 400)
        #expect(fresh.take(request("POST", "/invocation//response", "42"))?.status == 400)
        var exchange = running()
        let refused = exchange.take(request("POST", "/invocation/r-0/response", "42"))
        #expect(refused == .refusal(400, "InvalidRequestID", "Invalid request ID"))
        #expect(exchange.take(request("POST", "/invocation/r-0/error", "42"))?.status == 400)
        #expect(exchange.result == nil)
        #expect(exchange.take(request("POST", "/invocation/r-1/response", "42")) == .accepted)
    }

    @Test func `a reply over six megabytes and a hundred bytes is refused and has failed the invocation`() {
        var fits = running()
        #expect(fits.take(request("POST", "/invocation/r-1/response", size: 6_291_556)) == .accepted)
        var exchange = running()
        let refused = exchange.take(request("POST", "/invocation/r-1/response", size: 6_291_557))
        #expect(refused?.status == 413)
        guard case .error(let error) = exchange.result else {
            Issue.record("no error")
            return
        }
        #expect(error.type == "Function.ResponseSizeTooLarge")
        #expect(String(decoding: error.payload, as: UTF8.self).contains("(6291557 bytes)"))
        #expect(exchange.take(request("POST", "/invocation/r-1/error", "{}"))?.status == 403)
        #expect(exchange.take(request("GET", "/invocation/next")) == nil && exchange.isReady)
    }

    @Test func `a failed initialization can be told before the first event is asked for and not after`() {
        var exchange = RuntimeExchange()
        let header = ["lambda-runtime-function-error-type": "Function.Oops"]
        #expect(exchange.take(request("POST", "/init/error", "{\"a\":1}", headers: header)) == .accepted)
        #expect(exchange.initializationError?.type == "Function.Oops")
        #expect(exchange.initializationError?.payload == Array("{\"a\":1}".utf8))
        #expect(exchange.take(request("POST", "/init/error"))?.status == 403)
        #expect(exchange.take(request("GET", "/invocation/next"))?.status == 403)
        var late = running()
        let refused = late.take(request("POST", "/init/error", "{}"))
        #expect(refused?.status == 403)
        #expect(refused.map { String(decoding: $0.body, as: UTF8.self).contains("InvalidStateTransition") } == true)
    }

    @Test(
        "error types that Lambda keeps",
        arguments: [
            ("Function.Oops", "Function.Oops"), ("Runtime.NoSuchHandler", "Runtime.NoSuchHandler"),
            ("Function.oops", "Function.Unknown"), ("Function.O", "Function.Unknown"),
            ("Function.Oops42", "Function.Unknown"), ("Runtime.", "Runtime.Unknown"), ("Oops", "Runtime.Unknown"),
            (nil, "Runtime.Unknown"),
        ] as [(String?, String)]
    )
    func errorTypes(sent: String?, kept: String) {
        var exchange = running()
        let headers = sent.map { ["lambda-runtime-function-error-type": $0] } ?? [:]
        #expect(exchange.take(request("POST", "/invocation/r-1/error", "{}", headers: headers)) == .accepted)
        guard case .error(let error) = exchange.result else {
            Issue.record("no error")
            return
        }
        #expect(error.type == kept && error.payload == Array("{}".utf8))
    }

    @Test func `streamed replies are taken and unknown modes are not`() {
        var exchange = running()
        let mode = "lambda-runtime-function-response-mode"
        #expect(exchange.take(request("POST", "/invocation/r-1/response", headers: [mode: "x"]))?.status == 400)
        #expect(exchange.take(request("POST", "/invocation/r-1/response", headers: [mode: "streaming"])) == .accepted)
    }

    @Test(
        "what the Runtime API does not have",
        arguments: [
            ("GET", "/invocation/r-1/response"), ("POST", "/invocation/next"), ("POST", "/invocation/r-1/x"),
            ("POST", "/invocation/r-1/response/x"), ("PUT", "/init/error"), ("GET", "/"),
        ]
    )
    func unknown(method: String, path: String) {
        var exchange = running()
        #expect(exchange.take(request(method, path))?.status == 404)
        #expect(exchange.result == nil)
    }

    @Test func `asked for an event twice there is still but one to give`() {
        var exchange = running()
        #expect(exchange.take(request("GET", "/invocation/next")) == nil)
        #expect(!exchange.isReady)
        #expect(exchange.take(request("POST", "/invocation/r-1/response", "1")) == .accepted)
    }
}
