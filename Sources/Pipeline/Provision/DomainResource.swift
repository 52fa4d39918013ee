import AWSAccess
import UsageCore

/// The custom resource that stands for a domain's set-up in a stack.
///
/// A detector needs a first record to look at, which a new deployment has not got; what is pending is remembered and set up by a later
/// evaluation.
struct DomainResource: Sendable {
    let session: AWSSession
    let endpoint: Endpoint
    let catalog: UsageCatalog
    let checkpoints: any CheckpointStore

    private static let checkpoint = "provisioning"

    /// Does what CloudFormation asks for.
    ///
    /// - Returns: One line for people who look at the stack.
    /// - Throws: Why it could not be done.
    func apply(
        _ type: String,
        _ properties: AWSAccess.JSONValue,
        deadline: ContinuousClock.Instant
    ) async throws -> String {
        if type == "Delete" {
            // What cannot be read was never set up.
            let request = (try? ProvisionRequest(properties: properties)) ?? ProvisionRequest()
            // First of all: what is left of a removal that fails must not be set up again by the next evaluation.
            try await remember(nil)
            let changes = try await provisioning(request).remove(deadline: deadline)
            let left = changes.filter(Self.isPending)
            guard left.isEmpty else { throw ProvisionFailure.left(left) }
            let removed = "\(Counted.text(changes.count { $0.action == .removed }, "parts")) removed"
            return ([removed] + Self.leftOut(changes)).joined(separator: ", ")
        }
        return try await setUp(properties, deadline: deadline)
    }

    /// Sets up what an earlier request had to leave; nil where nothing was left.
    func resume(deadline: ContinuousClock.Instant) async throws -> String? {
        guard let kept = try await checkpoints.checkpoint(Self.checkpoint),
            let properties = AWSAccess.JSONValue(Array(kept.document.utf8))?["properties"]
        else { return nil }
        return try await setUp(properties, deadline: deadline)
    }

    private func setUp(_ properties: AWSAccess.JSONValue, deadline: ContinuousClock.Instant) async throws -> String {
        let request = try ProvisionRequest(properties: properties)
        let changes = try await provisioning(request).setUp(deadline: deadline)
        let pending = changes.filter(Self.isPending)
        try await remember(pending.isEmpty ? nil : properties)
        let written = changes.count { $0.action == .created || $0.action == .updated }
        var parts = [
            "\(Counted.text(written, "parts")) written", "\(changes.count { $0.action == .unchanged }) unchanged",
        ]
        let waiting = pending.filter { $0.kind == "detector" || $0.kind == "monitor" }
        if !waiting.isEmpty { parts.append("\(waiting.count) follow with the first records") }
        let later = pending.filter { !waiting.contains($0) }
        parts += Self.reasons(later).map { "\($0.what) follow later: \($0.why)" }
        parts += Self.leftOut(changes)
        return parts.joined(separator: ", ")
    }

    private static func isPending(_ change: PartChange) -> Bool {
        if case .pending = change.action { true } else { false }
    }

    private static func leftOut(_ changes: [PartChange]) -> [String] {
        reasons(changes.filter { if case .skipped = $0.action { true } else { false } })
            .map { "\($0.what) left out: \($0.why)" }
    }

    /// Each reason once, with the parts that it holds for: CloudFormation shows a line.
    private static func reasons(_ changes: [PartChange]) -> [(what: String, why: String)] {
        var names: [String: [String]] = [:]
        var order: [String] = []
        for change in changes {
            guard let why = change.why else { continue }
            if names[why] == nil { order.append(why) }
            names[why, default: []].append("\(change.kind) \(change.name)")
        }
        return order.map { why in
            let all = names[why] ?? []
            let more = all.count > 1 ? " and \(all.count - 1) more" : ""
            return ("\(all.first ?? "")\(more)", why)
        }
    }

    private func provisioning(_ request: ProvisionRequest) -> Provisioning {
        Provisioning(session: session, endpoint: endpoint, catalog: catalog, request: request)
    }

    private func remember(_ properties: AWSAccess.JSONValue?) async throws {
        let standing = try await checkpoints.checkpoint(Self.checkpoint)
        if standing == nil, properties == nil { return }
        let remembered: AWSAccess.JSONValue = ["properties": properties]
        let document = String(decoding: remembered.bytes, as: UTF8.self)
        // What is remembered already is not written again.
        if standing?.document == document { return }
        // Another one that was faster has remembered what it found.
        _ = try await checkpoints.keep(
            document,
            as: Self.checkpoint,
            replacing: standing
        )
    }
}
