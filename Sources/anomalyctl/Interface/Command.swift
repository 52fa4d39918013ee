/// One command as it is declared: parsing, help and error messages all follow from this.
struct Command: Sendable {
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// What stands behind the name: `INPUT...`, `SERIES.csv`; nil for none.
    let operands: Operands?
    let options: [Option]
    /// What the command does, in paragraphs, with an example.
    let explanation: String
    let run: @Sendable (Arguments) async throws -> ExitCode

    struct Operands: Sendable {
        let name: String
        let count: ClosedRange<Int>
        let help: String
        /// The words that are allowed, where only some are.
        var choices: [String] = []
    }

    struct Option: Sendable {
        let name: String
        /// What the value is called in the help; nil for a flag.
        let value: String?
        let help: String
        var isRequired = false
        var isRepeatable = false
        var choices: [String] = []
        /// Shown in the help; taken where the option is not given.
        var standard: String?
    }

    /// `anomalyctl backtest INPUT... [--accounts FILE]`.
    var usage: String {
        var words = ["anomalyctl", name]
        if let operands { words.append(operands.name) }
        for option in options {
            let word = option.value.map { "\(option.name) \($0)" } ?? option.name
            words.append(option.isRequired ? word : "[\(word)]")
        }
        return words.joined(separator: " ")
    }

    /// The whole help of the command.
    var help: String {
        var lines = ["usage: \(usage)", "", explanation, ""]
        var rows: [(String, String)] = []
        if let operands { rows.append((operands.name, operands.help)) }
        for option in options {
            let standard = option.standard.map { " (default \($0))" } ?? ""
            rows.append((option.value.map { "\(option.name) \($0)" } ?? option.name, option.help + standard))
        }
        rows.append(("--help", "this text"))
        let width = rows.map(\.0.count).max() ?? 0
        for (name, text) in rows {
            lines.append("  " + name + String(repeating: " ", count: width - name.count + 2) + text)
        }
        return lines.joined(separator: "\n")
    }
}
