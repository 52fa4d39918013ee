/// Prices what an incident started and follows what of it still runs.
package enum CostLedger {
    /// The cost of `incident` at list price.
    package static func cost(_ incident: IncidentCase) -> CostImpact {
        var cost = CostImpact()
        var bases: Set<String> = []
        var assumptions: Set<String> = []
        var unpriced: Set<String> = []
        var averageLow = 0.0
        var counted: Set<String> = []
        let table = PriceTable()
        var notes = PriceNotes()
        // The widest window first: a count, a spend and a first-use anomaly may lie over the same records.
        let parts = incident.parts.sorted {
            ($0.anomaly.channel == .count ? 0 : 1) < ($1.anomaly.channel == .count ? 0 : 1)
        }
        for part in parts {
            let usage = incident.usage(part)
            let evidence = part.evidence
            switch usage.cost {
            // Nobody asks what it cost to stop a trail.
            case .none where usage.isToldEachTime: continue
            case .none(let why): unpriced.insert("\(usage.title): \(why)")
            case .lambdaRequests:
                guard
                    counted.insert("\(part.anomaly.usage)/\(part.anomaly.account.value)/\(part.anomaly.region)")
                        .inserted,
                    let price = table.lambdaRequests(count: 1, region: incident.region(part))
                else { continue }
                invocations(part, incident, price, &cost)
                bases.insert(price.basis.rawValue)
                assumptions.insert("\(price.note), as of \(price.date)")
                unpriced.insert("\(usage.title): compute time is not in the record, only requests are priced")
            case .ec2Instances, .ebsVolumes:
                let excess = Dictionary(part.culprits.principals.map { ($0.name, $0.excess) }) { first, _ in first }
                for resource in evidence.started {
                    guard let share = excess[resource.principal], counted.insert(resource.id).inserted else { continue }
                    cost.started += 1
                    let known = CaseFile.Resource(
                        usage: part.anomaly.usage,
                        account: part.anomaly.account,
                        id: resource.id
                    )
                    let end = min(incident.caseFile.ended[known] ?? incident.asOf, incident.asOf)
                    let isRunning = incident.caseFile.ended[known].map { $0 > incident.asOf } ?? true
                    if isRunning { cost.stillRunning += 1 }
                    guard let price = hourly(resource, usage.cost, table) else {
                        unpriced.insert(
                            "\(usage.title): no price for \(resource.type ?? "an unknown type") in \(resource.region)"
                        )
                        continue
                    }
                    let hours = Double(max(0, end - resource.seconds)) / 3600
                    let age = Double(max(3600, incident.asOf - incident.start)) / 3600
                    cost.accrued += price.expected * hours * share
                    averageLow += price.low * hours * share / age * 24
                    if isRunning {
                        cost.perDay.expected += price.expected * 24 * share
                    } else {
                        cost.spentOnEnded += price.expected * hours * share
                    }
                    cost.perDay.high += price.high * 24 * share
                    bases.insert(price.basis.rawValue)
                    notes.note(price, resource)
                }
                if evidence.unfollowed > 0 {
                    unpriced.insert(
                        "\(usage.title): \(Counted.text(evidence.unfollowed, usage.unit)) without an identity in the record"
                    )
                }
            }
        }
        cost.perDay.low += min(averageLow, cost.perDay.expected)
        cost.perDay.high = max(cost.perDay.high, cost.perDay.expected)
        if !bases.isEmpty {
            cost.basis = bases.sorted().joined(separator: "; ")
            assumptions.formUnion(notes.sentences)
            assumptions.insert(
                "on-demand list prices before discounts, Savings Plans and credits, only beyond what was expected"
            )
            if cost.stillRunning > 0 {
                assumptions.insert("what no record ends is taken as running until \(EventTime.text(incident.asOf))")
            }
        }
        cost.assumptions = assumptions.sorted()
        cost.unpriced = unpriced.sorted()
        return cost
    }

    private static func hourly(_ resource: StartedResource, _ model: Usage.CostModel, _ table: PriceTable) -> Price? {
        if model == .ebsVolumes {
            guard let size = resource.sizeGiB else { return nil }
            // AWS bills volumes by the second of a month of 30 days.
            return table.volumeMonthly(
                type: resource.type ?? "gp2",
                sizeGiB: size,
                iops: resource.iops,
                throughput: resource.throughput,
                region: resource.region
            )?.times(1 / 720)
        }
        return resource.type.flatMap {
            table.hourly(instanceType: $0, region: resource.region, isSpot: resource.isSpot)
        }
    }

    /// Invocations do not run on: what counts is their rate, and whether it still holds at the end of the input.
    private static func invocations(
        _ part: IncidentCase.Part,
        _ incident: IncidentCase,
        _ price: Price,
        _ cost: inout CostImpact
    ) {
        let anomaly = part.anomaly
        let excess = max(0, anomaly.observed - anomaly.expected)
        let days = Double(max(3600, anomaly.end - anomaly.start)) / 86400
        let isOngoing = anomaly.end + SeriesScan.bridgedGap / 6 >= incident.asOf
        cost.accrued += excess * price.expected
        cost.spentOnEnded += excess * price.expected
        cost.perDay.high += excess / days * price.high
        if isOngoing { cost.perDay.expected += excess / days * price.expected }
        if isOngoing { cost.perDay.low += excess / days * price.low }
    }
}
