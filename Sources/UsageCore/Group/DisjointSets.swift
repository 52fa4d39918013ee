/// Sets that are joined two at a time (union-find).
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    /// The smallest member of the set that holds `index`.
    func root(_ index: Int) -> Int {
        var index = index
        while parents[index] != index { index = parents[index] }
        return index
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (first, second) = (root(one), root(other))
        parents[max(first, second)] = min(first, second)
    }

    /// The members of each set.
    var groups: [[Int]] {
        var groups: [Int: [Int]] = [:]
        for index in parents.indices { groups[root(index), default: []].append(index) }
        return Array(groups.values)
    }
}
