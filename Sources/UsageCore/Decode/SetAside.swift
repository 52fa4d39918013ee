/// Bytes that could not be read as a record: kept with the reason, never dropped; none where the fault lies between records.
package struct SetAside: Equatable, Sendable {
    package let failure: DecodeFailure
    /// The bytes as they came, at most `largestKept` of them.
    package let bytes: [UInt8]
    /// How many bytes there were.
    package let count: Int

    /// Longer stretches are kept in part, which leaves every event that Lambda hands over whole: they are 6 MiB at most (AWS Lambda
    /// Developer Guide, "Lambda quotas").
    package static let largestKept = 8 << 20

    package init(_ failure: DecodeFailure, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.failure = failure
        self.bytes = Array(bytes.prefix(Self.largestKept))
        count = bytes.count
    }

    /// The failure and the count alone, for whoever only tells of it.
    package var withoutBytes: SetAside { SetAside(failure: failure, bytes: [], count: count) }

    private init(failure: DecodeFailure, bytes: [UInt8], count: Int) {
        self.failure = failure
        self.bytes = bytes
        self.count = count
    }

    /// A fault between records, which costs none of them.
    package init(_ failure: DecodeFailure) {
        self.failure = failure
        bytes = []
        count = 0
    }
}
