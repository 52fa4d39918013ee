/// What this solution's own functions did: stored, never counted, or it would feed on itself.
package enum OwnActivity {
    /// The names that the templates give the functions; a Lambda function's session bears its name.
    package static let functionNames = [
        "MultiAccountLogsFunction", "CrossAccountAnomalyProcessorFunction", "QBusinessConnectorFunction",
    ]

    /// The services that the functions call and that usages are watched of.
    private static let calledServices = ["lambda.amazonaws.com", "bedrock.amazonaws.com"]

    /// Whether one of them made the call, which counts as `usage` if it is watched.
    ///
    /// Anybody who may assume a role can give the session any name. What none of the functions ever does, such as starting instances or
    /// stopping a trail, is therefore not theirs, whatever the session is called.
    @inline(__always)
    package static func isOwn(
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>,
        as usage: Usage?
    ) -> Bool {
        isNamedAsOwn(fields, bytes) && (usage.map { $0.eventSources.allSatisfy(calledServices.contains) } ?? true)
    }

    private static func isNamedAsOwn(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !fields.identity.arn.isEmpty else { return false }
        let arn = RecordFields.raw(fields.identity.arn, bytes)
        guard let slash = arn.lastIndex(of: UInt8(ascii: "/")) else { return false }
        let session = arn[(slash + 1)...]
        return functionNames.contains { session.elementsEqual($0.utf8) }
    }
}
