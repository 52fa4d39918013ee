import AWSAccess
import UsageCore

/// Whether the functions are there and ready.
struct FunctionsCheck: DeploymentCheck {
    let name = "functions"

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        Self.judge(deployment.functions)
    }

    static func judge(_ functions: Deployment.Functions) -> Finding {
        var ready = 0
        var details: [String] = []
        var problems: [Finding.Problem] = []
        for function in DeployedFunction.allCases {
            let name = function.rawValue
            switch functions[function] {
            case .success(let found):
                let modified = found.lastModified.map { ", changed \(EventTime.text($0.milliseconds / 1000))" } ?? ""
                details.append("\(name): \(found.architecture), \(found.memoryMiB) MiB\(modified)")
                let faults = faults(name, found)
                if faults.isEmpty { ready += 1 }
                problems += faults
            case .failure(let failure):
                if failure.kind == .notFound {
                    problems.append(
                        .init(
                            .broken,
                            "\(name) is not there",
                            fix: "make deploy, or look in the account and Region of the deployment"
                        )
                    )
                } else {
                    problems.append(.init(.unknown, "\(name): \(failure)", fix: failure.fix))
                }
            case nil: problems.append(.init(.unknown, "\(name): not asked for", fix: "run this again"))
            }
        }
        let all = DeployedFunction.allCases.count
        return Finding("\(ready) of \(all) are ready", details: details, problems: problems)
    }

    private static func faults(_ name: String, _ found: Lambda.FunctionConfiguration) -> [Finding.Problem] {
        var problems: [Finding.Problem] = []
        switch found.state {
        case "Active", "": break
        case "Pending":
            problems.append(.init(.warning, "\(name) is still being made", fix: "run this again in a minute"))
        case "Inactive":
            let fix = "invoke it once; Lambda puts functions aside that nobody has invoked for weeks"
            problems.append(.init(.warning, "\(name) is inactive (\(found.stateReason))", fix: fix))
        default:
            let fix = "mend what the reason says and deploy again"
            problems.append(.init(.broken, "\(name) is \(found.state) (\(found.stateReason))", fix: fix))
        }
        if found.lastUpdate == "Failed" {
            problems.append(
                .init(
                    .broken,
                    "the last update of \(name) failed (\(found.lastUpdateReason))",
                    fix: "mend what the reason says and deploy again"
                )
            )
        }
        return problems
    }
}
