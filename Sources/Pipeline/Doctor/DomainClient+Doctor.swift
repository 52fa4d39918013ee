import AWSAccess

extension DomainClient.Reply {
    /// For an answer that is not what was asked for: whoever looks may have fewer rights than the functions.
    func problem(_ what: String) -> Finding.Problem {
        let fix =
            [401, 403].contains(status)
            ? "map the caller's role to a role of the domain that may read it; the functions' roles may do more"
            : "run this again; if it stays, look at the domain's log"
        return .init(.unknown, "\(what): HTTP \(status) (\(refusal ?? "an answer that cannot be read"))", fix: fix)
    }
}

extension Deployment {
    /// Asks the domain.
    func domain(_ endpoint: Endpoint, deadline: ContinuousClock.Instant) -> DomainClient {
        DomainClient(search: OpenSearch(session: session, endpoint: endpoint), deadline: deadline)
    }
}
