/// A trait of records by which quantities are told apart.
package enum Trait: String, CaseIterable, Sendable {
    case principal, session, accessKey, address, tool
    case instanceType, family, functionName, modelId, group, stack, cluster, imageId, launchTemplate

    /// The traits of a record and their values.
    package static func values(of record: WatchedRecord) -> [(Trait, String)] {
        let attributes = record.facts.attributes
        var values: [(Trait, String)] = [(.principal, record.caller.principal), (.tool, record.caller.tool)]
        if let key = record.caller.accessKey { values.append((.accessKey, key)) }
        if let address = record.caller.address { values.append((.address, address)) }
        if let session = record.caller.session { values.append((.session, session)) }
        for trait in [functionName, modelId, group, stack, cluster, imageId, launchTemplate, instanceType] {
            if let value = attributes[trait.rawValue]?.first { values.append((trait, value)) }
        }
        if let type = attributes["instanceType"]?.first { values.append((.family, InstanceFamily.of(type))) }
        return values
    }
}
