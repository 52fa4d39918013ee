import UsageCore

/// Something on the command line that does not fit; each says what would.
enum UsageFailure: Error, Equatable {
    case noCommand
    case unknownCommand(String, near: String?)
    case unknownOption(String, command: String, near: String?)
    case missingValue(option: String, value: String, command: String)
    case missingOption(String, value: String, command: String)
    case badValue(option: String, value: String, allowed: String)
    case repeated(option: String)
    case wrongOperands(given: Int, wanted: String?, command: String)
}

extension UsageFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .noCommand: "anomalyctl: no command given; anomalyctl --help lists them"
        case .unknownCommand(let name, let near):
            "anomalyctl: there is no command \(Hostile.shown(name, limit: 40))\(Self.hint(near)); anomalyctl --help lists them"
        case .unknownOption(let name, let command, let near):
            "\(command): there is no option \(Hostile.shown(name, limit: 40))\(Self.hint(near)); anomalyctl \(command) --help lists them"
        case .missingValue(let option, let value, let command):
            "\(command): \(option) needs a value, as in \(option) \(value)"
        case .missingOption(let option, let value, let command):
            "\(command): \(option) is missing; give \(option) \(value)"
        case .badValue(let option, let value, let allowed):
            "\(option): \"\(Hostile.shown(value, limit: 60))\" cannot be used; allowed: \(allowed)"
        case .repeated(let option): "\(option): given twice; once is enough"
        case .wrongOperands(let given, let wanted, let command):
            wanted.map {
                "\(command): \(given == 0 ? "nothing" : Counted.text(given, "operands")) given; it needs \($0)"
            }
                ?? "\(command): takes no operands; anomalyctl \(command) --help says what it takes"
        }
    }

    private static func hint(_ near: String?) -> String { near.map { "; did you mean \($0)?" } ?? "" }
}

/// Finds the word that was probably meant.
enum Nearest {
    /// The word among `words` that differs least from `word`, where that is little.
    static func of(_ word: String, among words: [String]) -> String? {
        words.map { (distance(word, $0), $0) }.filter { $0.0 <= max(2, word.count / 3) }.min { $0.0 < $1.0 }?.1
    }

    /// Levenshtein's edit distance.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one.utf8), Array(other.utf8))
        var row = Array(0...b.count)
        for i in a.indices {
            var previous = row[0]
            row[0] = i + 1
            for j in b.indices {
                let substituted = previous + (a[i] == b[j] ? 0 : 1)
                previous = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
