import UsageCore

/// How an invocation failed, as Lambda tells the caller.
struct FunctionError: Equatable, Sendable {
    /// `Category.Reason`, as in `Function.ResponseSizeTooLarge`.
    let type: String
    /// The JSON that the caller gets in place of a reply.
    let payload: [UInt8]

    /// What the runtime itself reported: the type from its header, where it has the form that Lambda keeps.
    init(reported body: [UInt8], header: String?) {
        type = Self.kept(header ?? "")
        payload = body
    }

    /// What Lambda says where the runtime could not.
    init(type: String, message: String) {
        self.type = type
        payload = Self.payload(type: type, message: message)
    }

    /// `{"errorMessage":...,"errorType":...}`.
    static func payload(type: String, message: String) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.name("errorMessage")
            json.string(message)
            json.name("errorType")
            json.string(type)
        }
        return json.bytes
    }

    /// Only `Runtime.` or `Function.` with a name of letters survives; the rest becomes `Unknown` of its category.
    private static func kept(_ type: String) -> String {
        for category in ["Function.", "Runtime."] where type.hasPrefix(category) {
            let reason = type.utf8.dropFirst(category.utf8.count)
            let isName =
                reason.count > 1 && (0x41...0x5A).contains(reason.first ?? 0)
                && reason.allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
            return isName ? type : category + "Unknown"
        }
        return "Runtime.Unknown"
    }
}
