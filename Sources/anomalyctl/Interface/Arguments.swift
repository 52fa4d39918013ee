import UsageCore

/// What was given to a command, checked against its declaration.
struct Arguments: Sendable {
    let operands: [String]
    private let values: [String: [String]]

    /// Sorts `words` into operands and options of `command`; throws the first thing that does not fit.
    init(_ words: [String], for command: Command) throws(UsageFailure) {
        var operands: [String] = []
        var values: [String: [String]] = [:]
        var index = 0
        var onlyOperands = false
        while index < words.count {
            let word = words[index]
            index += 1
            if onlyOperands || !word.hasPrefix("-") || word == "-" {
                operands.append(word)
                continue
            }
            if word == "--" {
                onlyOperands = true
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = command.options.first(where: { $0.name == parts[0] }) else {
                let near = Nearest.of(parts[0], among: command.options.map(\.name))
                throw .unknownOption(parts[0], command: command.name, near: near)
            }
            var value = ""
            if option.value != nil {
                if parts.count == 2 {
                    value = parts[1]
                } else if index < words.count {
                    value = words[index]
                    index += 1
                } else {
                    throw .missingValue(option: option.name, value: option.value ?? "", command: command.name)
                }
                if value.isEmpty {
                    throw .missingValue(option: option.name, value: option.value ?? "", command: command.name)
                }
                if !option.choices.isEmpty, !option.choices.contains(value) {
                    throw .badValue(option: option.name, value: value, allowed: option.choices.joined(separator: ", "))
                }
            } else if parts.count == 2 {
                throw .badValue(option: option.name, value: parts[1], allowed: "no value; it is a switch")
            }
            if values[option.name] != nil, !option.isRepeatable { throw .repeated(option: option.name) }
            values[option.name, default: []].append(value)
        }
        for option in command.options where option.isRequired && values[option.name] == nil {
            throw .missingOption(option.name, value: option.value ?? "", command: command.name)
        }
        let count = command.operands?.count ?? 0...0
        guard count.contains(operands.count) else {
            throw .wrongOperands(given: operands.count, wanted: command.operands?.name, command: command.name)
        }
        if operands.contains("") {
            throw .badValue(option: command.operands?.name ?? "", value: "", allowed: "a name that is not empty")
        }
        if let choices = command.operands?.choices, !choices.isEmpty {
            for operand in operands where !choices.contains(operand) {
                throw .badValue(option: command.name, value: operand, allowed: choices.joined(separator: ", "))
            }
        }
        for option in command.options where values[option.name] == nil {
            if let standard = option.standard { values[option.name] = [standard] }
        }
        self.operands = operands
        self.values = values
    }

    /// The value of an option, its default where it was not given.
    func text(_ name: String) -> String? { values[name]?.last }

    /// The values of an option that may be given several times, in order.
    func texts(_ name: String) -> [String] { values[name] ?? [] }

    /// Whether a switch was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value as a whole number within `range`.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageFailure) -> Int {
        let text = text(name) ?? ""
        guard let number = Int(text), range.contains(number) else {
            throw .badValue(
                option: name,
                value: text,
                allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// The value as a number within `range`; nil where it was not given.
    func number(_ name: String, in range: ClosedRange<Double>) throws(UsageFailure) -> Double? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw .badValue(
                option: name,
                value: text,
                allowed: "a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// The value as a length of time; nil where it was not given.
    func interval(_ name: String) throws(UsageFailure) -> Int64? {
        guard let text = text(name) else { return nil }
        guard let seconds = Interval.parse(text) else {
            throw .badValue(option: name, value: text, allowed: "a length of time such as 90s, 5m, 1h or 1d")
        }
        return seconds
    }

    /// The value as a time; nil where it was not given.
    func time(_ name: String) throws(UsageFailure) -> Int64? {
        guard let text = text(name) else { return nil }
        guard let seconds = EventTime.parse(text) else {
            throw .badValue(
                option: name,
                value: text,
                allowed: "a UTC time such as 2026-10-05T14:00:00Z, or a day such as 2026-10-05"
            )
        }
        return seconds
    }
}
