import AWSAccess
import UsageCore

/// Sets a domain up: index templates, lifecycle policy, roles, channel, detectors, monitors, dashboards, in this order.
///
/// Each part is looked at first and written only where it is absent or differs, so that a second run writes nothing. What bears our
/// names and not our mark stops the run before anything is written. Records and incidents are never touched, unless removal is told to.
package struct Provisioning: Sendable {
    private let search: OpenSearch
    private let clock: CallClock
    private let catalog: UsageCatalog
    private let request: ProvisionRequest

    /// - Parameters:
    ///   - session: Who calls; the domain's master where it has fine-grained access control.
    ///   - endpoint: Of the domain.
    ///   - catalog: What is watched.
    ///   - request: What it is to be set up with.
    package init(session: AWSSession, endpoint: Endpoint, catalog: UsageCatalog, request: ProvisionRequest) {
        search = OpenSearch(session: session, endpoint: endpoint)
        clock = session.clock
        self.catalog = catalog
        self.request = request
    }

    /// Sets up what is missing or differs.
    ///
    /// - Parameters:
    ///   - isDryRun: Only says what would be done.
    ///   - deadline: When the last request must have ended.
    /// - Returns: What was done, part by part.
    /// - Throws: `ProvisionFailure`, and `ServiceFailure` where the domain does not answer.
    package func setUp(isDryRun: Bool = false, deadline: ContinuousClock.Instant) async throws -> [PartChange] {
        let domain = try await domain(deadline)
        let parts = try parts(domain)
        var dashboards = DashboardsReach(clock: clock)
        var states: [PartState] = []
        for part in parts {
            if let template = part as? TemplatePart { try await template.checkIndices(domain) }
            let state = try await dashboards.state(of: part, domain)
            if case .foreign(let evidence) = state {
                throw ProvisionFailure.foreign(kind: part.kind, name: part.name, evidence: evidence)
            }
            states.append(state)
        }
        var changes: [PartChange] = []
        for (part, state) in zip(parts, states) {
            let action: PartChange.Action =
                switch state {
                case .current: .unchanged
                case .unsupported(let why), .hidden(let why): .skipped(why)
                case .unreachable(let why): .pending(why)
                case .absent where isDryRun: .created
                case .different where isDryRun: .updated
                case .absent, .different, .foreign: try await dashboards.write(part, domain, over: state)
                }
            changes.append(PartChange(kind: part.kind, name: part.name, action: action))
        }
        return changes
    }

    /// Removes what was set up, the last part first; records and incidents stay unless the request says otherwise.
    package func remove(isDryRun: Bool = false, deadline: ContinuousClock.Instant) async throws -> [PartChange] {
        let domain = try await domain(deadline)
        var changes: [PartChange] = []
        var dashboards = DashboardsReach(clock: clock)
        for part in try parts(domain, forRemoval: true).reversed() {
            let state = try await dashboards.state(of: part, domain)
            switch state {
            case .absent, .unsupported: continue
            case .hidden(let why):
                changes.append(PartChange(kind: part.kind, name: part.name, action: .skipped(why)))
            case .unreachable(let why):
                changes.append(PartChange(kind: part.kind, name: part.name, action: .pending(why)))
            case .foreign(let evidence):
                // Of what is many things some may be ours.
                if !isDryRun, let objects = part as? SavedObjectsPart { try await objects.remove(domain, state) }
                let why = part is SavedObjectsPart ? "not all of it is ours: \(evidence)" : "is not ours"
                changes.append(PartChange(kind: part.kind, name: part.name, action: .skipped(why)))
            case .current, .different:
                if !isDryRun { try await part.remove(domain, state) }
                changes.append(PartChange(kind: part.kind, name: part.name, action: .removed))
            }
        }
        if request.deletesRecords {
            for pattern in ["usage-records-*", IncidentTemplate.index] {
                if !isDryRun { try await delete(pattern, domain) }
                changes.append(PartChange(kind: "indices", name: pattern, action: .removed))
            }
        }
        return changes
    }

    private func delete(_ pattern: String, _ domain: DomainClient) async throws {
        let found = try await domain.ask(.get, "/\(pattern)/_mapping", query: "expand_wildcards=all")
        guard case .object(let indices)? = found.json, found.refusal == nil else { return }
        // One by one: a cluster may forbid patterns in deletions, and what is not ours stays.
        for index in indices where index.value["mappings"]?["_meta"]?["owner"]?.string == PartMark.owner {
            let reply = try await domain.ask(.delete, "/\(index.name)")
            if reply.refusal != nil, !reply.isAbsent { throw reply.failure }
        }
    }

    private func domain(_ deadline: ContinuousClock.Instant) async throws -> DomainClient {
        var domain = DomainClient(search: search, deadline: deadline)
        let about = try await domain.must(.get, "/")
        guard about["version"]?["distribution"]?.string == "opensearch",
            let number = about["version"]?["number"]?.string
        else { throw ProvisionFailure.unsupported("it is no OpenSearch") }
        let parts = number.split(separator: ".").map { Int($0) ?? 0 }
        guard parts.count >= 2 else { throw ProvisionFailure.unsupported("its version is \(number)") }
        domain.version = parts
        return domain
    }

    private func parts(_ domain: DomainClient, forRemoval: Bool = false) throws -> [any DomainPart] {
        func json(_ text: String) throws -> AWSAccess.JSONValue {
            guard let json = AWSAccess.JSONValue(Array(text.utf8)) else {
                throw ProvisionFailure.unsupported("a body of ours cannot be read")
            }
            return json
        }
        let hasFlatObjects = domain.isAtLeast(2, 7)
        var parts: [any DomainPart] = [
            TemplatePart(
                name: "usage-records",
                pattern: "usage-records-*",
                body: try json(IndexTemplate.json(catalog, hasFlatObjects: hasFlatObjects))
            ),
            TemplatePart(
                name: IncidentTemplate.index,
                pattern: IncidentTemplate.index,
                body: try json(IncidentTemplate.json)
            ),
            LifecyclePart(retentionDays: request.retentionDays),
        ]
        for (role, arns) in AccessRoles.all(request) where forRemoval || !arns.isEmpty {
            parts += [role, RoleMappingPart(name: role.name, arns: arns)]
        }
        if let topic = request.alertTopicArn ?? (forRemoval ? "" : nil) {
            parts.append(ChannelPart(topicArn: topic, roleArn: request.channelRoleArn))
        }
        let detectors = DetectorBodies.all(catalog, imputes: domain.isAtLeast(2, 17))
        for detector in detectors { parts.append(DetectorPart(name: detector.name, body: try json(detector.json))) }
        if request.alertTopicArn != nil || forRemoval {
            parts += detectors.map { MonitorPart(name: $0.name, intervalMinutes: $0.intervalMinutes) }
        }
        let dashboards = UsageDashboards(catalog)
        parts.append(SavedObjectsPart(kind: "index patterns", name: PartMark.owner, objects: try dashboards.patterns()))
        parts += dashboards.all.map { SavedObjectsPart(kind: "dashboard", name: $0.id, objects: $0.objects) }
        return parts
    }
}
