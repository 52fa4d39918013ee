import Testing

@testable import anomalyctl

@Suite struct CommandTableTests {
    @Test func `the general help names every command and every exit code`() {
        for command in CommandTable.all {
            #expect(CommandTable.help.contains("  \(command.name)"), "\(command.name)")
            #expect(CommandTable.help.contains(command.summary), "\(command.name)")
        }
        #expect(CommandTable.help.contains("0 done, 1 failed, 2 wrong usage, 3 done with some input set aside"))
    }

    @Test func `every command's help names its operands, options, choices and defaults`() {
        for command in CommandTable.all {
            if let operands = command.operands {
                #expect(command.help.contains("  \(operands.name)  "), "\(command.name)")
            }
            for option in command.options {
                let row = "  " + (option.value.map { "\(option.name) \($0)" } ?? option.name) + "  "
                #expect(command.help.contains(row), "\(command.name) \(option.name)")
                for choice in option.choices { #expect(command.help.contains(choice), "\(command.name) \(choice)") }
                if let standard = option.standard { #expect(command.help.contains("(default \(standard))")) }
            }
        }
    }

    @Test func `every example in a help is a command line that its command takes`() throws {
        for command in CommandTable.all {
            let examples = command.help.split(separator: "\n").filter { $0.hasPrefix("  anomalyctl ") }
            #expect(!examples.isEmpty, "\(command.name)")
            for example in examples {
                let words = example.prefix { $0 != ">" }.split(separator: " ").map(String.init)
                try #require(words.count >= 2)
                #expect(words[1] == command.name)
                _ = try Arguments(Array(words.dropFirst(2)), for: command)
            }
        }
    }

    @Test func `lines of help fit a terminal of 120 columns, the usage line apart`() {
        for command in CommandTable.all {
            for line in command.help.split(separator: "\n").dropFirst() {
                #expect(line.count <= 120, "\(line)")
            }
        }
    }
}
