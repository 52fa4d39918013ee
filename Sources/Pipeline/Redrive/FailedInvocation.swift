import UsageCore

/// A batch that Lambda gave up: what it wrote about an asynchronous invocation that failed each time.
///
/// AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations".
struct FailedInvocation {
    /// Where Lambda puts them into a bucket.
    static let prefix = "aws/lambda/async/"
    /// An event has 1 MiB at most; what is said about it beside is short.
    static let largest = 16 << 20

    /// Why it was given up: `RetriesExhausted`, `EventAgeExceeded`.
    let condition: String
    /// What the function said last.
    let detail: String
    /// The event, as the function was given it.
    let event: [UInt8]

    /// Nil for anything else.
    init?(_ object: [UInt8]) {
        var event = ByteRange.none
        var context = ByteRange.none
        var response = ByteRange.none
        let parts: (context: JSONValue?, response: JSONValue?, event: [UInt8])? = object.withUnsafeBufferPointer {
            bytes in
            var scanner = JSONScanner(bytes)
            let whole = scanner.eachMember { scanner, name in
                if scanner.matches(name, "requestPayload") { return scanner.value(into: &event) }
                if scanner.matches(name, "requestContext") { return scanner.value(into: &context) }
                if scanner.matches(name, "responsePayload") { return scanner.value(into: &response) }
                return scanner.skipValue()
            }
            guard whole, !event.isEmpty else { return nil }
            func tree(_ range: ByteRange) -> JSONValue? {
                try? JSONValue.parse(UnsafeBufferPointer(rebasing: bytes[range.start..<range.end]))
            }
            return (tree(context), tree(response), Array(bytes[event.start..<event.end]))
        }
        guard let parts, let condition = parts.context?["condition"]?.string else { return nil }
        self.condition = condition
        detail = parts.response?["errorMessage"]?.string ?? ""
        self.event = parts.event
    }
}
