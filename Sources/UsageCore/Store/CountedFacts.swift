/// How a watched record enters the counts, beyond its usage and quantity: by whom, as what kind, at what list price.
///
/// Stored with the record, so that a store can count and sum what a reading of the records would.
package struct CountedFacts: Equatable, Sendable {
    package let callers: CallerClass
    /// The role, user or service behind the session.
    package let principal: String
    package let session: String?
    /// The family of tools that the user agent names, as people call it.
    package let tool: String
    /// The instance family, where instances of a family are what an account may use for the first time.
    package let family: String?
    /// List price of what the record starts, whole US cents an hour; 0 where it has none.
    package let centsPerHour: Double

    /// Names of the members that these facts and the usage itself take in a stored record.
    static let memberNames: Set<String> = [
        "name", "place", "quantity", "unit", "callers", "principal", "session", "tool", "family", "centsPerHour",
    ]

    /// Reads the facts of `usage` off a record.
    package init(
        _ usage: Usage,
        _ facts: WatchedFacts,
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let caller = Caller(fields, bytes)
        callers = CallerClass(of: usage, fields, bytes)
        principal = caller.principal
        session = caller.session
        tool = caller.tool
        let type = facts.attributes["instanceType"]?.first
        family = type.flatMap { Self.hasFamily(usage) ? InstanceFamily.of($0) : nil }
        centsPerHour = Self.centsPerHour(
            usage,
            instanceType: type,
            region: JSONString.text(fields.awsRegion, in: bytes) ?? "",
            quantity: facts.quantity
        )
    }

    /// Whether the family of what is started is looked at.
    static func hasFamily(_ usage: Usage) -> Bool { usage.novelty.contains(.family) || usage.cost == .ec2Instances }

    /// List price of `quantity` instances, whole US cents an hour; 0 where none is known.
    static func centsPerHour(_ usage: Usage, instanceType: String?, region: String, quantity: Double) -> Double {
        guard usage.cost == .ec2Instances, let instanceType, !region.isEmpty else { return 0 }
        let hourly = PriceTable().hourly(instanceType: instanceType, region: region)?.expected ?? 0
        return (hourly * 100 * quantity).rounded()
    }
}
