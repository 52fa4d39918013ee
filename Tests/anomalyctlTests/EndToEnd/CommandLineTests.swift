import TestSupport
import Testing

@testable import anomalyctl

@Suite struct CommandLineTests {
    static let byHand = SharedData.packageRoot + "/Tests/Fixtures/by-hand"
    static let accounts = "--accounts \(byHand)/accounts.json"

    @Test(
        arguments: [
            ("backtset x", 2, "did you mean backtest?"), ("", 2, "no command given"),
            ("backtest", 2, "it needs INPUT..."),
            ("backtest x --storee y", 2, "did you mean --store?"),
            ("backtest x --format xml", 2, "allowed: text, json"),
            ("backtest x --level 7", 2, "a number from 0.01 to 0.99"), ("backtest x --from yesterday", 2, "a UTC time"),
            ("backtest x --from 2026-02-01 --to 2026-01-01", 2, "a time after --from"),
            ("detect x --interval 5parsecs", 2, "a length of time"),
            ("simulate --days 14", 2, "-o is missing"),
            ("simulate --days ten -o x", 2, "a whole number from 1 to 3650"), ("simulate -o ''", 2, "-o needs a value"),
            ("simulate --start 0000-01-01 -o x", 2, "a day from 1970-01-01 to 2900-01-01"),
            ("simulate --start 2900-01-02 -o x", 2, "a day from 1970-01-01 to 2900-01-01"),
            ("backtest ''", 2, "a name that is not empty"), ("help burn", 2, "there is no command burn"),
            ("catalog burn", 2, "allowed: check, detectors, template"),
            ("backtest /nowhere/at/all", 1, "/nowhere/at/all: cannot be read"),
            ("backtest \(byHand)/trail --accounts /nowhere", 1, "give a JSON file that lists the accounts"),
            ("catalog check --catalog /nowhere", 1, "give a usage catalog in JSON"),
            ("detect \(byHand)", 1, "give a file of timestamp,value lines"),
            ("replay \(byHand)/trail", 1, "give a file with an event"),
            ("backtest \(byHand)/trail --accounts \(SharedData.packageRoot)/LICENSE", 1, "not JSON"),
            ("backtest \(SharedData.packageRoot)/LICENSE", 1, "no CloudTrail record found"),
            ("backtest \(byHand)/trail --store \(SharedData.packageRoot)/LICENSE", 1, "not a usage store"),
            ("backtest \(SharedData.packageRoot)/scripts", 1, "no file in it ends in .json"),
            ("detect \(SharedData.packageRoot)/LICENSE", 1, "series line"),
        ] as [(String, Int32, String)]
    )
    func `what cannot be done is said in one line with what can`(arguments: String, code: Int32, said: String) throws {
        let run = try ProgramRun(arguments)
        #expect(run.code == code)
        #expect(run.messages.contains(said), "\(run.messages)")
        #expect(run.messages.split(separator: "\n").count == 1)
        #expect(run.output.isEmpty)
    }

