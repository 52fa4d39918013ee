/// What a check of a deployment has seen, and what is wrong with it.
package struct Finding: Sendable, Equatable {
    /// How a thing stands, the worst last.
    package enum State: String, Sendable, CaseIterable, Comparable {
        case ok
        /// Not part of this deployment.
        case off
        /// It could not be looked at.
        case unknown
        case warning
        case broken

        package static func < (one: State, other: State) -> Bool { one.rank < other.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// One thing that is wrong or could not be seen, with what to do about it.
    package struct Problem: Sendable, Equatable {
        /// `unknown`, `warning` or `broken`.
        package let state: State
        package let what: String
        package let fix: String

        /// Takes the parts as they are.
        package init(_ state: State, _ what: String, fix: String) {
            self.state = state
            self.what = what
            self.fix = fix
        }
    }

    /// What was seen, in a line.
    package let observed: String
    /// More of it, a line each.
    package let details: [String]
    package let problems: [Problem]
    private let isOff: Bool

    /// Takes the parts as they are.
    package init(_ observed: String, details: [String] = [], problems: [Problem] = []) {
        self.init(observed: observed, details: details, problems: problems, isOff: false)
    }

    private init(observed: String, details: [String], problems: [Problem], isOff: Bool) {
        self.observed = observed
        self.details = details
        self.problems = problems
        self.isOff = isOff
    }

    /// For what this deployment does not have.
    package static func off(_ why: String) -> Finding {
        Finding(observed: why, details: [], problems: [], isOff: true)
    }

    /// For what could not be looked at.
    package static func unknown(_ why: String, fix: String) -> Finding {
        Finding("not looked at", problems: [Problem(.unknown, why, fix: fix)])
    }

    /// The worst of its problems.
    package var state: State { problems.map(\.state).max() ?? (isOff ? .off : .ok) }
}
