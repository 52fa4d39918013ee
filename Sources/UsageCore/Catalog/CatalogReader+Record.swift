/// The parts of an entry that say where something stands in a record.
extension CatalogReader {
    /// Members of the stored record's `usage` that are there for every entry.
    private static let ownNames = CountedFacts.memberNames

    /// Names of events: whole ones, and, where a prefix may stand for many, what stands before a `*` at the end.
    mutating func eventNames(_ value: JSONValue, at path: String, allowsPrefix: Bool) -> [String] {
        if value["eventNames"]?.array?.isEmpty == true { note("\(path).eventNames", "is empty") }
        let names = texts(value, "eventNames", at: path)
        for name in names {
            let plain = allowsPrefix && name.hasSuffix("*") ? name.dropLast() : name[...]
            guard plain.isEmpty || plain.contains("*") else { continue }
            let form = "one looks like RunInstances" + (allowsPrefix ? ", or Invoke* for all that begin so" : "")
            note("\(path).eventNames", "\(shown(.string(name))) is no event name; \(form)")
        }
        return names
    }

    mutating func quantity(_ entry: JSONValue, at path: String) -> [Usage.QuantitySource] {
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

    mutating func attributes(_ entry: JSONValue, at path: String) -> [Usage.Attribute] {
        guard let members = entry["attributes"]?.members else {
            note("\(path).attributes", "must be an object of name: [paths]; {} where nothing is lifted")
            return []
        }
        return members.map { member in
            let place = "\(path).attributes.\(member.name)"
            // They stand beside the attributes in the stored record's `usage`, where a name may stand once only.
            if Self.ownNames.contains(member.name) {
                note(place, "is ours; allowed is any name but \(Self.ownNames.sorted().joined(separator: ", "))")
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

    mutating func resources(_ entry: JSONValue, at path: String) -> Usage.Resources? {
        guard let resources = entry["resources"] else { return nil }
        let place = "\(path).resources"
        keys(resources, at: place, allowed: ["ids", "endedBy"])
        let ends = list(resources, "endedBy", at: place).enumerated().compactMap { index, end -> Usage.Resources.End? in
            let names = eventNames(end, at: "\(place).endedBy[\(index)]", allowsPrefix: false)
            return self.path(end, "ids", at: "\(place).endedBy[\(index)]").map { .init(eventNames: names, ids: $0) }
        }
        return self.path(resources, "ids", at: place).map { Usage.Resources(ids: $0, endedBy: ends) }
    }
}
