@testable import UsageCore

/// Incidents made from the few things a test is about.
struct SampleIncident {
    var id = "a"
    var state = Incident.State.open
    var start: Int64 = 1000
    var end: Int64 = 2000
    var detectedAt: Int64 = 1500
    var score = 5.0
    var dollars = 100.0
    var accounts = ["111122223333"]
    var usage = "ec2-run-instances"
    var mergedFrom: [String] = []
    var summary = "EC2 RunInstances: 47 instances in prod-main."

    var incident: Incident {
        var cost = CostImpact()
        cost.basis = "table"
        cost.perDay = .init(low: dollars / 2, expected: dollars, high: dollars * 2)
        cost.accrued = dollars / 10
        cost.stillRunning = 3
        cost.started = 4
        return Incident(
            id: id,
            state: state,
            start: start,
            end: end,
            detectedAt: detectedAt,
            mergedFrom: mergedFrom,
            eventNames: ["RunInstances"],
            severity: Severity(score: score, reasons: ["money"]),
            entities: accounts.map { id in
                var account = AccountContext(id: id)
                account.alias = "prod-\(id.suffix(2))"
                account.type = "production"
                return Incident.Entity(
                    usage: usage,
                    title: "EC2 RunInstances",
                    account: account,
                    region: "eu-west-1",
                    observed: 47,
                    expected: 3.25,
                    unit: "instances",
                    grade: 0.875,
                    confidence: 0.5,
                    channel: "count",
                    start: start,
                    end: end,
                    reason: "far above the usual"
                )
            },
            pattern: .singleAccount,
            principals: ["arn:aws:iam::111122223333:role/ci"],
            sourceAddresses: ["203.0.113.7"],
            causes: [
                Cause(
                    id: "terraform",
                    title: "Terraform",
                    confidence: .high,
                    evidence: [.init(text: "12 of 12 calls: user agent Terraform", eventIds: ["e-1", "e-2"])]
                )
            ],
            cost: cost,
            summary: summary,
            recommendations: ["Stop it."],
            expectedChange: nil
        )
    }
}
