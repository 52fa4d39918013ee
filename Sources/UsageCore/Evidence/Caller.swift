/// Who made a call, from where and with what.
package struct Caller: Equatable, Sendable {
    /// The role, user or service behind the session.
    package let principal: String
    /// `userIdentity.type`.
    package let type: String
    /// The session's name: the last part of an assumed role's ARN.
    package let session: String?
    package let accessKey: String?
    /// The source address where it is one; a service's name is none.
    package let address: String?
    package let userAgent: String
    package let invokedBy: String?
    package let isConsole: Bool
    /// The key under which the caller's habits are kept.
    package let habitKey: Digest128

    package init(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        let identity = fields.identity
        principal = String(decoding: Principal.bytes(identity, bytes), as: UTF8.self)
        type = JSONString.text(identity.type, in: bytes) ?? ""
        if let arn = JSONString.text(identity.arn, in: bytes), arn.contains(bytesOf: ":assumed-role/"),
            let slash = arn.lastIndex(of: "/")
        {
            session = String(arn[arn.index(after: slash)...])
        } else {
            session = nil
        }
        accessKey = JSONString.text(identity.accessKeyId, in: bytes)
        let source = RecordFields.raw(fields.sourceIPAddress, bytes)
        address = CallerTraits.isAddress(source) ? String(decoding: source, as: UTF8.self) : nil
        userAgent = JSONString.text(fields.userAgent, in: bytes) ?? ""
        invokedBy = JSONString.text(identity.invokedBy, in: bytes)
        let fromConsole = JSONString.text(fields.sessionCredentialFromConsole, in: bytes)
        isConsole =
            fromConsole == "true" || userAgent.contains(bytesOf: "console.amazonaws.com")
            || userAgent.contains(bytesOf: "signin.amazonaws")
            || userAgent.hasPrefix("Mozilla/") || userAgent.hasPrefix("[S3Console")
            || userAgent.contains(bytesOf: "Console, aws-internal")
        habitKey = CallerHabits.key(identity, bytes)
    }

    /// The family of tools, for people.
    package var tool: String { CallerTraits.toolName(userAgent) }

    /// The key's habit holds the tool under this hash.
    package var toolHash: UInt64 {
        var text = userAgent
        return text.withUTF8 { CallerHabits.hash(CallerTraits.tool($0)) }
    }

    /// A person signed in through IAM Identity Center.
    package var isSingleSignOn: Bool { principal.contains(bytesOf: "AWSReservedSSO_") }

    /// A key that does not expire.
    package var hasLongLivedKey: Bool { accessKey?.hasPrefix("AKIA") ?? false }
}
