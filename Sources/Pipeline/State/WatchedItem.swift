import UsageCore

/// A watched record on its way into the state table.
///
/// The records that end what a usage started may come as items of that usage too: they are read back as what they are.
package struct WatchedItem: Sendable, Equatable {
    /// `recipientAccountId`, empty where it cannot be read.
    package var account: String
    /// `awsRegion`.
    package var region: String
    /// `eventTime`, seconds since 1970.
    package var seconds: Int64
    /// `recipientAccountId-eventID`, or a hash of the bytes where either is missing; names the record within its second.
    package var identity: String
    /// The usage's place in the catalog.
    package var usage: Int
    /// What it counts for, in the usage's unit.
    package var quantity: Double
    /// The instance family or model whose first use is of interest, empty for none.
    package var kind: String
    /// Who called; of usages of high volume it is not looked at.
    package var callers: CallerClass
    /// The record's own bytes: one JSON object.
    package var body: [UInt8]

    /// An item with all its parts.
    package init(
        account: String,
        region: String,
        seconds: Int64,
        identity: String,
        usage: Int,
        quantity: Double,
        kind: String,
        callers: CallerClass = .others,
        body: [UInt8]
    ) {
        self.account = account
        self.region = region
        self.seconds = seconds
        self.identity = identity
        self.usage = usage
        self.quantity = quantity
        self.kind = kind
        self.callers = callers
        self.body = body
    }
}
