import AWSAccess
import UsageCore

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

/// How a part stands in a domain.
enum PartState: Equatable, Sendable {
    case absent
    /// Ours, and as it is asked for; `id` is what the domain calls it, where it gives names of its own.
    case current(id: String)
    /// Ours, and not as it is asked for.
    case different(id: String)
    /// Something of this name that is not ours, with the evidence.
    case foreign(String)
    /// The domain has no place for it, with the reason: a plugin or version that it lacks.
    case unsupported(String)
}

/// What was done about a part, or would be.
package struct PartChange: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        case created
        case updated
        case unchanged
        case removed
        /// Not possible yet, with the reason: it is tried again.
        case pending(String)
        /// Not possible here, with the reason.
        case skipped(String)
    }

    package let kind: String
    package let name: String
    package let action: Action

    /// `created    detector usage-place-5m`.
    package var text: String {
        let (word, why) = outcome
        let padded = word + String(repeating: " ", count: max(1, 11 - word.count))
        return "\(padded)\(kind) \(name)" + (why.map { ": \(Hostile.shown($0, limit: 300))" } ?? "")
    }

    /// The same as a JSON object.
    package var json: String {
        let (word, why) = outcome
        let object: AWSAccess.JSONValue = [
            "action": .string(word), "kind": .string(kind), "name": .string(name), "why": why.map { .string($0) },
        ]
        return String(decoding: object.bytes, as: UTF8.self)
    }

    /// Whether something is still to be done, or cannot be.
    package var isLeft: Bool { outcome.why != nil }

    private var outcome: (word: String, why: String?) {
        switch action {
        case .created: ("created", nil)
        case .updated: ("updated", nil)
        case .unchanged: ("unchanged", nil)
        case .removed: ("removed", nil)
        case .pending(let why): ("pending", why)
        case .skipped(let why): ("skipped", why)
        }
    }
}
