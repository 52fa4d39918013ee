/// What prices rest on, one sentence for each basis instead of one for each type and Region.
struct PriceNotes {
    private struct Users {
        var types: Set<String> = []
        var regions: Set<String> = []
        var date = ""
    }

    private var users: [PriceBasis: Users] = [:]

    mutating func note(_ price: Price, _ resource: StartedResource) {
        users[price.basis, default: Users()].types.insert(resource.type ?? "unknown type")
        users[price.basis, default: Users()].regions.insert(resource.region)
        users[price.basis, default: Users()].date = price.date
    }

    var sentences: [String] {
        users.map { basis, users in
            let types = Hostile.shown(users.types.sorted().prefix(8).joined(separator: ", "), limit: 160)
            let regions = Hostile.shown(users.regions.sorted().prefix(8).joined(separator: ", "), limit: 160)
            return "\(basis.rawValue) for \(types) in \(regions), as of \(users.date)"
        }
    }
}
