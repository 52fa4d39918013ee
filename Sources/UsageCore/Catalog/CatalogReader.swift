/// Reads a catalog's tree and notes every violation with the path of the entry and what is allowed there.
struct CatalogReader {
    private(set) var problems: [String] = []

    private static let nameForm = "lower-case letters, digits and hyphens"
    private static let entryKeys = [
        "name", "title", "eventSources", "eventNames", "outcome", "errorCodes", "quantity", "attributes", "novelty",
        "resources", "everyCall", "volume", "detector", "severity", "cost", "causes", "recommendations", "references",
    ]

    mutating func catalog(_ tree: JSONValue) -> ([Usage], [CauseRule]) {
        guard tree.members != nil else {
            note("the catalog", "must be an object with version, usages and causes")
            return ([], [])
        }
        keys(tree, at: "the catalog", allowed: ["version", "usages", "causes"])
        if tree["version"]?.number != 1 { note("version", "must be 1") }
        let rules = rules(tree)
        let ruleIds = rules.map(\.id) + Self.causesInCode
        var usages: [Usage] = []
        let entries = list(tree, "usages", at: "")
        if entries.isEmpty, problems.isEmpty { note("usages", "is empty; at least one entry is needed") }
        for (index, entry) in entries.enumerated() {
            let name = entry["name"]?.string.map { " (\(Hostile.shown($0, limit: 60)))" } ?? ""
            let usage = self.usage(entry, at: "usages[\(index)]\(name)", causes: ruleIds)
            if usages.contains(where: { $0.name == usage.name }) {
                note("usages[\(index)]\(name).name", "stands twice; each entry needs a name of its own")
            }
            usages.append(usage)
        }
        return (usages, rules)
    }

    private mutating func usage(_ entry: JSONValue, at path: String, causes: [String]) -> Usage {
        keys(entry, at: path, allowed: Self.entryKeys)
        let name = text(entry, "name", at: path)
        if !name.isEmpty, !name.utf8.allSatisfy({ $0 == 0x2D || 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 }) {
            note("\(path).name", "\(shown(.string(name))) has other characters than \(Self.nameForm)")
        }
        let sources = texts(entry, "eventSources", at: path)
        for source in sources where !source.contains(".") {
            note(
                "\(path).eventSources",
                "\(shown(.string(source))) is no event source; one looks like ec2.amazonaws.com"
            )
        }
        if entry["eventSources"]?.array?.isEmpty == true { note("\(path).eventSources", "is empty") }
        let outcome = choice(entry, "outcome", at: path, of: Usage.Outcome.self)
        let codes = entry["errorCodes"] == nil ? [] : texts(entry, "errorCodes", at: path)
        if let outcome, outcome != .failure, !codes.isEmpty {
            note("\(path).errorCodes", "has no effect with outcome \(outcome.rawValue); allowed with failure alone")
        }
        let named = texts(entry, "causes", at: path)
        for cause in named where !causes.contains(cause) {
            note("\(path).causes", "\(shown(.string(cause))) is not known; allowed: \(causes.joined(separator: ", "))")
        }
        return Usage(
            name: name,
            title: text(entry, "title", at: path),
            eventSources: sources,
            eventNames: eventNames(entry, at: path, allowsPrefix: true),
            outcome: outcome ?? .success,
            errorCodes: codes,
            unit: entry["quantity"].map { text($0, "unit", at: "\(path).quantity") } ?? "",
            quantity: quantity(entry, at: path),
            attributes: attributes(entry, at: path),
            novelty: texts(entry, "novelty", at: path).compactMap { named in
                if let novelty = Usage.Novelty(rawValue: named) { return novelty }
                note(
                    "\(path).novelty",
                    "\(shown(.string(named))) is not known; allowed: \(allowed(Usage.Novelty.self))"
                )
                return nil
            },
            resources: resources(entry, at: path),
            isToldEachTime: isToldEachTime(entry, at: path),
            isLowVolume: volume(entry, at: path) == .low,
            detector: detector(entry, at: path),
            severity: severity(entry, at: path),
            cost: cost(entry, at: path),
            causes: named,
            recommendations: recommendations(entry, at: path, causes: causes),
            references: texts(entry, "references", at: path)
        )
    }

    private mutating func isToldEachTime(_ entry: JSONValue, at path: String) -> Bool {
        guard let value = entry["everyCall"] else { return false }
        guard let flag = value.bool else {
            note("\(path).everyCall", "\(shown(value)) is not known; allowed: true, false")
            return false
        }
        if flag, entry["volume"]?.string == Volume.high.rawValue {
            note("\(path).everyCall", "needs volume low: calls that are told one by one must be kept one by one")
        }
        return flag
    }

    private enum Volume: String, CaseIterable { case low, high }

    private mutating func volume(_ entry: JSONValue, at path: String) -> Volume? {
        choice(entry, "volume", at: path, of: Volume.self)
    }

    private mutating func detector(_ entry: JSONValue, at path: String) -> Usage.DetectorPlan {
        let place = "\(path).detector"
        let plan = entry["detector"] ?? .object([])
        keys(plan, at: place, allowed: ["interval", "delay", "shingle"])
        let shingle = plan["shingle"]?.number ?? 0
        if !(1...128 ~= shingle) || shingle != shingle.rounded() { note("\(place).shingle", "allowed: 1 to 128") }
        return Usage.DetectorPlan(
            intervalSeconds: interval(plan, "interval", at: place),
            delaySeconds: interval(plan, "delay", at: place),
            shingle: 1...128 ~= shingle ? Int(shingle) : 8
        )
    }

    private mutating func interval(_ plan: JSONValue, _ key: String, at path: String) -> Int64 {
        if let seconds = plan[key]?.string.flatMap(Interval.parse), 60...86400 ~= seconds { return seconds }
        note("\(path).\(key)", "\(shown(plan[key])) is no interval; allowed: 1m to 24h, as in 10m")
        return 600
    }

    private mutating func severity(_ entry: JSONValue, at path: String) -> [String: Usage.Thresholds] {
        let members = entry["severity"]?.members ?? []
        if !members.contains(where: { $0.name == "default" }) {
            note("\(path).severity", "must have default: {low, medium, high}; other keys are account types")
        }
        var result: [String: Usage.Thresholds] = [:]
        for member in members {
            let place = "\(path).severity.\(member.name)"
            keys(member.value, at: place, allowed: ["low", "medium", "high"])
            guard let low = member.value["low"]?.number, let medium = member.value["medium"]?.number,
                let high = member.value["high"]?.number, 0 < low, low <= medium, medium <= high
            else {
                note(place, "needs numbers low, medium and high, each above 0 and not below the one before")
                continue
            }
            result[member.name] = Usage.Thresholds(low: low, medium: medium, high: high)
        }
        return result
    }

    private mutating func cost(_ entry: JSONValue, at path: String) -> Usage.CostModel {
        let cost = entry["cost"] ?? .object([])
        keys(cost, at: "\(path).cost", allowed: ["model", "why"])
        switch cost["model"]?.string {
        case "ec2-instances": return .ec2Instances
        case "ebs-volumes": return .ebsVolumes
        case "lambda-requests": return .lambdaRequests
        case "none": return .none(why: text(cost, "why", at: "\(path).cost"))
        default:
            note(
                "\(path).cost.model",
                "\(shown(cost["model"])) is not known; allowed: ec2-instances, ebs-volumes, lambda-requests, none"
            )
            return .none(why: "")
        }
    }

    /// Adds one violation.
    mutating func note(_ path: String, _ problem: String) { problems.append("\(path): \(problem)") }
}
