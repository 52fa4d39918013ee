/// What is wrong with the environment: every bad key at once, one line each.
package struct SettingsFailure: Error, Equatable, CustomStringConvertible {
    /// `KEY: what is wrong (evidence); what to give`.
    package let problems: [String]

    package var description: String { problems.joined(separator: "\n") }
}
