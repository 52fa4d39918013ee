import AWSAccess
import UsageCore

/// What became of the functions' invocations in the last 24 hours, by the metrics that Lambda writes.
struct ErrorsCheck: DeploymentCheck {
    let name = "errors"

    /// Sums of one function over the span.
    struct Sums: Equatable {
        var invocations = 0.0
        var errors = 0.0
        var throttles = 0.0
        /// Events that Lambda has given up.
        var dropped = 0.0
        /// Events that could not even be written to where failures go.
        var lost = 0.0
    }

    private static var metrics: [(name: String, path: WritableKeyPath<Sums, Double>)] {
        [
            ("Invocations", \.invocations), ("Errors", \.errors), ("Throttles", \.throttles),
            ("AsyncEventsDropped", \.dropped), ("DestinationDeliveryFailures", \.lost),
        ]
    }
    private static let span: Int64 = 86400

    func finding(_ deployment: Deployment, deadline: ContinuousClock.Instant) async throws -> Finding {
        var queries: [CloudWatch.Query] = []
        for (number, function) in DeployedFunction.allCases.enumerated() {
            for metric in Self.metrics {
                queries.append(
                    CloudWatch.Query(
                        id: "f\(number)_\(metric.name)",
                        namespace: "AWS/Lambda",
                        metric: metric.name,
                        dimensions: ["FunctionName": function.rawValue],
                        statistic: "Sum",
                        periodSeconds: 3600
                    )
                )
            }
        }
        let end = deployment.now
        let answer = try await CloudWatch(session: deployment.session).metricData(
            queries,
            from: WallTime(milliseconds: (end - Self.span) * 1000),
            to: WallTime(milliseconds: end * 1000),
            deadline: deadline
        )
        var sums: [DeployedFunction: Sums] = [:]
        for (number, function) in DeployedFunction.allCases.enumerated() {
            for metric in Self.metrics {
                let points = answer["f\(number)_\(metric.name)"] ?? []
                sums[function, default: Sums()][keyPath: metric.path] = points.reduce(0) { $0 + $1.value }
            }
        }
        return Self.judge(sums, hasIndex: deployment.settings?.qIndexId != nil)
    }

    /// `hasIndex`: whether there is an index that the connector is invoked for.
    static func judge(_ sums: [DeployedFunction: Sums], hasIndex: Bool) -> Finding {
        var total = Sums()
        var details: [String] = []
        var problems: [Finding.Problem] = []
        for function in DeployedFunction.allCases {
            let sum = sums[function] ?? Sums()
            let name = function.rawValue
            for metric in metrics { total[keyPath: metric.path] += sum[keyPath: metric.path] }
            if sum.invocations > 0 {
                details.append(
                    "\(name): \(Counted.text(sum.invocations, "invocations")), \(Counted.text(sum.errors, "errors"))"
                )
            } else if function != .connector || hasIndex {
                problems.append(silent(function))
            }
            problems += faults(name, sum)
        }
        return Finding(
            "last 24 hours: \(Counted.text(total.invocations, "invocations")), \(Counted.text(total.errors, "errors"))",
            details: details,
            problems: problems
        )
    }

    private static func silent(_ function: DeployedFunction) -> Finding.Problem {
        let fix =
            switch function {
            case .logs: "look at the checks \"trail\" and \"intake\""
            case .processor, .connector: "enable its schedule in EventBridge, and look at the rule's permission"
            }
        return .init(.broken, "\(function.rawValue) was not invoked", fix: fix)
    }

    private static func faults(_ name: String, _ sum: Sums) -> [Finding.Problem] {
        var problems: [Finding.Problem] = []
        let log = "look at the log group /aws/lambda/\(name) for level ERROR"
        if sum.errors > 0 {
            let isMost = sum.errors * 2 >= sum.invocations
            let share =
                "\(name): \(Counted.text(sum.errors, "errors")) in \(Counted.text(sum.invocations, "invocations"))"
            problems.append(.init(isMost ? .broken : .warning, share, fix: log))
        }
        if sum.throttles > 0 {
            problems.append(
                .init(
                    .warning,
                    "\(name) was held back \(Counted.text(sum.throttles, "times"))",
                    fix: "raise its reserved concurrency, or the account's"
                )
            )
        }
        if sum.dropped > 0 {
            problems.append(
                .init(
                    .broken,
                    "Lambda gave up \(Counted.text(sum.dropped, "events")) of \(name)",
                    fix:
                        "\(log); what was given up lies where the function's failures go: invoke the function with it again"
                )
            )
        }
        if sum.lost > 0 {
            problems.append(
                .init(
                    .broken,
                    "\(Counted.text(sum.lost, "events")) of \(name) could not be kept when they failed",
                    fix: "look at the rights of the function's role on its failure destination"
                )
            )
        }
        return problems
    }
}
