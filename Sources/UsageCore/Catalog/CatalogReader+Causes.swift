/// The causes that a catalog knows, and what it advises where one is found.
extension CatalogReader {
    /// Causes that are told from more than one record, in code.
    static let causesInCode = ["deployment", "credential-abuse", "human-console", "lambda-retry-storm", "unknown"]

    /// The rules by which causes are recognised, each with an id of its own.
    mutating func rules(_ tree: JSONValue) -> [CauseRule] {
        var rules: [CauseRule] = []
        for (index, entry) in list(tree, "causes", at: "").enumerated() {
            let rule = rule(entry, at: "causes[\(index)]")
            if Self.causesInCode.contains(rule.id) {
                let taken = Self.causesInCode.joined(separator: ", ")
                note("causes[\(index)].id", "\"\(rule.id)\" is told in code; allowed is any id but \(taken)")
            } else if !rule.id.isEmpty, rules.contains(where: { $0.id == rule.id }) {
                note(
                    "causes[\(index)].id",
                    "\(shown(.string(rule.id))) stands twice; each cause needs an id of its own"
                )
            }
            rules.append(rule)
        }
        return rules
    }

    private mutating func rule(_ rule: JSONValue, at path: String) -> CauseRule {
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

    /// What to do, where one of `causes` is found or the account is of a type.
    mutating func recommendations(
        _ entry: JSONValue,
        at path: String,
        causes: [String]
    ) -> [Usage.Recommendation] {
        list(entry, "recommendations", at: path).enumerated().map { index, advice in
            let place = "\(path).recommendations[\(index)]"
            keys(advice, at: place, allowed: ["cause", "accountType", "text"])
            if let cause = advice["cause"], !(cause.string.map(causes.contains) ?? false) {
                note("\(place).cause", "\(shown(cause)) is not known; allowed: \(causes.joined(separator: ", "))")
            }
            if let type = advice["accountType"], type.string?.isEmpty ?? true {
                note("\(place).accountType", "\(shown(type)) is no account type; allowed: a text such as production")
            }
            return Usage.Recommendation(
                cause: advice["cause"]?.string,
                accountType: advice["accountType"]?.string,
                text: text(advice, "text", at: place)
            )
        }
    }
}
