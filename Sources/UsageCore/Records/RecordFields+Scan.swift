extension RecordFields {
    /// Reads the record at the scanner's cursor in one pass; false where it is not a JSON object (`scanner.fault` says why).
    package mutating func scan(_ scanner: inout JSONScanner) -> Bool {
        self = RecordFields()
        scanner.skipSpace()
        let start = scanner.at
        var seen: UInt64 = 0
        var strangers = InlineArray<12, ByteRange>(repeating: .none)
        var strangerCount = 0
        let whole = scanner.eachMember { scanner, name in
            memberCount &+= 1
            let field = TopLevelName(name, in: scanner)
            if field == .stranger {
                // Two strangers of one name are rare enough that only the first dozen are compared.
                for index in 0..<strangerCount where Self.equal(strangers[index], name, in: scanner) {
                    repeatedName = name
                }
                if strangerCount < 12 {
                    strangers[strangerCount] = name
                    strangerCount += 1
                }
            } else if field != .reserved {
                let bit = UInt64(1) << UInt64(field.rawValue)
                if seen & bit != 0 {
                    repeatedName = name
                    return scanner.skipValue()
                }
                seen |= bit
            }
            switch field {
            case .userIdentity: return identity.scan(&scanner)
            case .eventVersion: return scanner.value(into: &eventVersion)
            case .eventTime: return scanner.value(into: &eventTime)
            case .eventSource: return scanner.value(into: &eventSource)
            case .eventName: return scanner.value(into: &eventName)
            case .awsRegion: return scanner.value(into: &awsRegion)
            case .sourceIPAddress: return scanner.value(into: &sourceIPAddress)
            case .userAgent: return scanner.value(into: &userAgent)
            case .errorCode: return scanner.presentValue(into: &errorCode)
            case .errorMessage: return scanner.value(into: &errorMessage)
            case .requestParameters: return scanner.value(into: &requestParameters)
            case .responseElements: return scanner.value(into: &responseElements)
            case .eventID: return scanner.presentValue(into: &eventID)
            case .eventType: return scanner.value(into: &eventType)
            case .readOnly: return scanner.value(into: &readOnly)
            case .recipientAccountId: return scanner.presentValue(into: &recipientAccountId)
            case .resources: return scanner.value(into: &resources)
            case .additionalEventData: return scanner.value(into: &additionalEventData)
            case .sessionCredentialFromConsole: return scanner.value(into: &sessionCredentialFromConsole)
            case .reserved:
                reservedName = name
                return scanner.skipValue()
            default: return scanner.skipValue()
            }
        }
        record = ByteRange(start, scanner.at)
        return whole
    }

    private static func equal(_ one: ByteRange, _ other: ByteRange, in scanner: JSONScanner) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count where scanner.base[one.start + offset] != scanner.base[other.start + offset] {
            return false
        }
        return true
    }
}

extension RecordFields.Identity {
    /// Reads `userIdentity`; anything but an object (null, a string) leaves every part absent.
    mutating func scan(_ scanner: inout JSONScanner) -> Bool {
        guard scanner.peek() == UInt8(ascii: "{") else { return scanner.skipValue() }
        return scanner.eachMember { scanner, name in
            switch name.count {
            case 3 where scanner.matches(name, "arn"): return scanner.presentValue(into: &arn)
            case 4 where scanner.matches(name, "type"): return scanner.presentValue(into: &type)
            case 8 where scanner.matches(name, "userName"): return scanner.presentValue(into: &userName)
            case 9 where scanner.matches(name, "accountId"): return scanner.presentValue(into: &accountId)
            case 9 where scanner.matches(name, "invokedBy"): return scanner.presentValue(into: &invokedBy)
            case 11 where scanner.matches(name, "principalId"): return scanner.presentValue(into: &principalId)
            case 11 where scanner.matches(name, "accessKeyId"): return scanner.presentValue(into: &accessKeyId)
            case 14 where scanner.matches(name, "sessionContext"): return scanSession(&scanner)
            case 16 where scanner.matches(name, "identityProvider"):
                return scanner.presentValue(into: &identityProvider)
            default: return scanner.skipValue()
            }
        }
    }

    private mutating func scanSession(_ scanner: inout JSONScanner) -> Bool {
        guard scanner.peek() == UInt8(ascii: "{") else { return scanner.skipValue() }
        return scanner.eachMember { scanner, name in
            switch name.count {
            case 10 where scanner.matches(name, "attributes"):
                return scanMembers(&scanner) { part, scanner, name in
                    scanner.matches(name, "mfaAuthenticated")
                        ? scanner.presentValue(into: &part.mfaAuthenticated) : scanner.skipValue()
                }
            case 13 where scanner.matches(name, "sessionIssuer"):
                return scanMembers(&scanner) { part, scanner, name in
                    scanner.matches(name, "arn") ? scanner.presentValue(into: &part.issuerArn) : scanner.skipValue()
                }
            case 14 where scanner.matches(name, "sourceIdentity"): return scanner.presentValue(into: &sourceIdentity)
            case 15 where scanner.matches(name, "ec2RoleDelivery"): return scanner.presentValue(into: &ec2RoleDelivery)
            default: return scanner.skipValue()
            }
        }
    }

    @inline(__always)
    private mutating func scanMembers(
        _ scanner: inout JSONScanner,
        _ visit: (inout RecordFields.Identity, inout JSONScanner, ByteRange) -> Bool
    ) -> Bool {
        guard scanner.peek() == UInt8(ascii: "{") else { return scanner.skipValue() }
        return scanner.eachMember { scanner, name in visit(&self, &scanner, name) }
    }
}

extension JSONScanner {
    /// As `value(into:)`; null is absent, as a member that some writers leave out and others write so.
    @inline(__always)
    fileprivate mutating func presentValue(into range: inout ByteRange) -> Bool {
        guard value(into: &range) else { return false }
        if base[range.start] == UInt8(ascii: "n") { range = .none }
        return true
    }
}
