import AWSAccess
import UsageCore

/// Whether the functions can be told what to do: their settings are there and can be used.
struct SettingsCheck: DeploymentCheck {
    let name = "settings"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        let deployed = DeployedFunction.allCases.filter { deployment.configuration($0) != nil }
        return Self.judge(
            deployment.settings,
            problems: deployment.settingsProblems,
            deployed: deployed,
            ownKeys: deployment.ownKeys
        )
    }

    static func judge(
        _ settings: Settings?,
        problems: [String],
        deployed: [DeployedFunction],
        ownKeys: [String]
    ) -> Finding {
        var sources: [String] = []
        if !deployed.isEmpty { sources.append(Counted.text(deployed.count, "deployed functions")) }
        if !ownKeys.isEmpty { sources.append("this environment (\(ownKeys.joined(separator: ", ")))") }
        let source = sources.isEmpty ? "found nowhere" : "from " + sources.joined(separator: ", then ")
        guard let settings else {
            let fix =
                "set the key in the function's environment, or in this one to look at a deployment whose functions cannot be read"
            return Finding(source, problems: problems.map { .init(.broken, $0, fix: fix) })
        }
        var homes: [String] = []
        if let endpoint = settings.openSearchEndpoint { homes.append("OpenSearch at \(endpoint)") }
        if let table = settings.stateTable { homes.append("state table \(table)") }
        return Finding("\(homes.joined(separator: ", ")); \(source)")
    }
}
