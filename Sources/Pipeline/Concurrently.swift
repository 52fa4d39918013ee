/// Work on many things at a time, but not on all of them.
package enum Concurrently {
    /// `body` of every element, in the order of the elements; after the first failure nothing new is begun.
    ///
    /// - Parameters:
    ///   - elements: What to work on.
    ///   - most: Calls of `body` under way at the same time, 1 or more.
    ///   - body: The work.
    /// - Returns: The results.
    /// - Throws: What `body` throws first.
    package static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element],
        atMost most: Int,
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        var results: [Result?] = Array(repeating: nil, count: elements.count)
        try await eachInOrder(elements, atMost: most, body) { index, result in results[index] = result }
        return results.compactMap(\.self)
    }

    /// Calls `take` with the result of `body` for every element, in the order of the elements.
    ///
    /// Results that come before their turn wait, at most `most` of them.
    package static func eachInOrder<Element: Sendable, Result: Sendable>(
        _ elements: [Element],
        atMost most: Int,
        _ body: @escaping @Sendable (Element) async throws -> Result,
        take: (Int, Result) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var waiting: [Int: Result] = [:]
            var next = 0
            var turn = 0
            while turn < elements.count {
                while next < elements.count, next < turn + max(1, most) {
                    let index = next
                    group.addTask { (index, try await body(elements[index])) }
                    next += 1
                }
                guard let (index, result) = try await group.next() else { return }
                waiting[index] = result
                while let result = waiting.removeValue(forKey: turn) {
                    try take(turn, result)
                    turn += 1
                }
            }
        }
    }
}
