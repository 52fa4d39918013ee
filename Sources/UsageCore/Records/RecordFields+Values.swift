extension RecordFields {
    /// The inside of the string at `range`, escapes as written; the value as written where it is no string.
    @inline(__always)
    package static func raw(_ range: ByteRange, _ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        JSONString.contents(UnsafeBufferPointer(rebasing: bytes[range.start..<range.end]))
    }

    /// The event's time in seconds since 1970; records without one are set aside before they come here.
    @inline(__always)
    package func seconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64 {
        EventTime.parse(Self.raw(eventTime, bytes)) ?? 0
    }

    /// The account that the record is of: `recipientAccountId`, else the caller's.
    ///
    /// CloudTrail writes the first in every record since event version 1.02.
    @inline(__always)
    package var account: ByteRange {
        recipientAccountId.isEmpty ? identity.accountId : recipientAccountId
    }

    /// A 128-bit name for the record: of `recipientAccountId-eventID`, or of all its bytes where either is missing.
    @inline(__always)
    package func identityDigest(_ bytes: UnsafeBufferPointer<UInt8>) -> Digest128 {
        guard isNamed else {
            return Digest128(
                of: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[record.start..<record.end])
            )
        }
        let event = Digest128(of: UnsafeRawBufferPointer(Self.raw(eventID, bytes)))
        let account = AccountKey(Self.raw(recipientAccountId, bytes))
        return Digest128(high: event.high ^ account.value &* 0x9E37_79B9_7F4A_7C15, low: event.low &+ account.value)
    }

    /// Whether the record says its account and its event's id; `""` says nothing, and would make one of many records.
    @inline(__always)
    private var isNamed: Bool { recipientAccountId.count > 2 && eventID.count > 2 }

    /// `recipientAccountId-eventID`, or the hash of the bytes in hexadecimal where either is missing: the stored record's identity.
    package func identityText(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard isNamed, let account = JSONString.text(recipientAccountId, in: bytes),
            let event = JSONString.text(eventID, in: bytes),
            account.utf8.count + event.utf8.count < 500
        else { return identityDigest(bytes).hexadecimal }
        return "\(account)-\(event)"
    }

    /// Whether the call was refused or failed.
    @inline(__always)
    package var isFailure: Bool { !errorCode.isEmpty }
}
