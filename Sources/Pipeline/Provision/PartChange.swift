import AWSAccess
import UsageCore

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
    package var isLeft: Bool { why != nil }

    /// Why not, where it is so.
    package var why: String? { outcome.why }

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
