/// Weighs a first use: what is new, for whom, with how much money, and whether a controller did it.
enum FirstUse {
    /// Points of the heaviest first use of an incident; 0 where there is none.
    static func points(_ incident: IncidentCase, _ cost: CostImpact, _ signs: [CredentialAbuse.Sign]) -> Double {
        let firsts = incident.parts.filter { $0.anomaly.channel == .firstUse && $0.evidence.recordCount > 0 }
        guard !firsts.isEmpty else { return 0 }
        var points = 0.0
        for part in firsts {
            var weight: Double
            switch part.anomaly.novelty {
            case .region: weight = 2
            case .family, .model, .api, nil: weight = 1
            }
            if isNewToOrganization(part, incident) { weight += 1 }
            if let type = part.evidence.leading(.instanceType)?.value, InstanceFamily.isAccelerated(type) {
                weight += 1
            }
            points = max(points, weight)
        }
        if signs.contains(where: { $0.name == "new-address" || $0.name == "new-tool" }) { points += 1 }
        if signs.contains(where: { $0.name == "denied" || $0.name == "probe" }) { points += 1 }
        if cost.perDay.high >= 100 { points += 1 }
        if cost.perDay.high >= 1000 { points += 1 }
        if isController(firsts, incident) { points -= 2 }
        return points
    }

    /// No other account used it before.
    private static func isNewToOrganization(_ part: IncidentCase.Part, _ incident: IncidentCase) -> Bool {
        !incident.counts.firstUses.contains { key, first in
            key.novelty == part.anomaly.novelty && key.value == part.anomaly.noveltyValue
                && (key.novelty == .region || key.usage == part.anomaly.usage)
                && key.account != part.anomaly.account && first < part.anomaly.start
        }
    }

    /// A controller or a stack made most of the calls: new families are its business.
    private static func isController(_ parts: [IncidentCase.Part], _ incident: IncidentCase) -> Bool {
        parts.allSatisfy { part in
            let records = part.evidence.records
            let byController = records.count {
                $0.caller.isController || $0.caller.invokedBy == "cloudformation.amazonaws.com"
            }
            return !records.isEmpty && byController * 2 > records.count
        }
    }
}
