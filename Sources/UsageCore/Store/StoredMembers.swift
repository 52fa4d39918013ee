/// The members that a stored document has beyond the record's own: `account`, `usage`, `self`, `ingest`.
package enum StoredMembers {
    /// Their JSON text, without braces around it.
    ///
    /// `usage`: what the record counts as, if anything, with its lifted facts and how it enters the counts.
    /// `receivedAt`: when it was read, seconds since 1970.
    /// `source`: where it came from: a file, a log stream.
    package static func text(
        account: AccountContext,
        usage: (Usage, WatchedFacts, CountedFacts)?,
        region: String,
        isOwn: Bool,
        receivedAt: Int64,
        source: String
    ) -> [UInt8] {
        var text = self.account(account)
        if let (usage, facts, counted) = usage {
            text.append(UInt8(ascii: ","))
            text += self.usage(usage, facts, counted, account: account.id, region: region)
        }
        text += isOwn ? own : other
        text += ingest(receivedAt: receivedAt, source: source)
        return text
    }

    /// Joins `account` or `usage` and `ingest`: `,"self":true,`.
    static let own = Array(#","self":true,"#.utf8)
    /// The same for what others did: `,"self":false,`.
    static let other = Array(#","self":false,"#.utf8)

    /// The member `"account":{...}`.
    static func account(_ account: AccountContext) -> [UInt8] { member("account") { write(account, &$0) } }

    /// The member `"usage":{...}`.
    static func usage(
        _ usage: Usage,
        _ facts: WatchedFacts,
        _ counted: CountedFacts,
        account: String,
        region: String
    ) -> [UInt8] {
        member("usage") { write(usage, facts, counted, "\(account)/\(region)", &$0) }
    }

    /// The member `"ingest":{...}`.
    static func ingest(receivedAt: Int64, source: String) -> [UInt8] {
        member("ingest") { json in
            json.object { json in
                json.name("receivedAt")
                json.string(EventTime.text(receivedAt))
                json.name("source")
                json.string(source)
            }
        }
    }

    private static func member(_ name: String, _ value: (inout JSONText) -> Void) -> [UInt8] {
        var json = JSONText()
        json.name(name)
        value(&json)
        return json.bytes
    }

    /// What is known of an account, as an object.
    package static func write(_ account: AccountContext, _ json: inout JSONText) {
        json.object { json in
            for (name, value) in [
                ("alias", account.alias), ("type", account.type), ("ouPath", account.ouPath),
                ("costCenter", account.costCenter), ("owner", account.owner), ("environment", account.environment),
                ("team", account.team),
            ] {
                guard let value else { continue }
                json.name(name)
                json.string(value)
            }
            if account.contextMissing {
                json.name("contextMissing")
                json.bool(true)
            }
        }
    }

    private static func write(
        _ usage: Usage,
        _ facts: WatchedFacts,
        _ counted: CountedFacts,
        _ place: String,
        _ json: inout JSONText
    ) {
        json.object { json in
            json.name("name")
            json.string(usage.name)
            json.name("place")
            json.string(place)
            json.name("quantity")
            json.number(facts.quantity)
            json.name("unit")
            json.string(usage.unit)
            for (name, value) in [
                ("callers", counted.callers.name), ("principal", counted.principal), ("session", counted.session),
                ("tool", counted.tool), ("family", counted.family),
            ] {
                guard let value else { continue }
                json.name(name)
                json.string(value)
            }
            if counted.centsPerHour > 0 {
                json.name("centsPerHour")
                json.number(counted.centsPerHour)
            }
            for attribute in usage.attributes where attribute.name != "tags" {
                guard let values = facts.attributes[attribute.name] else { continue }
                json.name(attribute.name)
                if values.count == 1 {
                    if let number = Double(values[0]), attribute.isNumber {
                        json.number(number)
                    } else {
                        json.string(values[0])
                    }
                } else {
                    json.array { json in for value in values { json.string(value) } }
                }
            }
        }
    }
}

extension Usage.Attribute {
    /// Sizes and counts are numbers; names that look like one stay text.
    package var isNumber: Bool {
        ["sizeGiB", "iops", "throughput", "inputTokens", "outputTokens", "targetCapacity"].contains(name)
    }
}
