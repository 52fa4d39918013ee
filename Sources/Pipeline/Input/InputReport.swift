import UsageCore

/// What became of the input: nothing is dropped without being counted here.
package struct InputReport: Sendable {
    /// Something that could not be read, and where.
    package struct Problem: Equatable, Sendable {
        package let path: String
        package let failure: DecodeFailure
        package let byteCount: Int

        package init(path: String, failure: DecodeFailure, byteCount: Int) {
            self.path = path
            self.failure = failure
            self.byteCount = byteCount
        }

        package var description: String {
            byteCount > 0 ? "\(path): \(failure); \(Counted.text(byteCount, "bytes")) set aside" : "\(path): \(failure)"
        }
    }

    package init() {}

    package var files = 0
    package var bytes = 0
    package var records = 0
    /// What was set aside, by reason.
    package var setAside: [String: Int] = [:]
    /// The first of them.
    package var problems: [Problem] = []
    /// Files that are JSON without records.
    package var withoutRecords: [String] = []

    /// How many pieces were set aside.
    package var setAsideCount: Int { setAside.values.reduce(0, +) }

    private static let shown = 20

    /// Counts a problem, and keeps it where it is among the first.
    package mutating func note(_ problem: Problem) {
        setAside[problem.failure.name, default: 0] += 1
        if problems.count < Self.shown { problems.append(problem) }
    }
}
