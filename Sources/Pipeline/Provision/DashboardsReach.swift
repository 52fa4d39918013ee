import AWSAccess

/// What a run has learned of a domain's Dashboards: where it is not to be had, nothing more is asked of it.
///
/// It is a process of its own beside the domain and may hang while all else works; the rest of a set-up must not wait for it.
struct DashboardsReach {
    let clock: CallClock
    private var verdict: PartState?

    /// The longest that one dashboard may take.
    private static let limit = Duration.seconds(20)

    init(clock: CallClock) { self.clock = clock }

    private func hurried(_ domain: DomainClient) -> DomainClient {
        var domain = domain
        domain.deadline = min(domain.deadline, clock.instant() + Self.limit)
        return domain
    }

    /// How `part` stands.
    mutating func state(of part: any DomainPart, _ domain: DomainClient) async throws -> PartState {
        guard part is SavedObjectsPart else { return try await part.state(domain) }
        if let verdict { return verdict }
        let state = try await part.state(hurried(domain))
        switch state {
        case .unsupported, .hidden, .unreachable: verdict = state
        case .absent, .current, .different, .foreign: break
        }
        return state
    }

    /// Writes `part`, or says why that has to wait.
    mutating func write(
        _ part: any DomainPart,
        _ domain: DomainClient,
        over state: PartState
    ) async throws -> PartChange.Action {
        guard part is SavedObjectsPart else { return try await part.write(domain, over: state) }
        if case .unreachable(let why)? = verdict { return .pending(why) }
        let action = try await part.write(hurried(domain), over: state)
        if case .pending(let why) = action { verdict = .unreachable(why) }
        return action
    }
}
