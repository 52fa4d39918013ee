extension Incident {
    /// The incident as JSON of at most `limit` bytes, its lists shortened step by step where they are too long.
    ///
    /// What was cut is said in a member `cut`: the name of each list, how many it had, how many are shown. An incident whose lists are
    /// empty is given whole, whatever its length.
    package func json(limit: Int) -> String {
        let whole = json
        guard whole.utf8.count > limit else { return whole }
        var shortest = whole
        for most in [200, 50, 12, 4, 1] {
            var cut = self
            cut.entities = Array(entities.prefix(most))
            cut.principals = Array(principals.prefix(most))
            cut.mergedFrom = Array(mergedFrom.prefix(most))
            cut.sourceAddresses = Array(sourceAddresses.prefix(most))
            let lists = [
                ("entities", entities.count), ("principals", principals.count), ("mergedFrom", mergedFrom.count),
                ("sourceAddresses", sourceAddresses.count),
            ]
            var note = JSONText()
            note.object { json in
                json.name("cut")
                json.object { json in
                    for (name, count) in lists where count > most {
                        json.name(name)
                        json.object { json in
                            json.name("count")
                            json.integer(count)
                            json.name("shown")
                            json.integer(most)
                        }
                    }
                }
            }
            shortest = cut.json.dropLast() + "," + note.text.dropFirst()
            if shortest.utf8.count <= limit { return shortest }
        }
        return shortest
    }
}
