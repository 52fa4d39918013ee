/// A set of Regions with names, hosts and accounts of its own (AWS General Reference, "AWS partitions").
package enum Partition: String, Sendable, CaseIterable {
    case aws
    case govCloud = "aws-us-gov"
    case china = "aws-cn"

    /// The partition that a Region belongs to, by its name.
    package init(region: String) {
        if region.hasPrefix("us-gov-") {
            self = .govCloud
        } else if region.hasPrefix("cn-") {
            self = .china
        } else {
            self = .aws
        }
    }

    /// What the hosts of its services end in.
    package var hostSuffix: String { self == .china ? "amazonaws.com.cn" : "amazonaws.com" }

    /// What hosts end in that are given in the newer form, `service.region.` and this.
    package var newerHostSuffix: String { self == .china ? "api.amazonwebservices.com.cn" : "api.aws" }

    /// Where services live that have one endpoint for all Regions: Organizations and Cost Explorer.
    package var globalRegion: String {
        switch self {
        case .aws: "us-east-1"
        case .govCloud: "us-gov-west-1"
        case .china: "cn-northwest-1"
        }
    }
}
