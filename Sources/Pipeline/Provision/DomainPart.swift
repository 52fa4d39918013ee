/// One thing that is set up in a domain: how it stands, and what makes it so.
protocol DomainPart: Sendable {
    /// `index template`, `detector`: the words that a report has for it.
    var kind: String { get }
    var name: String { get }

    /// How it stands in the domain.
    func state(_ domain: DomainClient) async throws -> PartState

    /// Makes it where it is absent, or brings it up to date where it is ours and differs.
    func write(_ domain: DomainClient, over state: PartState) async throws -> PartChange.Action

    /// Removes it where it is ours; only called for what is.
    func remove(_ domain: DomainClient, _ state: PartState) async throws
}
