/// The top-level names of a CloudTrail record that this product tells apart, and the five that it adds itself.
///
/// AWS CloudTrail User Guide, "CloudTrail record contents"; names are case sensitive.
enum TopLevelName: UInt8 {
    case stranger
    case eventVersion, userIdentity, eventTime, eventSource, eventName, awsRegion, sourceIPAddress, userAgent
    case errorCode, errorMessage, requestParameters, responseElements, additionalEventData, requestID, eventID
    case eventType, apiVersion, managementEvent, readOnly, resources, recipientAccountId, serviceEventDetails
    case sharedEventID, vpcEndpointId, vpcEndpointAccountId, eventCategory, addendum
    case sessionCredentialFromConsole, edgeDeviceDetails, tlsDetails, eventContext, insightDetails
    case reserved

    /// The name that lies at `range`; lengths first, so that one or two comparisons decide.
    @inline(__always)
    init(_ range: ByteRange, in scanner: JSONScanner) {
        switch range.count {
        case 4: self = scanner.matches(range, "self") ? .reserved : .stranger
        case 5: self = scanner.matches(range, "usage") ? .reserved : .stranger
        case 6: self = scanner.matches(range, "ingest") ? .reserved : .stranger
        case 7:
            self =
                scanner.matches(range, "eventID")
                ? .eventID : scanner.matches(range, "account") ? .reserved : .stranger
        case 8:
            self =
                scanner.matches(range, "readOnly")
                ? .readOnly : scanner.matches(range, "addendum") ? .addendum : .stranger
        case 9: self = Self.ofNine(range, in: scanner)
        case 10:
            self =
                scanner.matches(range, "tlsDetails")
                ? .tlsDetails : scanner.matches(range, "apiVersion") ? .apiVersion : .stranger
        case 11: self = scanner.matches(range, "eventSource") ? .eventSource : .stranger
        case 12:
            self =
                scanner.matches(range, "eventVersion")
                ? .eventVersion
                : scanner.matches(range, "userIdentity")
                    ? .userIdentity
                    : scanner.matches(range, "errorMessage")
                        ? .errorMessage : scanner.matches(range, "eventContext") ? .eventContext : .stranger
        case 13:
            self =
                scanner.matches(range, "eventCategory")
                ? .eventCategory
                : scanner.matches(range, "sharedEventID")
                    ? .sharedEventID : scanner.matches(range, "vpcEndpointId") ? .vpcEndpointId : .stranger
        case 14: self = scanner.matches(range, "insightDetails") ? .insightDetails : .stranger
        case 15:
            self =
                scanner.matches(range, "sourceIPAddress")
                ? .sourceIPAddress : scanner.matches(range, "managementEvent") ? .managementEvent : .stranger
        case 16: self = scanner.matches(range, "responseElements") ? .responseElements : .stranger
        case 17:
            self =
                scanner.matches(range, "requestParameters")
                ? .requestParameters : scanner.matches(range, "edgeDeviceDetails") ? .edgeDeviceDetails : .stranger
        case 18: self = scanner.matches(range, "recipientAccountId") ? .recipientAccountId : .stranger
        case 19:
            self =
                scanner.matches(range, "additionalEventData")
                ? .additionalEventData
                : scanner.matches(range, "serviceEventDetails") ? .serviceEventDetails : .stranger
        case 20: self = scanner.matches(range, "vpcEndpointAccountId") ? .vpcEndpointAccountId : .stranger
        case 28:
            self =
                scanner.matches(range, "sessionCredentialFromConsole") ? .sessionCredentialFromConsole : .stranger
        default: self = .stranger
        }
    }

    /// Nine of them have nine letters.
    @inline(__always)
    private static func ofNine(_ range: ByteRange, in scanner: JSONScanner) -> TopLevelName {
        // The first and sixth letters tell all of them apart; the comparison then makes sure.
        switch (scanner.base[range.start], scanner.base[range.start + 5]) {
        case (UInt8(ascii: "e"), UInt8(ascii: "T")) where scanner.matches(range, "eventTime"): .eventTime
        case (UInt8(ascii: "e"), UInt8(ascii: "T")) where scanner.matches(range, "eventType"): .eventType
        case (UInt8(ascii: "e"), UInt8(ascii: "N")) where scanner.matches(range, "eventName"): .eventName
        case (UInt8(ascii: "e"), UInt8(ascii: "C")) where scanner.matches(range, "errorCode"): .errorCode
        case (UInt8(ascii: "a"), _) where scanner.matches(range, "awsRegion"): .awsRegion
        case (UInt8(ascii: "u"), UInt8(ascii: "g")) where scanner.matches(range, "userAgent"): .userAgent
        case (UInt8(ascii: "u"), _) where scanner.matches(range, "unindexed"): .reserved
        case (UInt8(ascii: "r"), UInt8(ascii: "s")) where scanner.matches(range, "requestID"): .requestID
        case (UInt8(ascii: "r"), _) where scanner.matches(range, "resources"): .resources
        default: .stranger
        }
    }
}
