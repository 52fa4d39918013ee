/// Reads a catalog's tree and notes every violation with the path of the entry and what is allowed there.
struct CatalogReader {
    private(set) var problems: [String] = []

    private static let nameForm = "lower-case letters, digits and hyphens"
    private static let entryKeys = [
        "name", "title", "eventSources", "eventNames", "outcome", "errorCodes", "quantity", "attributes", "novelty",
        "resources", "volume", "detector", "severity", "cost", "causes", "recommendations", "references",
    ]
    /// Causes that are told from more than one record, in code.
    static let causesInCode = ["deployment", "credential-abuse", "human-console", "lambda-retry-storm", "unknown"]

    private static let ownNames = ["name", "place", "quantity", "unit"]

    mutating func catalog(_ tree: JSONValue) -> ([Usage], [CauseRule]) {
        guard tree.members != nil else {
            note("the catalog", "must be an object with version, usages and causes")
            return ([], [])
        }
        keys(tree, at: "the catalog", allowed: ["version", "usages", "causes"])
        if tree["version"]?.number != 1 { note("version", "must be 1") }
        let rules = list(tree, "causes", at: "").enumerated().map { cause($1, at: "causes[\($0)]") }
        let ruleIds = rules.map(\.id) + Self.causesInCode
        var usages: [Usage] = []
        let entries = list(tree, "usages", at: "")
        if entries.isEmpty, problems.isEmpty { note("usages", "is empty; at least one entry is needed") }
        for (index, entry) in entries.enumerated() {
            let name = entry["name"]?.string.map { " (\($0))" } ?? ""
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
            note("\(path).name", "\"\(name)\" has other characters than \(Self.nameForm)")
        }
        let sources = texts(entry, "eventSources", at: path)
        for source in sources where !source.contains(".") {
            note("\(path).eventSources", "\"\(source)\" is no event source; one looks like ec2.amazonaws.com")
        }
        let names = texts(entry, "eventNames", at: path)
        if entry["eventSources"]?.array?.isEmpty == true { note("\(path).eventSources", "is empty") }
        if entry["eventNames"]?.array?.isEmpty == true { note("\(path).eventNames", "is empty") }
        let named = texts(entry, "causes", at: path)
        for cause in named where !causes.contains(cause) {
            note("\(path).causes", "\"\(cause)\" is not known; allowed: \(causes.joined(separator: ", "))")
        }
        return Usage(
            name: name,
            title: text(entry, "title", at: path),
            eventSources: sources,
            eventNames: names,
            outcome: choice(entry, "outcome", at: path, of: Usage.Outcome.self) ?? .success,
            errorCodes: entry["errorCodes"] == nil ? [] : texts(entry, "errorCodes", at: path),
            unit: entry["quantity"].map { text($0, "unit", at: "\(path).quantity") } ?? "",
            quantity: quantity(entry, at: path),
            attributes: attributes(entry, at: path),
            novelty: texts(entry, "novelty", at: path).compactMap { named in
                if let novelty = Usage.Novelty(rawValue: named) { return novelty }
                note("\(path).novelty", "\"\(named)\" is not known; allowed: \(allowed(Usage.Novelty.self))")
                return nil
            },
            resources: resources(entry, at: path),
            isLowVolume: volume(entry, at: path) == .low,
            detector: detector(entry, at: path),
            severity: severity(entry, at: path),
            cost: cost(entry, at: path),
            causes: named,
            recommendations: list(entry, "recommendations", at: path).enumerated().map { index, advice in
                let place = "\(path).recommendations[\(index)]"
                keys(advice, at: place, allowed: ["cause", "accountType", "text"])
                if let cause = advice["cause"]?.string, !causes.contains(cause) {
                    note("\(place).cause", "\"\(cause)\" is not known; allowed: \(causes.joined(separator: ", "))")
                }
                return Usage.Recommendation(
                    cause: advice["cause"]?.string,
                    accountType: advice["accountType"]?.string,
                    text: text(advice, "text", at: place)
                )
            },
            references: texts(entry, "references", at: path)
        )
    }

    private enum Volume: String, CaseIterable { case low, high }

    private mutating func volume(_ entry: JSONValue, at path: String) -> Volume? {
        choice(entry, "volume", at: path, of: Volume.self)
    }

    private mutating func quantity(_ entry: JSONValue, at path: String) -> [Usage.QuantitySource] {
        guard let quantity = entry["quantity"] else {
            note("\(path).quantity", "is missing; it needs unit and from")
            return []
        }
        keys(quantity, at: "\(path).quantity", allowed: ["unit", "from"])
        let sources = list(quantity, "from", at: "\(path).quantity")
        if sources.isEmpty { note("\(path).quantity.from", "is empty; the last source may be {\"constant\":1}") }
        return sources.enumerated().compactMap { index, source in
            let place = "\(path).quantity.from[\(index)]"
            keys(source, at: place, allowed: ["constant", "path", "take"])
            if let constant = source["constant"]?.number {
                if constant > 0 { return .constant(constant) }
                note("\(place).constant", "must be above 0")
                return nil
            }
            guard let value = self.path(source, "path", at: place) else { return nil }
            switch source["take"]?.string {
            case "count": return .count(value)
            case "sum": return .sum(value)
            default:
                note("\(place).take", "allowed: count, sum")
                return nil
            }
        }
    }

