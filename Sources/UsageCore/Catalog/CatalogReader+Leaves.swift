/// Single values of a catalog; what is not allowed is noted and replaced by an empty one.
extension CatalogReader {
    mutating func keys(_ value: JSONValue, at path: String, allowed: [String]) {
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

    mutating func text(_ value: JSONValue, _ key: String, at path: String) -> String {
        if let text = value[key]?.string, !text.isEmpty { return text }
        note("\(path).\(key)", value[key] == nil ? "is missing; a text is needed" : "must be a text")
        return ""
    }

    mutating func list(_ value: JSONValue, _ key: String, at path: String) -> [JSONValue] {
        if let list = value[key]?.array { return list }
        note(
            path.isEmpty ? key : "\(path).\(key)",
            value[key] == nil ? "is missing; a list is needed" : "must be a list"
        )
        return []
    }

    mutating func texts(_ value: JSONValue, _ key: String, at path: String) -> [String] {
        list(value, key, at: path).compactMap { element in
            if let text = element.string { return text }
            note("\(path).\(key)", "\(shown(element)) is no text")
            return nil
        }
    }

    mutating func path(_ value: JSONValue, _ key: String, at place: String) -> ValuePath? {
        if let path = value[key]?.string.flatMap(ValuePath.init) { return path }
        note("\(place).\(key)", "\(shown(value[key])) is no path; one begins with \(allowed(ValuePath.Root.self))")
        return nil
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: JSONValue,
        _ key: String,
        at path: String,
        of type: Choice.Type
    ) -> Choice? {
        if let choice = value[key]?.string.flatMap(Choice.init) { return choice }
        note("\(path).\(key)", "\(shown(value[key])) is not known; allowed: \(allowed(type))")
        return nil
    }

    func allowed<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    func shown(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        var json = JSONText()
        json.value(value)
        return Hostile.shown(json.text, limit: 60)
    }
}
