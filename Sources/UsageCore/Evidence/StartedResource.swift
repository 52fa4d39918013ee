/// Something that a record started and that bills until it ends.
package struct StartedResource: Equatable, Sendable {
    package let id: String
    package let seconds: Int64
    /// When the pipeline could first know of it.
    package let known: Int64
    package let region: String
    package let principal: String
    /// EC2 instance type, or EBS volume type.
    package let type: String?
    package let isSpot: Bool
    package let sizeGiB: Double?
    package let iops: Double?
    package let throughput: Double?

    /// The resources that a record names, one for each identity.
    static func all(of record: WatchedRecord) -> [StartedResource] {
        let attributes = record.facts.attributes
        func number(_ name: String) -> Double? { attributes[name]?.first.flatMap(Double.init) }
        let type = attributes["instanceType"]?.first ?? attributes["volumeType"]?.first
        return record.facts.resourceIds.map { id in
            StartedResource(
                id: id,
                seconds: record.seconds,
                known: record.known,
                region: record.region,
                principal: record.caller.principal,
                type: type,
                isSpot: attributes["lifecycle"]?.contains("spot") ?? false,
                sizeGiB: number("sizeGiB"),
                iops: number("iops"),
                throughput: number("throughput")
            )
        }
    }

    /// The expected list price of an instance, US dollars an hour; 0 where it has none.
    var dollarsPerHour: Double {
        type.flatMap { PriceTable().hourly(instanceType: $0, region: region)?.expected } ?? 0
    }
}