    @Test(arguments: [
        (#"{"accounts":[{"id":"12"}]}"#, "accounts[0].id"),
        (#"{"accounts":[{"id":"111122223333"},{"id":"111122223333"}]}"#, "stands twice"),
        (#"{"account":[]}"#, "no list named accounts"),
    ])
    func `a list of accounts that cannot be used is told with its file`(text: String, said: String) throws {
        let run = try ProgramRun(
            shell: """
                cd "$(mktemp -d)"; printf %s '\(text)' > wrong.json
                '\(ProgramRun.anomalyctl)' backtest \(Self.byHand)/trail --accounts wrong.json; code=$?; rm -r "$PWD"; exit $code
                """
        )
        #expect(run.code == 1)
        #expect(run.messages.hasPrefix("wrong.json: "))
        #expect(run.messages.contains(said))
        #expect(run.output.isEmpty)
    }

    @Test func `each command explains itself with an example`() throws {
        for command in CommandTable.all {
            #expect(command.help.contains("Example"))
            for option in command.options { #expect(command.help.contains(option.name)) }
            for words in ["\(command.name) --help", "help \(command.name)"] {
                #expect(try ProgramRun(words).output == command.help + "\n")
            }
        }
    }

    @Test func `half a gzip file counts the records before the cut`() throws {
        let run = try ProgramRun(
            shell: """
                cd "$(mktemp -d)" && cat \(Self.byHand)/trail/*.json | tr -d '\\n' | gzip > all.gz
                head -c $(($(stat -c %s all.gz) / 2)) all.gz > half.json.gz
                '\(ProgramRun.anomalyctl)' backtest half.json.gz; code=$?; rm -r "$PWD"; exit $code
                """
        )
        #expect(run.code == 3)
        #expect(run.messages.contains("the gzip data ends early"))
        let counted = try #require(run.messages.split(separator: " ").first.flatMap { Int($0) })
        #expect(counted > 0 && counted < 333)
    }

    @Test func `a store gives the same incidents, and the same input adds nothing to it`() throws {
        let plain = try ProgramRun("backtest \(Self.byHand)/trail \(Self.accounts) --format json")
        let stored = try ProgramRun(
            shell: """
                cd "$(mktemp -d)"
                for run in 1 2; do '\(ProgramRun.anomalyctl)' backtest \(Self.byHand)/trail \(Self.accounts) --store s --format json; done
                rm -r "$PWD"
                """
        )
        #expect(plain.code == 0)
        #expect(!plain.output.isEmpty)
        #expect(stored.output == plain.output + plain.output)
        #expect(stored.messages.contains("stored 0 new records; 333 were there already"))
    }

    @Test func `a full disk is one line and exit code 1`() throws {
        let run = try ProgramRun(
            shell: """
                cd "$(mktemp -d)"; (ulimit -f 100; '\(ProgramRun.anomalyctl)' backtest \(Self.byHand)/trail --store s); code=$?
                rm -r "$PWD"; exit $code
                """
        )
        #expect(run.code == 1)
        let said = /s: no room to write \(.+\); the batch was rolled back, free some space and run again\n/
        #expect(run.messages.wholeMatch(of: said) != nil, "\(run.messages)")
        #expect(run.output.isEmpty)
    }

    @Test func `records in another order, or twice, give the same incidents but for the moment of detection`() throws {
        let run = try ProgramRun(
            shell: """
                cd "$(mktemp -d)"; mkdir twice; n=0
                for file in $(ls -r \(Self.byHand)/trail/*.json); do n=$((n+1)); cp $file twice/a$n.json; cp $file twice/b$n.json; done
                '\(ProgramRun.anomalyctl)' backtest twice \(Self.accounts) --format json; code=$?; rm -r "$PWD"; exit $code
                """
        )
        let plain = try ProgramRun("backtest \(Self.byHand)/trail \(Self.accounts) --format json")
        #expect(run.code == 0)
        #expect(plain.code == 0)
        #expect(plain.output.split(separator: "\n").count == 2)
        #expect(
            run.output.replacing(/"detectedAt":"[^"]*"/, with: "")
                == plain.output.replacing(/"detectedAt":"[^"]*"/, with: "")
        )
    }

    @Test func `detect gives a row for each row`() throws {
        let run = try ProgramRun(
            shell: """
                { echo timestamp,value; for i in $(seq 1 200); do echo "$((i*300)),$((i % 7))"; done; } > /tmp/series-$$.csv
                '\(ProgramRun.anomalyctl)' detect /tmp/series-$$.csv; rm /tmp/series-$$.csv
                """
        )
        let lines = run.output.split(separator: "\n")
        #expect(lines.first == "timestamp,value,anomaly_score,grade,expected,low,high,reason")
        #expect(lines.count == 201)
    }
}
