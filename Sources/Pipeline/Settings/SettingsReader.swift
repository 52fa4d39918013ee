import AWSAccess
import UsageCore

/// Reads keys off the environment and gathers what is wrong with them, so that all of it can be told at once.
struct SettingsReader {
    private let environment: [String: String]
    private(set) var problems: [String] = []

    init(_ environment: [String: String]) { self.environment = environment }

    /// The value of `key`; nil where it is missing or empty, which templates write for what is left out.
    func text(_ key: SettingsKey) -> String? {
        environment[key.rawValue].flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func flag(_ key: SettingsKey, standard: Bool) -> Bool {
        guard let value = text(key) else { return standard }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default:
            refuse(key, value, "true or false")
            return standard
        }
    }

    mutating func whole(_ key: SettingsKey, in range: ClosedRange<Int>, standard: Int) -> Int {
        guard let value = text(key) else { return standard }
        guard let number = Int(value), range.contains(number) else {
            refuse(key, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    mutating func choice<Choice>(_ key: SettingsKey, standard: Choice) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let value = text(key) else { return standard }
        guard let choice = Choice(rawValue: value) else {
            refuse(key, value, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
            return standard
        }
        return choice
    }

    /// An https URL or a bare host; http only on this machine.
    mutating func endpoint(_ key: SettingsKey) -> Endpoint? {
        guard let value = text(key) else { return nil }
        guard let endpoint = Endpoint(value), endpoint.scheme == .https || endpoint.isLoopback else {
            refuse(key, value, "an https URL without a path or a host name; http only on this machine")
            return nil
        }
        return endpoint
    }

    /// An ARN of one of `services`, in any partition.
    mutating func arn(_ key: SettingsKey, of services: [String]) -> String? {
        guard let value = text(key) else { return nil }
        let parts = value.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), services.contains(String(parts[2])),
            !parts[5].isEmpty
        else {
            refuse(key, value, "an ARN of \(services.joined(separator: " or "))")
            return nil
        }
        return value
    }

    /// A value that `isFit` takes.
    mutating func text(_ key: SettingsKey, allowed: String, _ isFit: (String) -> Bool) -> String? {
        guard let value = text(key) else { return nil }
        guard isFit(value) else {
            refuse(key, value, allowed)
            return nil
        }
        return value
    }

    mutating func note(_ problem: String) { problems.append(problem) }

    mutating func refuse(_ key: SettingsKey, _ value: String, _ allowed: String) {
        note("\(key.rawValue): cannot be used (\(Hostile.shown(value, limit: 80))); give \(allowed)")
    }
}
