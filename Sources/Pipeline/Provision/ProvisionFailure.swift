import AWSAccess
import UsageCore

/// Why a domain could not be set up.
package enum ProvisionFailure: Error, Equatable {
    /// Something of our name belongs to somebody else.
    case foreign(kind: String, name: String, evidence: String)
    /// The domain refused a request.
    case refused(operation: String, status: Int, reason: String)
    /// The domain is none that can be set up.
    case unsupported(String)
    /// A removal that has to be asked for again: some parts could not be seen.
    case left([PartChange])
    /// What the resource or the command was told cannot be used.
    case badProperty(name: String, value: String, allowed: String)
}

extension ProvisionFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .foreign(let kind, let name, let evidence):
            "\(kind) \(name): exists and is not ours (\(Hostile.shown(evidence, limit: 300))); rename or remove it, nothing of it was touched"
        case .refused(let operation, let status, let reason):
            "\(operation): refused (HTTP \(status) \(Hostile.shown(reason, limit: 400))); check the caller's rights in the domain, then try again"
        case .left(let changes):
            "removal: not whole (\(changes.map(\.text).joined(separator: "; "))); all else is removed, try again"
        case .unsupported(let what): "domain: cannot be set up (\(Hostile.shown(what, limit: 300)))"
        case .badProperty(let name, let value, let allowed):
            "\(name): cannot be used (\(Hostile.shown(value, limit: 100))); give \(allowed)"
        }
    }
}
