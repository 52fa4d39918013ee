import AWSAccess
import UsageCore

/// Whether the domain is well and set up to take records.
struct DomainCheck: DeploymentCheck {
    let name = "domain"

    /// What the domain answered.
    struct Answers {
        /// Version of OpenSearch; empty where it is not known.
        var version = ""
        var health: DomainClient.Reply
        var template: DomainClient.Reply
        /// Settings of our indices that forbid writing.
        var blocks: DomainClient.Reply
    }

    static let noDomain = Finding.off("OPENSEARCH_ENDPOINT is not set: the state table is the only store")
    static let serverless = Finding.off("a serverless collection: AWS keeps its health, and has no path to ask for it")

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        guard let endpoint = try deployment.needSettings().openSearchEndpoint else { return Self.noDomain }
        if Self.isServerless(endpoint) { return Self.serverless }
        let domain = deployment.domain(endpoint, deadline: deadline)
        do {
            let root = try await domain.ask(.get, "/")
            return Self.judge(
                Answers(
                    version: root.json?["version"]?["number"]?.string ?? "",
                    health: try await domain.ask(.get, "/_cluster/health"),
                    template: try await domain.ask(.get, "/_index_template/\(Self.template)"),
                    blocks: try await domain.ask(
                        .get,
                        "/usage-*/_settings/index.blocks.*",
                        query: "expand_wildcards=open&flat_settings=true"
                    )
                )
            )
        } catch let failure as ServiceFailure {
            guard case .noAnswer = failure.cause else { throw failure }
            return Self.silent(failure, endpoint)
        }
    }

    static let template = "usage-records"

    static func isServerless(_ endpoint: Endpoint) -> Bool { endpoint.host.contains(".aoss.") }

    /// Hosts of domains inside a VPC begin so (Amazon OpenSearch Service Developer Guide, "VPC domains").
    static func silent(_ failure: ServiceFailure, _ endpoint: Endpoint) -> Finding {
        guard !endpoint.host.hasPrefix("vpc-") else {
            let fix = "run this from inside the domain's VPC; from elsewhere nobody can reach it"
            return Finding("\(endpoint)", problems: [.init(.unknown, "\(failure)", fix: fix)])
        }
        let fix = "look at the domain in the console, and whether OPENSEARCH_ENDPOINT is its endpoint"
        return Finding("\(endpoint)", problems: [.init(.broken, "\(failure)", fix: fix)])
    }

    static func judge(_ answers: Answers) -> Finding {
        var problems: [Finding.Problem] = []
        var observed = answers.version.isEmpty ? "version not known" : "OpenSearch \(answers.version)"
        if answers.health.refusal == nil, let health = answers.health.json, let status = health["status"]?.string {
            let nodes = health["number_of_data_nodes"]?.int ?? 0
            observed += ", \(status), \(Counted.text(nodes, "data nodes"))"
            problems += self.health(status, nodes: nodes, unassigned: health["unassigned_shards"]?.int ?? 0)
        } else {
            problems.append(answers.health.problem("the domain's health"))
        }
        if answers.template.status == 404 {
            let fix = "anomalyctl provision, or deploy again; what is stored before has the wrong mapping"
            problems.append(.init(.broken, "the index template \(template) is missing", fix: fix))
        } else if answers.template.refusal != nil {
            problems.append(answers.template.problem("the index template \(template)"))
        }
        problems += self.blocks(answers.blocks)
        return Finding(observed, problems: problems)
    }

    private static func health(_ status: String, nodes: Int, unassigned: Int) -> [Finding.Problem] {
        let shards = Counted.text(unassigned, "shards")
        switch status {
        case "red":
            let fix =
                "GET _cluster/allocation/explain says why; restore the index from a snapshot if its copies are gone"
            return [.init(.broken, "some data is not there: \(shards) unassigned", fix: fix)]
        // With one node there is no place for a second copy, and none is missed.
        case "yellow" where nodes > 1:
            let fix = "GET _cluster/allocation/explain says why; a node is missing or its disk is full"
            return [.init(.warning, "some data has one copy only: \(shards) unassigned", fix: fix)]
        default: return []
        }
    }

    private static func blocks(_ answer: DomainClient.Reply) -> [Finding.Problem] {
        if answer.status == 404 { return [] }
        guard answer.refusal == nil, case .object(let indices)? = answer.json else {
            return [answer.problem("whether indices can be written")]
        }
        let blocked = indices.filter { index in
            guard case .object(let settings)? = index.value["settings"] else { return false }
            return settings.contains { setting in
                // What only forbids changing the mapping forbids no record.
                setting.name != "index.blocks.metadata" && setting.value.string == "true"
            }
        }
        guard let first = blocked.first else { return [] }
        let fix =
            "make room (larger volumes, shorter RETENTION_DAYS), then PUT \(first.name)/_settings {\"index.blocks.read_only_allow_delete\": null}"
        return [
            .init(
                .broken,
                "\(blocked.count == 1 ? "1 index" : "\(blocked.count) indices") cannot be written, \(first.name) first",
                fix: fix
            )
        ]
    }
}
