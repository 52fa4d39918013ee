extension RecordFields {
    /// Reads the record at the scanner's cursor in one pass; false where it is not a JSON object (`scanner.fault` says why).
    ///
    /// A top-level name is what it denotes, however it is escaped; names within, as in `userIdentity`, are compared as they are written.
    package mutating func scan(_ scanner: inout JSONScanner) -> Bool {
        self = RecordFields()
        scanner.skipSpace()
        let start = scanner.at
        var seen: UInt64 = 0
        var strangers = InlineArray<12, ByteRange>(repeating: .none)
        var strangerCount = 0
        var needsWholeComparison = false
        let whole = scanner.eachMember { scanner, name in
            memberCount &+= 1
            var field = TopLevelName(name, in: scanner)
            if field == .stranger {
                // No name that is told apart is written with a backslash, so only strangers are looked at for one.
                let isEscaped = Self.isEscaped(name, in: scanner)
                if isEscaped { field = TopLevelName(escaped: name, in: scanner) }
                if field == .stranger {
                    for index in 0..<strangerCount where Self.equal(strangers[index], name, in: scanner) {
                        repeatedName = name
                    }
                    if isEscaped || strangerCount == 12 {
                        // More than a dozen, or of many spellings: rare enough for a second look.
                        needsWholeComparison = true
                    } else {
                        strangers[strangerCount] = name
                        strangerCount += 1
                    }
                }
            }
            if field != .stranger, field != .reserved {
                let bit = UInt64(1) << UInt64(field.rawValue)
                if seen & bit != 0 {
                    repeatedName = name
                    return scanner.skipValue()
                }
                seen |= bit
            }
            if field == .userIdentity { return identity.scan(&scanner) }
            // One place that skips values, then one that sorts them: a skip in each branch would be dozens of them inlined.
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return false }
            switch field {
            case .eventVersion: eventVersion = range
            case .eventTime: eventTime = range
            case .eventSource: eventSource = range
            case .eventName: eventName = range
            case .awsRegion: awsRegion = range
            case .sourceIPAddress: sourceIPAddress = range
            case .userAgent: userAgent = range
            case .errorCode: errorCode = scanner.present(range)
            case .errorMessage: errorMessage = range
            case .requestParameters: requestParameters = range
            case .responseElements: responseElements = range
            case .eventID: eventID = scanner.present(range)
            case .eventType: eventType = range
            case .readOnly: readOnly = range
            case .recipientAccountId: recipientAccountId = scanner.present(range)
            case .resources: resources = range
            case .additionalEventData: additionalEventData = range
            case .sessionCredentialFromConsole: sessionCredentialFromConsole = range
            case .reserved: reservedName = name
            default: break
            }
            return true
        }
        record = ByteRange(start, scanner.at)
        if whole, needsWholeComparison, repeatedName == .none {
            repeatedName = Self.firstRepeatedName(from: start, in: scanner)
        }
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
            if name.count == 14, scanner.matches(name, "sessionContext") { return scanSession(&scanner) }
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return false }
            range = scanner.present(range)
            switch name.count {
            case 3 where scanner.matches(name, "arn"): arn = range
            case 4 where scanner.matches(name, "type"): type = range
            case 8 where scanner.matches(name, "userName"): userName = range
            case 9 where scanner.matches(name, "accountId"): accountId = range
            case 9 where scanner.matches(name, "invokedBy"): invokedBy = range
            case 11 where scanner.matches(name, "principalId"): principalId = range
            case 11 where scanner.matches(name, "accessKeyId"): accessKeyId = range
            case 16 where scanner.matches(name, "identityProvider"): identityProvider = range
            default: break
            }
            return true
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
    /// The value that lies there; null is absent, as a member that some writers leave out and others write so.
    @inline(__always)
    fileprivate func present(_ range: ByteRange) -> ByteRange {
        base[range.start] == UInt8(ascii: "n") ? .none : range
    }

    /// As `value(into:)`, with null taken for absent.
    @inline(__always)
    fileprivate mutating func presentValue(into range: inout ByteRange) -> Bool {
        guard value(into: &range) else { return false }
        range = present(range)
        return true
    }
}
