import AWSAccess
import Testing

@Suite("ServiceRefusal")
struct ServiceRefusalTests {
    private func refusal(_ body: String, _ status: Int, _ headers: HTTPHeaders = [:]) -> ServiceRefusal {
        OpenSearch.refusal(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    @Test(
        "the code is found in every protocol's place",
        arguments: [
            (#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"m"}"#, nil, 400),
            (#"{"__type":"ResourceNotFoundException","Message":"m"}"#, nil, 400),
            (#"{"code":"ResourceNotFoundException","message":"m"}"#, nil, 404),
            (
                #"{"message":"m"}"#,
                "ResourceNotFoundException:http://internal.amazon.com/coral/com.amazon.coral.validate/", 404
            ),
            (
                "<?xml version='1.0'?><ErrorResponse xmlns='u'><Error><Type>Sender</Type>"
                    + "<Code>ResourceNotFoundException</Code><Message>m</Message></Error></ErrorResponse>", nil, 404
            ),
        ] as [(String, String?, Int)]
    )
    func codes(body: String, header: String?, status: Int) {
        let refusal = refusal(body, status, header.map { ["x-amzn-ErrorType": $0] } ?? [:])
        #expect(refusal.code == "ResourceNotFoundException")
        #expect(refusal.message == "m")
        #expect(refusal.kind == .notFound)
    }

    @Test(
        "the kind comes from the code and else from the status",
        arguments: [
            (#"{"__type":"ProvisionedThroughputExceededException"}"#, 400, .throttled),
            (#"{"__type":"TooManyRequestsException"}"#, 400, .throttled),
            (#"{"__type":"ConditionalCheckFailedException"}"#, 400, .conditionFailed),
            (#"{"__type":"ValidationException"}"#, 400, .invalid),
            (#"{"__type":"AccessDeniedException"}"#, 400, .accessDenied),
            (#"{"message":"m"}"#, 402, .quotaExceeded), (#"{"message":"m"}"#, 409, .conflict), ("", 413, .tooLarge),
            ("", 429, .throttled), ("{", 500, .unavailable), ("", 404, .notFound), ("", 302, .other),
            (#"{"Message":"User: arn is not authorized to perform: es:ESHttpPost"}"#, 403, .accessDenied),
            (#"{"message":"403 Request throttled due to too many requests"}"#, 403, .throttled),
            (#"{"message":"The security token included in the request is expired"}"#, 403, .credentialsExpired),
        ] as [(String, Int, ServiceRefusal.Kind)]
    )
    func kinds(body: String, status: Int, kind: ServiceRefusal.Kind) {
        #expect(refusal(body, status).kind == kind)
    }

    @Test func `OpenSearch gives type and reason, or only words`() {
        let missing = refusal(
            #"{"error":{"root_cause":[],"type":"index_not_found_exception","reason":"no such index [a]"},"status":404}"#,
            404
        )
        #expect(missing.code == "index_not_found_exception" && missing.message == "no such index [a]")
        #expect(refusal(#"{"error":"Incorrect HTTP method","status":405}"#, 405).message == "Incorrect HTTP method")
    }

    @Test func `a cancelled transaction gives a reason for each action`() {
        let body = #"""
            {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"Transaction cancelled",
             "CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The request failed"}]}
            """#
        guard case .transactionCancelled(let reasons) = refusal(body, 400).kind else { return #expect(Bool(false)) }
        #expect(reasons.map(\.code) == ["None", "ConditionalCheckFailed"])
        #expect(reasons.map(\.message) == [nil, "The request failed"])
    }

    @Test func `entities in XML become characters and what is none stays`() {
        let refusal = refusal(
            "<Error><Code>A&#x42;&#67;</Code><Message>a &lt;b&gt; &amp; &quot;c&apos; &nope; &#xD800; &</Message></Error>",
            400
        )
        #expect(refusal.code == "ABC")
        #expect(refusal.message == "a <b> & \"c' &nope; &#xD800; &")
    }
}
