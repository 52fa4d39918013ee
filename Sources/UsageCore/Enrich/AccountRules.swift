/// What an account's name, tags and place in the organization say about it.
///
/// Tags speak first, then the account's name, then its organizational units from the inside out: the nearer a statement is to the
/// account, the more it counts.
package enum AccountRules {
    /// The context of the account `id`.
    ///
    /// - Parameters:
    ///   - id: 12 digits.
    ///   - name: As Organizations has it; empty if there is none.
    ///   - tags: By key, in whatever spelling the organization uses.
    ///   - units: Names of the root and the organizational units above the account, outermost first; nil where they are not known.
    /// - Returns: The context, which is not missing.
    package static func context(
        id: String,
        name: String,
        tags: [String: String],
        units: [String]?
    ) -> AccountContext {
        let tags = plain(tags)
        var context = AccountContext(id: id)
        context.alias = first(["alias", "accountalias", "accountname"], in: tags) ?? (name.isEmpty ? nil : name)
        context.ouPath = units.map { $0.joined(separator: "/") }
        context.costCenter = first(["costcenter", "costcentre", "costcode"], in: tags)
        context.owner = first(["owner", "owneremail", "accountowner", "technicalowner", "contact"], in: tags)
        context.environment = first(["environment", "env", "stage"], in: tags)
        context.team = first(["team", "teamname", "squad", "department"], in: tags)
        context.type = type(tags, name: context.alias ?? name, units: units ?? [])
        return context
    }

    private static func type(_ tags: [String: String], name: String, units: [String]) -> String? {
        for key in ["accounttype", "type", "environment", "env", "stage"] {
            guard let value = tags[key] else { continue }
            if let known = known(value) { return known }
            // A type of the organization's own is its word, an environment of its own is not.
            if key.hasSuffix("type") { return value.lowercased() }
        }
        if let known = known(name) { return known }
        for unit in units.reversed() {
            if let known = known(unit) { return known }
        }
        return nil
    }

    /// The type that one of the words in `text` stands for; later words are looked at first, as in `payments-prod`.
    private static func known(_ text: String) -> String? {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        for (index, word) in words.enumerated().reversed() {
            // `non-prod` and `pre-prod` are one word each.
            let before = index > 0 ? words[index - 1] : ""
            let whole = before == "non" || before == "pre" ? before + word : word
            if let type = types.first(where: { $0.words.contains(whole) }) { return type.name }
        }
        // Words that only mean something together.
        let joined = words.joined()
        return ["sharedservice", "logarchive"].first(where: joined.contains).map {
            $0 == "logarchive" ? "security" : "shared-services"
        }
    }

    private static let types: [(name: String, words: Set<Substring>)] = [
        ("production", ["production", "prod", "prd", "live"]),
        ("staging", ["staging", "stage", "stg", "uat", "preprod", "preproduction", "acceptance", "qa"]),
        ("development", ["development", "dev", "devel", "test", "testing", "integration", "nonprod", "nonproduction"]),
        ("sandbox", ["sandbox", "sandboxes", "sbx", "playground", "lab", "experiments"]),
        ("security", ["security", "audit", "forensics", "compliance"]),
        ("shared-services", ["shared", "infrastructure", "infra", "network", "networking", "platform", "tooling"]),
    ]

    /// Tags with their keys in one spelling: `Cost-Center`, `costCenter` and `cost:center` are the same.
    private static func plain(_ tags: [String: String]) -> [String: String] {
        var plain: [String: String] = [:]
        // In order, so that of two spellings of one key the same always counts.
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            let value = value.trimmed
            guard !value.isEmpty else { continue }
            let letters = key.lowercased().filter { $0.isLetter || $0.isNumber }
            if plain[letters] == nil { plain[letters] = value }
        }
        return plain
    }

    private static func first(_ keys: [String], in tags: [String: String]) -> String? {
        for key in keys {
            if let value = tags[key] { return value }
        }
        return nil
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