    private mutating func attributes(_ entry: JSONValue, at path: String) -> [Usage.Attribute] {
        guard let members = entry["attributes"]?.members else {
            note("\(path).attributes", "must be an object of name: [paths]; {} where nothing is lifted")
            return []
        }
        return members.map { member in
            let place = "\(path).attributes.\(member.name)"
            // They stand beside the attributes in the stored record's `usage`, where a name may stand once only.
            if Self.ownNames.contains(member.name) {
                note(place, "is ours; allowed is any name but \(Self.ownNames.joined(separator: ", "))")
            }
            let paths = (member.value.array ?? []).compactMap { value -> ValuePath? in
                if let path = value.string.flatMap(ValuePath.init) { return path }
                note(place, "\(shown(value)) is no path; one begins with \(allowed(ValuePath.Root.self))")
                return nil
            }
            if paths.isEmpty, member.value.array?.isEmpty ?? true { note(place, "must be a list of paths") }
            return Usage.Attribute(name: member.name, paths: paths)
        }
    }

    private mutating func resources(_ entry: JSONValue, at path: String) -> Usage.Resources? {
        guard let resources = entry["resources"] else { return nil }
        let place = "\(path).resources"
        keys(resources, at: place, allowed: ["ids", "endedBy"])
        let ends = list(resources, "endedBy", at: place).enumerated().compactMap { index, end -> Usage.Resources.End? in
            let names = texts(end, "eventNames", at: "\(place).endedBy[\(index)]")
            return self.path(end, "ids", at: "\(place).endedBy[\(index)]").map { .init(eventNames: names, ids: $0) }
        }
        return self.path(resources, "ids", at: place).map { Usage.Resources(ids: $0, endedBy: ends) }
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

    private mutating func cause(_ rule: JSONValue, at path: String) -> CauseRule {
        keys(rule, at: path, allowed: ["id", "title", "expected", "signs"])
        if rule["expected"]?.bool == nil { note("\(path).expected", "allowed: true, false") }
        let signs = list(rule, "signs", at: path).enumerated().compactMap { index, sign -> CauseRule.Sign? in
            let place = "\(path).signs[\(index)]"
            keys(sign, at: place, allowed: ["field", "contains"])
            let contained = text(sign, "contains", at: place)
            return choice(sign, "field", at: place, of: CauseRule.Field.self).map { .init(field: $0, text: contained) }
        }
        return CauseRule(
            id: text(rule, "id", at: path),
            title: text(rule, "title", at: path),
            isExpected: rule["expected"]?.bool ?? false,
            signs: signs
        )
    }

    // MARK: - Leaves

    private mutating func note(_ path: String, _ problem: String) { problems.append("\(path): \(problem)") }

    private mutating func keys(_ value: JSONValue, at path: String, allowed: [String]) {
        guard let members = value.members else {
            return note(path, "must be an object with \(allowed.joined(separator: ", "))")
        }
        for member in members where !allowed.contains(member.name) {
            note(
                "\(path).\(Hostile.shown(member.name, limit: 40))",
                "is not known; allowed: \(allowed.joined(separator: ", "))"
            )
        }
    }

    private mutating func text(_ value: JSONValue, _ key: String, at path: String) -> String {
        if let text = value[key]?.string, !text.isEmpty { return text }
        note("\(path).\(key)", value[key] == nil ? "is missing; a text is needed" : "must be a text")
        return ""
    }

    private mutating func list(_ value: JSONValue, _ key: String, at path: String) -> [JSONValue] {
        if let list = value[key]?.array { return list }
        note(
            path.isEmpty ? key : "\(path).\(key)",
            value[key] == nil ? "is missing; a list is needed" : "must be a list"
        )
        return []
    }

    private mutating func texts(_ value: JSONValue, _ key: String, at path: String) -> [String] {
        list(value, key, at: path).compactMap { element in
            if let text = element.string { return text }
            note("\(path).\(key)", "\(shown(element)) is no text")
            return nil
        }
    }

    private mutating func path(_ value: JSONValue, _ key: String, at place: String) -> ValuePath? {
        if let path = value[key]?.string.flatMap(ValuePath.init) { return path }
        note("\(place).\(key)", "\(shown(value[key])) is no path; one begins with \(allowed(ValuePath.Root.self))")
        return nil
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: JSONValue,
        _ key: String,
        at path: String,
        of type: Choice.Type
    ) -> Choice? {
        if let choice = value[key]?.string.flatMap(Choice.init) { return choice }
        note("\(path).\(key)", "\(shown(value[key])) is not known; allowed: \(allowed(type))")
        return nil
    }

    private func allowed<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private func shown(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        var json = JSONText()
        json.value(value)
        return Hostile.shown(json.text, limit: 60)
    }
}
