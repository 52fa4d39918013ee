/// Which questions are asked of a case; what is not asked is said to be unknown.
package struct Analysis: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What it costs.
    package static let cost = Analysis(rawValue: 1)
    /// Why it happened.
    package static let causes = Analysis(rawValue: 2)
    package static let all: Analysis = [.cost, .causes]
}
