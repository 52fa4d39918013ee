// Compiled together with the sources of AWSAccess by scripts/fuzz.

extension JSONValue {
    /// The same tree as the reference has it.
    fileprivate var reference: ReferenceJSON.Value {
        switch self {
        case .null: .null
        case .bool(let truth): .bool(truth)
        case .number(let digits): .number(Array(digits.utf8))
        case .string(let text): .string(Array(text.utf8))
        case .array(let elements): .array(elements.map(\.reference))
        case .object(let members):
            .object(members.map { ReferenceJSON.Member(name: Array($0.name.utf8), value: $0.value.reference) })
        }
    }
}

/// Reads the input as the body of a service's reply, in every form that one can have.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzServiceReply(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let body = Array(UnsafeBufferPointer(start: start, count: count))
    let reference = ReferenceJSON.read(body, deepest: JSONValue.deepestNesting)
    let json = JSONValue(body)
    precondition(json?.reference == reference, "a reply is read in two ways")
    if let json {
        precondition(JSONValue(json.bytes) == json, "a tree is written in another way than it is read")
        if let value = AttributeValue(json) {
            precondition(AttributeValue(value.json) == value, "an attribute is written in another way than it is read")
        }
        if case .string(let text) = json {
            if let bytes = Base64Text.decode(text) {
                precondition(Base64Text.decode(Base64Text.encode(bytes)) == bytes, "base64 does not come back")
            }
            if let time = WallTime(rfc3339: text) {
                precondition(WallTime(rfc3339: time.rfc3339) == time, "a time does not come back")
            }
            _ = WallTime(httpDate: text)
        }
    }
    let xml = XMLText(body)
    for name in ["Code", "Message", "Token"] { _ = xml[name] }
    for status in [400, 403, 500] {
        let refusal = ServiceRefusal(HTTPResponse(status: status, headers: ["x-amzn-requestid": "r"], body: body))
        precondition(!refusal.evidence.utf8.contains { $0 < 0x20 }, "evidence breaks a line")
    }
    return 0
}
