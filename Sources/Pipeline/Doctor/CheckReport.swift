import UsageCore

/// A check's name and what it found, as it is shown; text from outside is made harmless here.
package struct CheckReport: Sendable, Equatable {
    package let name: String
    package let finding: Finding

    /// Takes the parts as they are.
    package init(name: String, finding: Finding) {
        self.name = name
        self.finding = finding
    }

    /// Characters of a line's text.
    private static let longest = 500

    /// For a person: a line, and below it each detail, problem and fix.
    package var text: String {
        let state = finding.state.rawValue
        let indent = String(repeating: " ", count: 9)
        var lines = ["\(Self.padded(state, 9))\(Self.padded(name, 14))\(Self.shown(finding.observed))"]
        lines += finding.details.map { "\(indent)- \(Self.shown($0))" }
        for (index, problem) in finding.problems.enumerated() {
            lines.append("\(indent)\(problem.state.rawValue): \(Self.shown(problem.what))")
            // What mends several is said once, below the last of them.
            let next = finding.problems.dropFirst(index + 1).first
            if next?.fix != problem.fix { lines.append("\(indent)fix: \(Self.shown(problem.fix))") }
        }
        return lines.joined(separator: "\n")
    }

    /// The same as a JSON object.
    package var json: String {
        var json = JSONText()
        json.object { json in
            for (name, value) in [
                ("check", name), ("state", finding.state.rawValue), ("observed", finding.observed),
            ] {
                json.name(name)
                json.string(value)
            }
            json.name("details")
            json.array { json in for detail in finding.details { json.string(detail) } }
            json.name("problems")
            json.array { json in
                for problem in finding.problems {
                    json.object { json in
                        for (name, value) in [
                            ("state", problem.state.rawValue), ("what", problem.what), ("fix", problem.fix),
                        ] {
                            json.name(name)
                            json.string(value)
                        }
                    }
                }
            }
        }
        return json.text
    }

    private static func shown(_ text: String) -> String { Hostile.shown(text, limit: longest) }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
