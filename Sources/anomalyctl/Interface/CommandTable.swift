/// The commands, in the order in which a newcomer meets them.
enum CommandTable {
    static let all: [Command] = [
        SimulateCommand.declaration, ReplayCommand.declaration, BacktestCommand.declaration, DetectCommand.declaration,
        CatalogCommand.declaration, InvokeCommand.declaration, ProvisionCommand.declaration, DoctorCommand.declaration,
        RedriveCommand.declaration,
    ]

    /// The general help.
    static var help: String {
        let width = all.map(\.name.count).max() ?? 0
        var lines = [
            "anomalyctl finds unusual AWS usage in CloudTrail records: what, where, why, what it costs, what to do.",
            "",
            "usage: anomalyctl COMMAND ...",
            "",
        ]
        for command in all {
            lines.append(
                "  " + command.name + String(repeating: " ", count: width - command.name.count + 2) + command.summary
            )
        }
        lines += [
            "",
            "anomalyctl COMMAND --help explains a command with an example.",
            "Results go to standard output, progress and messages to standard error.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with some input set aside.",
            "",
            "To begin: anomalyctl simulate --days 14 --accounts 12 --seed 7 -o demo",
            "          anomalyctl backtest demo/trail --accounts demo/accounts.json",
        ]
        return lines.joined(separator: "\n")
    }

    private static func command(named name: String) throws(UsageFailure) -> Command {
        guard let command = all.first(where: { $0.name == name }) else {
            throw .unknownCommand(name, near: Nearest.of(name, among: all.map(\.name)))
        }
        return command
    }

    /// Runs what the words ask for.
    static func run(_ words: [String]) async -> ExitCode {
        do {
            guard let name = words.first else { throw UsageFailure.noCommand }
            let rest = Array(words.dropFirst())
            if name == "--help" || name == "-h" || name == "help" {
                // `help backtest` is asked for as often as `backtest --help`.
                try Console.print(try rest.first.map { try Self.command(named: $0).help } ?? help)
                return .done
            }
            let command = try Self.command(named: name)
            if rest.contains("--help") || rest.contains("-h") {
                try Console.print(command.help)
                return .done
            }
            return try await command.run(try Arguments(rest, for: command))
        } catch OutputFailure.unread {
            // As `head` ends other tools: without a word, and not as if all had been written.
            return .failed
        } catch let failure as UsageFailure {
            Console.say("\(failure)")
            return .usage
        } catch {
            Console.say("\(error)")
            return .failed
        }
    }
}
