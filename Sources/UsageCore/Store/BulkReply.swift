/// Reads what `POST _bulk` answers: one outcome for each line that was sent, in the order of the request.
///
/// OpenSearch documentation, "Bulk"; types of errors as an OpenSearch 2.19 node gives them.
package enum BulkReply {
    /// What became of one record.
    package enum Outcome: Equatable, Sendable {
        /// It is stored now.
        case stored
        /// It was stored before.
        case duplicate
        /// It was not looked at, and may be sent again.
        case tryAgain(String)
        /// The same document would be refused again.
        case refused(reason: String, detail: String)
    }

    /// The outcomes of `count` records; nil where `reply` is not whole, or not about so many: then nothing is known.
    package static func outcomes(_ reply: [UInt8], count: Int) -> [Outcome]? {
        reply.withUnsafeBufferPointer { bytes in
            var outcomes: [Outcome] = []
            outcomes.reserveCapacity(count)
            var hasItems = false
            var scanner = JSONScanner(bytes)
            let whole = scanner.eachMember { scanner, name in
                guard scanner.matches(name, "items"), !hasItems else { return scanner.skipValue() }
                hasItems = true
                return scanner.eachElement { scanner in
                    guard let outcome = item(&scanner, bytes) else { return false }
                    outcomes.append(outcome)
                    return true
                }
            }
            scanner.skipSpace()
            return whole && hasItems && scanner.at == scanner.end && outcomes.count == count ? outcomes : nil
        }
    }

    /// One item, as in `{"create":{"_id":"...","status":201,...}}`.
    private static func item(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>) -> Outcome? {
        var status = 0
        var type = ByteRange.none
        var reason = ByteRange.none
        var cause = ByteRange.none
        let whole = scanner.eachMember { scanner, _ in
            scanner.eachMember { scanner, name in
                if scanner.matches(name, "status") { return number(&scanner, &status) }
                guard scanner.matches(name, "error"), scanner.peek() == UInt8(ascii: "{") else {
                    return scanner.skipValue()
                }
                return scanner.eachMember { scanner, name in
                    if scanner.matches(name, "type") { return scanner.value(into: &type) }
                    if scanner.matches(name, "reason") { return scanner.value(into: &reason) }
                    guard scanner.matches(name, "caused_by"), scanner.peek() == UInt8(ascii: "{") else {
                        return scanner.skipValue()
                    }
                    return scanner.eachMember { scanner, name in
                        scanner.matches(name, "reason") ? scanner.value(into: &cause) : scanner.skipValue()
                    }
                }
            }
        }
        guard whole, status > 0 else { return nil }
        if status == 200 || status == 201 { return .stored }
        let text = { (range: ByteRange) in JSONString.text(range, in: bytes) ?? "" }
        let detail = [text(reason), text(cause)].filter { !$0.isEmpty }.joined(separator: "; ")
        return outcome(status: status, type: text(type), detail: detail)
    }

    private static func outcome(status: Int, type: String, detail: String) -> Outcome {
        // On `create` this is the one conflict there is: the id is taken by an earlier delivery of the same record.
        if status == 409, type == "version_conflict_engine_exception" { return .duplicate }
        let mayPass = [
            "cluster_block_exception", "rejected_execution_exception", "es_rejected_execution_exception",
            "opensearch_rejected_execution_exception", "circuit_breaking_exception",
        ]
        if status == 429 || status >= 500 || mayPass.contains(type) {
            return .tryAgain("HTTP \(status) \(type.isEmpty ? "" : "(\(type)) ")for a record")
        }
        return .refused(reason: type.isEmpty ? "http-\(status)" : type, detail: detail)
    }

    /// Up to three digits; an item that says a second status says none that could be trusted.
    private static func number(_ scanner: inout JSONScanner, _ number: inout Int) -> Bool {
        let start = scanner.at
        guard number == 0, scanner.skipValue(), scanner.at - start <= 3 else { return false }
        for place in start..<scanner.at {
            let digit = scanner.base[place] &- UInt8(ascii: "0")
            guard digit < 10 else { return false }
            number = number * 10 + Int(digit)
        }
        return true
    }
}
