import UsageCore

/// Looks for records by their event ids.
struct RecordFinder: RecordSink {
    /// What a record shows of who did what where.
    struct Shown {
        let account: String
        let principal: String
        let eventName: String
    }

    let wanted: Set<String>
    private(set) var found: [String: Shown] = [:]

    init(wanted: Set<String>) { self.wanted = wanted }

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let id = JSONString.text(fields.eventID, in: bytes), wanted.contains(id) else { return }
        found[id] = Shown(
            account: JSONString.text(fields.recipientAccountId, in: bytes) ?? "",
            principal: String(decoding: Principal.bytes(fields.identity, bytes), as: UTF8.self),
            eventName: JSONString.text(fields.eventName, in: bytes) ?? ""
        )
    }

    mutating func setAside(_ rest: SetAside) {}
    mutating func passOver(_ kind: DocumentKind) {}
}
