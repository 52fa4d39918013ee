/// What one AWS service is called in the places where it matters.
package struct ServiceIdentity: Sendable, Equatable {
    /// How many endpoints there are.
    package enum Reach: Sendable, Equatable {
        case regional
        /// One for all Regions of a partition.
        case global
    }

    /// As messages name it.
    package let name: String
    /// Ends the environment key `AWS_ENDPOINT_URL_...`: the SDK's service id in capitals, spaces as underscores.
    package let endpointKey: String
    /// The first label of its host.
    package let hostPrefix: String
    /// In the scope of signatures.
    package let signingName: String
    package let reach: Reach
    /// Whether its hosts end in `api.aws`.
    package let hasNewerHost: Bool
    /// How long one try may take, so that silence leaves time for another.
    package let longestTry: Duration

    /// Takes the parts; the signing name is the host prefix unless told otherwise.
    package init(
        name: String,
        endpointKey: String,
        hostPrefix: String,
        signingName: String? = nil,
        reach: Reach = .regional,
        hasNewerHost: Bool = false,
        longestTry: Duration = .seconds(10)
    ) {
        self.name = name
        self.endpointKey = endpointKey
        self.hostPrefix = hostPrefix
        self.signingName = signingName ?? hostPrefix
        self.reach = reach
        self.hasNewerHost = hasNewerHost
        self.longestTry = longestTry
    }

    /// The Region that requests go to and are signed for, seen from `region`.
    func region(seenFrom region: String) -> String {
        reach == .global ? Partition(region: region).globalRegion : region
    }

    /// The host in a Region, as AWS names it.
    func host(in region: String) -> String {
        let partition = Partition(region: region)
        let suffix = hasNewerHost ? partition.newerHostSuffix : partition.hostSuffix
        return "\(hostPrefix).\(self.region(seenFrom: region)).\(suffix)"
    }
}
