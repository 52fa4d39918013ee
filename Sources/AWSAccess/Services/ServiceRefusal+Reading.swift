extension ServiceRefusal {
    /// Reads an answer whose status is no success, whatever protocol it came over.
    init(_ response: HTTPResponse) {
        let said = response.body.first { $0 > 0x20 } == UInt8(ascii: "<") ? Self.xml(response) : Self.json(response)
        let code = Self.bare(response.headers["x-amzn-errortype"] ?? said.code ?? "")
        let message = said.message.flatMap { $0.split(whereSeparator: \.isNewline).first.map(String.init) } ?? ""
        self.init(
            status: response.status,
            code: code,
            message: message,
            requestId: response.headers["x-amzn-requestid"] ?? response.headers["x-amz-request-id"],
            kind: said.reasons.map(Kind.transactionCancelled) ?? Self.kind(code, response.status, message)
        )
    }

    private struct Said {
        var code: String?
        var message: String?
        var reasons: [CancellationReason]?
    }

    private static func json(_ response: HTTPResponse) -> Said {
        guard let json = JSONValue(response.body) else { return Said() }
        // OpenSearch: an object with type and reason, or a bare text.
        let inner = json["error"]
        var said = Said(
            code: json["__type"]?.string ?? json["code"]?.string ?? json["Code"]?.string ?? inner?["type"]?.string,
            message: json["message"]?.string ?? json["Message"]?.string ?? inner?["reason"]?.string ?? inner?.string
        )
        if bare(said.code ?? "") == "TransactionCanceledException" {
            said.reasons = (json["CancellationReasons"]?.array ?? []).map { reason in
                CancellationReason(code: reason["Code"]?.string ?? "", message: reason["Message"]?.string)
            }
        }
        return said
    }

    private static func xml(_ response: HTTPResponse) -> Said {
        let text = XMLText(response.body)
        return Said(code: text["Code"], message: text["Message"])
    }

    /// `com.amazonaws.dynamodb.v20120810#Code:http://...` without what stands around the code.
    private static func bare(_ code: String) -> String {
        let end = code.split(separator: "#").last ?? ""
        return String(end.prefix { $0 != ":" })
    }

    private static func kind(_ code: String, _ status: Int, _ message: String) -> Kind {
        // The domains of OpenSearch Service give both as 403 with words only.
        if status == 403, message.contains("security token included in the request is expired") {
            return .credentialsExpired
        }
        if status == 403, message.contains("Request throttled") { return .throttled }
        return Kind(code: code, status: status)
    }
}
