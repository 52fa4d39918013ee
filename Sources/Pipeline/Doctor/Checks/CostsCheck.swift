import AWSAccess
import UsageCore

/// Whether billing data can be read: Cost Explorer is on.
struct CostsCheck: DeploymentCheck {
    let name = "costs"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        guard try deployment.needSettings().pricesIncidents else { return Self.off }
        let query = CostExplorer.Query(
            start: String(EventTime.text(deployment.now - 3 * 86400).prefix(10)),
            end: String(EventTime.text(deployment.now - 86400).prefix(10))
        )
        do throws(ServiceFailure) {
            let amounts = try await CostExplorer(session: deployment.session).costAndUsage(query, deadline: deadline)
            return Self.judge(.success(amounts))
        } catch {
            return Self.judge(.failure(error))
        }
    }

    static let off = Finding.off("ENABLE_COST_ANALYSIS is false: incidents bear no cost")

    static func judge(_ answer: Result<[CostExplorer.Amount], ServiceFailure>) -> Finding {
        switch answer {
        case .success(let amounts):
            let days = Counted.text(Set(amounts.map(\.start)).count, "days")
            return Finding("Cost Explorer is on: it gave \(days) (the question costs $0.01)")
        case .failure(let failure):
            guard case .refused(let refusal) = failure.cause,
                refusal.code == "DataUnavailableException" || refusal.message.lowercased().contains("not enabled")
            else { return .unseen(failure) }
            return Finding(
                "Cost Explorer has no data",
                problems: [
                    .init(
                        .warning,
                        "\(failure)",
                        fix:
                            "open Cost Explorer once in the console of the management account and let it give access to this one; "
                            + "data comes within a day. Until then costs are those of the records, at list price"
                    )
                ]
            )
        }
    }
}
