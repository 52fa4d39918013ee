import Testing

@testable import anomalyctl

@Suite struct ArgumentsTests {
    private let command = Command(
        name: "weigh",
        summary: "",
        operands: .init(name: "THING...", count: 1...2, help: ""),
        options: [
            .init(name: "--level", value: "X", help: ""), .init(name: "--every", value: "5m", help: ""),
            .init(name: "--from", value: "TIME", help: ""), .init(name: "--dry", value: nil, help: ""),
            .init(name: "--env", value: "K=V", help: "", isRepeatable: true),
            .init(name: "--format", value: "F", help: "", choices: ["text", "json"], standard: "text"),
            .init(name: "-o", value: "DIR", help: "", isRequired: true),
        ],
        explanation: "",
        run: { _ in .done }
    )

    private func failure(_ words: String...) -> UsageFailure? {
        do throws(UsageFailure) {
            _ = try Arguments(words, for: command)
            return nil
        } catch {
            return error
        }
    }

    @Test func `operands and options come in any order, values behind a space or an equals sign`() throws {
        let words = ["--format=json", "a", "-o", "out", "--env", "A=1", "b", "--env=B=2", "--dry"]
        let arguments = try Arguments(words, for: command)
        #expect(arguments.operands == ["a", "b"])
        #expect(arguments.text("--format") == "json")
        #expect(arguments.text("-o") == "out")
        #expect(arguments.text("--env") == "B=2")
        #expect(arguments.has("--dry"))
        #expect(!arguments.has("--level"))
    }

    @Test func `a default stands in where an option is not given`() throws {
        #expect(try Arguments(["a", "-o", "out"], for: command).text("--format") == "text")
    }

    @Test func `after two dashes everything is an operand`() throws {
        #expect(try Arguments(["-o", "out", "--", "--level", "-"], for: command).operands == ["--level", "-"])
    }

    @Test func `each misuse is one failure that carries its evidence`() {
        #expect(
            failure("a", "-o", "x", "--leval", "1")
                == .unknownOption("--leval", command: "weigh", near: "--level")
        )
        #expect(failure("a", "-o") == .missingValue(option: "-o", value: "DIR", command: "weigh"))
        #expect(failure("a") == .missingOption("-o", value: "DIR", command: "weigh"))
        #expect(failure("a", "-o", "x", "-o", "y") == .repeated(option: "-o"))
        #expect(
            failure("a", "-o", "x", "--format", "xml")
                == .badValue(option: "--format", value: "xml", allowed: "text, json")
        )
        #expect(
            failure("a", "-o", "x", "--dry=yes")
                == .badValue(option: "--dry", value: "yes", allowed: "no value; it is a switch")
        )
        #expect(failure("-o", "x") == .wrongOperands(given: 0, wanted: "THING...", command: "weigh"))
        #expect(failure("a", "b", "c", "-o", "x") == .wrongOperands(given: 3, wanted: "THING...", command: "weigh"))
    }

    @Test func `a value or operand that is empty is refused, as if it were not there`() {
        for words in [["a", "-o", ""], ["a", "-o="]] {
            #expect(throws: UsageFailure.missingValue(option: "-o", value: "DIR", command: "weigh")) {
                try Arguments(words, for: command)
            }
        }
        #expect(throws: UsageFailure.self) { try Arguments(["", "-o", "x"], for: command) }
    }

    @Test(arguments: ["x", "nan", "inf", "-inf", "0.009", "1e400", "0.5 "])
    func `a level that is no number in range is refused`(text: String) throws {
        let arguments = try Arguments(["a", "-o", "x", "--level", text], for: command)
        #expect(throws: UsageFailure.self) { try arguments.number("--level", in: 0.01...0.99) }
    }

    @Test(arguments: ["5", "m", "0m", "-5m", "5 m", "5M", "1.5h", "401d", "99999999999999999999s"])
    func `an interval that is none is refused`(text: String) throws {
        let arguments = try Arguments(["a", "-o", "x", "--every", text], for: command)
        #expect(throws: UsageFailure.self) { try arguments.interval("--every") }
    }

    @Test func `lengths of time and times are read in seconds`() throws {
        let arguments = try Arguments(["a", "-o", "x", "--every", "90s", "--from", "2026-10-05"], for: command)
        #expect(try arguments.interval("--every") == 90)
        #expect(try arguments.time("--from") == 1_791_158_400)
    }

    @Test func `every message is one line that ends without a stop`() {
        let failures: [UsageFailure] = [
            .noCommand, .unknownCommand("back\ntest\u{1B}[31m", near: "backtest"),
            .unknownOption("--x\r", command: "weigh", near: nil),
            .missingValue(option: "-o", value: "DIR", command: "weigh"),
            .missingOption("-o", value: "DIR", command: "weigh"),
            .badValue(option: "--level", value: "a\nb", allowed: "a number"), .repeated(option: "-o"),
            .wrongOperands(given: 3, wanted: "THING", command: "weigh"),
            .wrongOperands(given: 1, wanted: nil, command: "weigh"),
        ]
        for failure in failures {
            let text = "\(failure)"
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(text)")
            #expect(!text.hasSuffix("."), "\(text)")
            #expect(!text.isEmpty)
        }
    }

    @Test func `a word is suggested only where it is near`() {
        let names = ["simulate", "replay", "backtest", "detect", "catalog"]
        #expect(Nearest.of("backtset", among: names) == "backtest")
        #expect(Nearest.of("detct", among: names) == "detect")
        #expect(Nearest.of("provision", among: names) == nil)
        #expect(Nearest.of("", among: names) == nil)
    }
}
