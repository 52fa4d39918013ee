/// One CloudTrail record on its way into the store.
package struct StoredRecord: Sendable, Equatable {
    /// `recipientAccountId-eventID`, or a hash of the bytes where either is missing; names the record within its second.
    package var identity: String
    /// `eventTime`, seconds since 1970; years 0 to 9999, what lies beyond counts as the nearest of them.
    package var time: Int64
    /// `recipientAccountId`, empty where it cannot be read.
    package var account: String
    /// `awsRegion`.
    package var region: String
    /// `eventSource`, as in `ec2.amazonaws.com`.
    package var eventSource: String
    /// `eventName`.
    package var eventName: String
    /// The watched usage of the catalog, as in `ec2-run-instances`; nil for a record that is not watched.
    package var usage: String?
    /// The members that the stored document has beyond the record's own: `"account":{...},"usage":{...},"self":...,"ingest":{...}`,
    /// JSON text without braces around it.
    package var members: [UInt8]
    /// The record's own bytes: one JSON object.
    package var body: [UInt8]

    /// A record with all its parts.
    package init(
        identity: String,
        time: Int64,
        account: String,
        region: String,
        eventSource: String,
        eventName: String,
        usage: String?,
        members: [UInt8],
        body: [UInt8]
    ) {
        self.identity = identity
        self.time = time
        self.account = account
        self.region = region
        self.eventSource = eventSource
        self.eventName = eventName
        self.usage = usage
        self.members = members
        self.body = body
    }
}
