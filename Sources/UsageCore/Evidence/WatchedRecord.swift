/// One watched record with all that an explanation may need of it.
package struct WatchedRecord: Equatable, Sendable {
    package let eventId: String
    package let seconds: Int64
    package let eventName: String
    package let accountId: String
    package let region: String
    package let caller: Caller
    package let errorCode: String?
    package let facts: WatchedFacts
    /// When the pipeline received it, where a store knows; seconds since 1970.
    package let arrival: Int64?

    /// When the pipeline could first know of it: its arrival, else the event itself.
    package var known: Int64 { arrival ?? seconds }

    package init(
        _ usage: Usage,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>,
        arrival: Int64? = nil
    ) {
        self.arrival = arrival
        eventId = JSONString.text(fields.eventID, in: bytes) ?? fields.identityDigest(bytes).hexadecimal
        seconds = fields.seconds(bytes)
        eventName = JSONString.text(fields.eventName, in: bytes) ?? ""
        accountId = JSONString.text(fields.account, in: bytes) ?? "unknown"
        region = JSONString.text(fields.awsRegion, in: bytes) ?? "unknown"
        caller = Caller(fields, bytes)
        errorCode = JSONString.text(fields.errorCode, in: bytes)
        facts = WatchedFacts(usage, fields, bytes)
    }
}
