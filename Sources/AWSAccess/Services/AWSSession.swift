/// What all calls to AWS have in common: Region, endpoints, credentials, the way out, and how failed tries are repeated.
///
/// A value: copies share credentials, transport and the learned clock skew.
package struct AWSSession: Sendable {
    package let region: String
    package let credentials: CredentialsCache
    package let transport: any HTTPTransport
    /// How tries are repeated; change it in a copy for a caller with other needs.
    package var policy: RetryPolicy
    /// The sources of time and chance, passed in so that tests own them.
    package let clock: CallClock

    let skew: ClockSkew
    /// By the end of the environment key, empty for the one that stands for all services.
    private let endpoints: [String: Endpoint]

    /// A session in the Region and with the endpoints that the environment names.
    ///
    /// - Parameters:
    ///   - environment: `AWS_REGION` (else `AWS_DEFAULT_REGION`) must be set; `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`
    ///     replace AWS's own hosts: https, or http on this machine.
    ///   - credentials: Whose requests these are.
    ///   - transport: What sends them.
    ///   - policy: How failed tries are repeated.
    ///   - clock: Time and chance.
    /// - Throws: `AccessFailure.setting` if the Region is missing or an endpoint cannot be used.
    package init(
        environment: [String: String],
        credentials: CredentialsCache,
        transport: any HTTPTransport,
        policy: RetryPolicy = RetryPolicy(),
        clock: CallClock = CallClock()
    ) throws(AccessFailure) {
        let given = { (key: String) in environment[key].flatMap { $0.isEmpty ? nil : $0 } }
        let region = given("AWS_REGION") ?? given("AWS_DEFAULT_REGION") ?? ""
        guard Self.isRegion(region) else {
            throw .setting(
                key: "AWS_REGION",
                value: region.isEmpty ? "not set" : region,
                allowed: "a Region such as eu-west-1"
            )
        }
        self.region = region
        self.endpoints = try Self.endpoints(environment)
        self.credentials = credentials
        self.transport = transport
        self.policy = policy
        self.clock = clock
        skew = ClockSkew()
    }

    private init(_ other: AWSSession, credentials: CredentialsCache) {
        region = other.region
        endpoints = other.endpoints
        transport = other.transport
        policy = other.policy
        clock = other.clock
        skew = other.skew
        self.credentials = credentials
    }

    /// The same session for another identity.
    package func with(credentials: CredentialsCache) -> AWSSession { AWSSession(self, credentials: credentials) }

    /// Where requests of a service go.
    package func endpoint(of service: ServiceIdentity, region: String? = nil) -> Endpoint {
        named(service) ?? Endpoint(host: service.host(in: region ?? self.region))
    }

    /// The endpoint that the environment names for a service, if it does.
    func named(_ service: ServiceIdentity) -> Endpoint? { endpoints[service.endpointKey] ?? endpoints[""] }

    private static let endpointKey = "AWS_ENDPOINT_URL"

    private static func endpoints(_ environment: [String: String]) throws(AccessFailure) -> [String: Endpoint] {
        var endpoints: [String: Endpoint] = [:]
        // In order, so that of two unusable ones the same is always named.
        for (key, value) in environment.sorted(by: { $0.key < $1.key }) where key.hasPrefix(endpointKey) {
            let rest = key.dropFirst(endpointKey.utf8.count)
            guard !value.isEmpty, rest.isEmpty || rest.hasPrefix("_") else { continue }
            guard let endpoint = Endpoint(value), endpoint.scheme == .https || endpoint.isLoopback else {
                throw .setting(key: key, value: value, allowed: "an https URL without a path, or http on this machine")
            }
            endpoints[String(rest.dropFirst())] = endpoint
        }
        return endpoints
    }

    /// The name becomes part of host names, so it must not be able to name another host.
    package static func isRegion(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 32
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
