extension IngestBatch {
    /// One record.
    package struct Record: Sendable {
        /// Its bytes in the arena: one JSON object on one line.
        package let place: ByteRange
        /// `recipientAccountId` and `eventID` in the arena, quotes included; empty where absent.
        let recipient: ByteRange
        let event: ByteRange
        /// `eventTime`, seconds since 1970.
        package let seconds: Int64
        /// Index in `accounts`.
        package let account: Int32
        /// Index in `origins`.
        package let origin: Int32
        /// Index in `watched`, -1 for a record that counts as no usage.
        package let watched: Int32
        /// Whether one of this solution's own functions made the call.
        package let isOwn: Bool
        /// Whether its time is near its arrival; else it lies apart and is not counted.
        package let isTimely: Bool
    }

    /// What a watched record counts as.
    package struct Watched: Sendable {
        /// Index in `records`.
        package let record: Int
        /// Index in the catalog.
        package let usage: Int
        package let quantity: Double
        /// The instance family or the model that is started, empty for none.
        package let kind: String
        /// `awsRegion`.
        package let region: String
        /// Who called, as far as series tell callers apart.
        package let callers: CallerClass
        /// `"usage":{...}` in `members`.
        let place: ByteRange
    }

    /// A record that ends what a usage has started; it counts for nothing itself.
    package struct Ending: Sendable {
        /// Index in `records`.
        package let record: Int
        /// Index in the catalog.
        package let usage: Int
        /// `awsRegion`.
        package let region: String
    }

    /// Where records came from: one batch of log events, one file, one event.
    package struct Origin: Sendable {
        /// The name of the log stream, the file, or the way in.
        package let source: String
        /// Which of the deliveries of an invocation it was part of.
        package let item: Int
        /// The same each time that the same batch is delivered, and no other batch's.
        package internal(set) var identity: Digest128
        /// How many records came of each of `senders`, whatever the scope.
        package internal(set) var heard: [(sender: Int32, records: Int)] = []
        /// Its records that the scope leaves out.
        package internal(set) var outsideScope = 0
    }

    /// A Region of an account, as records name both.
    package struct Sender: Hashable, Sendable {
        package let account: String
        package let region: String

        package init(account: String, region: String) {
            self.account = account
            self.region = region
        }
    }

    /// What could not be read.
    package struct Unread: Sendable {
        package let rest: SetAside
        /// Index in `origins`.
        package let origin: Int
        /// The id of its log event, empty where it came otherwise.
        package let eventId: String
    }
}
