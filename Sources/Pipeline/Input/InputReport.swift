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
            "\(Hostile.path(path)): \(failure)"
                + (byteCount > 0 ? "; \(Counted.text(byteCount, "bytes")) set aside" : "")
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
    /// Files without records, such as JSON of another kind: how many, and the first of them.
    package private(set) var withoutRecordsCount = 0
    package private(set) var withoutRecords: [String] = []

    /// How many pieces were set aside.
    package var setAsideCount: Int { setAside.values.reduce(0, +) }

    /// Problems that are told one by one.
    package static let shown = 20

    /// Counts what was set aside, by reason, and keeps of the samples those that are among the first.
    package mutating func note(_ counts: [String: Int], _ samples: [Problem]) {
        setAside.merge(counts, uniquingKeysWith: +)
        problems += samples.prefix(max(0, Self.shown - problems.count))
    }

    /// Counts a file without records.
    package mutating func noteWithoutRecords(_ path: String) {
        withoutRecordsCount += 1
        if withoutRecords.count < Self.shown { withoutRecords.append(path) }
    }

    /// Counts a problem, and keeps it where it is among the first.
    package mutating func note(_ problem: Problem) {
        setAside[problem.failure.name, default: 0] += 1
        if problems.count < Self.shown { problems.append(problem) }
    }
}
