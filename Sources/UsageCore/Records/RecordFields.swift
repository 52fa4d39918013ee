/// Where the fields of one CloudTrail record lie in the buffer it was read from.
///
/// Values keep their quotes.
///
/// Field names and meanings: AWS CloudTrail User Guide, "CloudTrail record contents".
package struct RecordFields: Sendable {
    /// The whole record, braces included.
    package var record = ByteRange.none

    package var eventVersion = ByteRange.none
    package var eventTime = ByteRange.none
    package var eventSource = ByteRange.none
    package var eventName = ByteRange.none
    package var awsRegion = ByteRange.none
    package var sourceIPAddress = ByteRange.none
    package var userAgent = ByteRange.none
    package var errorCode = ByteRange.none
    package var errorMessage = ByteRange.none
    package var requestParameters = ByteRange.none
    package var responseElements = ByteRange.none
    package var eventID = ByteRange.none
    package var eventType = ByteRange.none
    package var readOnly = ByteRange.none
    package var recipientAccountId = ByteRange.none
    package var resources = ByteRange.none
    package var additionalEventData = ByteRange.none
    package var sessionCredentialFromConsole = ByteRange.none
    package var identity = Identity()

    /// How many members the record has at its top level.
    package var memberCount = 0
    /// A top-level name that stands twice in the record; `.none` where none does, since a name may be empty.
    package var repeatedName = ByteRange.none
    /// A top-level name that belongs to this product: `account`, `usage`, `self`, `ingest`, `unindexed`.
    package var reservedName = ByteRange.none

    /// The parts of `userIdentity` that tell who called.
    package struct Identity: Sendable {
        package var type = ByteRange.none
        package var principalId = ByteRange.none
        package var arn = ByteRange.none
        package var accountId = ByteRange.none
        package var accessKeyId = ByteRange.none
        package var userName = ByteRange.none
        package var invokedBy = ByteRange.none
        package var issuerArn = ByteRange.none
        package var sourceIdentity = ByteRange.none
        package var mfaAuthenticated = ByteRange.none
        package var ec2RoleDelivery = ByteRange.none
        package var identityProvider = ByteRange.none

        package init() {}
    }

    package init() {}
}
