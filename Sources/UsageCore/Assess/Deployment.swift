/// Recognises a pipeline behind the calls: by how it signed in, by its name, by what it changed at the same time.
enum Deployment {
    private static let pipelineWords = [
        "deploy", "cicd", "ci-cd", "pipeline", "github", "gitlab", "jenkins", "buildkite", "circleci", "codebuild",
        "bitbucket", "teamcity", "argocd", "spinnaker", "release",
    ]

    static func cause(_ incident: IncidentCase, _ records: [WatchedRecord]) -> Cause? {
        var claims: [Cause.Claim] = []
        var signs = 0
        let named = records.filter { isPipeline($0.caller) }
        if let first = named.first {
            signs += 1
            let session = first.caller.session.map { ", session \(Hostile.shown($0, limit: 60))" } ?? ""
            claims.append(
                .init(
                    text: "\(CauseFinding.of(named.count, records.count, first.eventName)) by "
                        + "\(Hostile.shown(Principal.spoken(first.caller.principal), limit: 80))\(session)",
                    eventIds: CauseFinding.ids(named)
                )
            )
        }
        let changes = siblings(incident, records)
        if !changes.isEmpty {
            signs += 1
            let names = Set(changes.map(\.eventName)).sorted().prefix(4).joined(separator: ", ")
            claims.append(
                .init(
                    text: "the same caller changed other things around that time: \(Hostile.shown(names, limit: 120))",
                    eventIds: changes.prefix(Cause.shownIds).map(\.eventId)
                )
            )
        }
        guard let first = named.first, signs > 0 else { return nil }
        let share = Double(named.count) / Double(records.count)
        guard share >= 0.4 else { return nil }
        return Cause(
            id: "deployment",
            title: "A deployment by \(Hostile.shown(Principal.spoken(first.caller.principal), limit: 60))",
            confidence: signs > 1 && share >= 0.8 ? .high : .medium,
            evidence: claims
        )
    }

    private static func isPipeline(_ caller: Caller) -> Bool {
        if Principal.isService(caller.principal) { return false }
        let name = (Principal.spoken(caller.principal) + " " + (caller.session ?? "") + " " + caller.userAgent)
            .lowercased()
        let role = Principal.spoken(caller.principal).lowercased()
        return pipelineWords.contains { name.contains($0) } || role.hasSuffix("-ci") || role.contains(" ci-")
            || role.contains("-ci-")
    }

    private static func siblings(_ incident: IncidentCase, _ records: [WatchedRecord]) -> [CaseFile.Sample] {
        var seen: Set<Digest128> = []
        var samples: [CaseFile.Sample] = []
        let accounts = Set(incident.parts.map(\.anomaly.account))
        for record in records where seen.insert(record.caller.habitKey).inserted {
            for account in accounts {
                samples +=
                    incident.caseFile.siblings(.change, of: record.caller.habitKey, in: account)?
                    .calls(in: incident.surroundings).samples ?? []
            }
        }
        return samples.sorted { ($0.seconds, $0.eventId) < ($1.seconds, $1.eventId) }
    }
}
