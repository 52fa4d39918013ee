import TestSupport
import Testing
import UsageCore

@testable import anomalyctl

/// Input that is wrong in part or whole: one clear line, the right exit code, and nothing else lost.
@Suite struct BadInputTests {
    private static let trail = CommandLineTests.byHand + "/trail"

    /// Runs `commands` in a folder of their own; `$A` is the program.
    private func run(_ commands: String) throws -> ProgramRun {
        try ProgramRun(
            shell:
                "A='\(ProgramRun.anomalyctl)'; cd \"$(mktemp -d)\" || exit 99; (\n\(commands)\n); code=$?; rm -r \"$PWD\"; exit $code"
        )
    }

    @Test(
        arguments: [
            (#"{"accounts":[{"id":"12"}]}"#, #"accounts[0].id: "12" is no account id"#),
            (#"{"accounts":[{"id":111122223333}]}"#, "accounts[0].id: 111122223333 is no account id"),
            (#"{"accounts":[{"alias":"x"}]}"#, "accounts[0].id: nothing is no account id"),
            (#"{"accounts":[{"id":"111122223333"},{"id":"111122223333"}]}"#, "account 111122223333 stands twice"),
            (#"{"accounts":{}}"#, "there is no list named accounts"),
            (#"{"accounts":["#, "the JSON ends in the middle"),
            ("", "the JSON ends in the middle"),
        ]
    )
    func `an account file that is wrong is told before anything is read`(json: String, said: String) throws {
        let run = try run("printf '%s' '\(json)' > accounts.json; $A backtest \(Self.trail) --accounts accounts.json")
        #expect(run.code == 1)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("accounts.json: "), "\(run.messages)")
        #expect(run.messages.contains(said), "\(run.messages)")
        #expect(run.messages.split(separator: "\n").count == 1)
    }

    @Test(arguments: ["", "--store s"])
    func `a file that is not JSON is set aside, and the others give the same incidents`(store: String) throws {
        let plain = try run("$A backtest \(Self.trail) --format json")
        let run = try run("echo hello > bad.json; $A backtest bad.json \(Self.trail) --format json \(store)")
        #expect(plain.code == 0)
        #expect(run.code == 3)
        #expect(run.output == plain.output)
        #expect(run.messages.contains("333 records from 31 files"), "\(run.messages)")
        #expect(run.messages.contains("bad.json: not JSON at byte 0"), "\(run.messages)")
    }

    @Test(arguments: ["", "--store s"])
    func `half a gzip file keeps every record before the cut`(store: String) throws {
        let lines = """
            for i in $(seq 100000 103999); do
            echo '{"eventVersion":"1.08","eventTime":"2026-10-05T10:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"DescribeRegions","awsRegion":"us-east-1","recipientAccountId":"111122223333","eventID":"'$i'-aaaa"}'
            done > all.jsonl; gzip -c all.jsonl > all.gz; head -c $(($(stat -c %s all.gz) / 2)) all.gz > half.json.gz
            """
        // What gzip itself gets out of the half, in whole lines.
        let run = try run(
            "\(lines)\ngzip -dc half.json.gz 2>/dev/null | wc -l; $A backtest half.json.gz --format json \(store)"
        )
        let whole = try #require(Int(run.output.split(separator: "\n").first ?? ""))
        #expect(whole > 500)
        #expect(run.code == 3)
        let counted = Int(
            (run.messages.split(separator: " ").first ?? "").filter { $0 != "," }
        )
        #expect(counted.map { $0 >= whole } == true, "\(whole) lines; \(run.messages)")
        #expect(run.messages.contains("the gzip data ends early"), "\(run.messages)")
    }

    @Test(arguments: [
        "--help", "catalog check", "backtest \(trail)", "backtest \(trail) --store s",
        "replay \(trail)/2026-03-01-kiln.json", "simulate --days 1 --accounts 1 --traffic 0.01 -o x",
    ])
    func `closed standard output is one line and exit code 1, whatever else is closed`(arguments: String) throws {
        for streams in [">&-", ">&- <&-"] {
            let run = try run("$A \(arguments) \(streams)")
            #expect(run.code == 1)
            #expect(run.messages == "standard output: is closed; let it go to a terminal, a file or a pipe\n")
        }
        #expect(try run("$A \(arguments) >&- 2>&-").code == 1)
    }

    @Test func `nothing is written into a file that was opened while standard streams were closed`() throws {
        let run = try run(
            "$A simulate --days 1 --accounts 1 --traffic 0.01 -o x >&- <&- 2>&-; tail -c 2 x/labels.json x/accounts.json"
        )
        for file in run.output.split(separator: "==>") where !file.allSatisfy(\.isWhitespace) {
            #expect(file.hasSuffix("}\n") || file.hasSuffix("}\n\n"), "\(run.output)")
        }
        #expect(run.messages.isEmpty)
        #expect(run.code == 0)
    }

    @Test func `a place to simulate to that cannot be used is told in words with what to do`() throws {
        let run = try run(
            """
            echo kept > taken; mkdir full; : > full/trail; mkdir part; mkdir part/labels.json
            for place in taken taken/below full part; do
            $A simulate --days 1 --accounts 1 --traffic 0.01 -o $place 2>> said; echo "exit $?"; done; cat said; cat taken
            """
        )
        let lines = run.output.split(separator: "\n")
        try #require(lines.count == 9, "\(run.output)")
        #expect(lines[0..<4].allSatisfy { $0 == "exit 1" })
        #expect(lines[4...5].allSatisfy { $0 == "taken: is a file, not a folder; name another with -o" })
        #expect(lines[6] == "full/trail: is a file, not a folder; name another with -o")
        #expect(
            lines[7]
                == "part/labels.json: cannot be written (Is a directory); free some space or name another folder with -o"
        )
        #expect(lines[8] == "kept")
    }

    @Test func `a place that another run has written to is left as it is`() throws {
        let run = try run(
            """
            $A simulate --days 1 --accounts 1 --traffic 0.01 --seed 1 -o x; cp -r x before
            $A simulate --days 1 --accounts 1 --traffic 0.01 --seed 2 -o x; echo "other seed $?"
            $A simulate --days 1 --accounts 1 --traffic 0.02 --seed 1 -o x; echo "other traffic $?"
            diff -r x before && echo unchanged
            $A simulate --days 1 --accounts 1 --traffic 0.01 --seed 1 -o x >/dev/null; echo "same $?"
            diff -r x before && echo the same bytes; rm x/labels.json
            $A simulate --days 1 --accounts 1 --traffic 0.01 --seed 1 -o x; echo "unknown $?"
            """
        )
        let lines = run.output.split(separator: "\n").filter { !$0.contains("not planted") }
        #expect(
            lines.dropFirst() == [
                "other seed 1", "other traffic 1", "unchanged", "same 0", "the same bytes", "unknown 1",
            ],
            "\(run.output)"
        )
        let said = "x/trail: holds files that this run did not write; remove it or name another folder with -o\n"
        #expect(run.messages == said + said + said)
    }

    @Test(arguments: ["", "--store s"])
    func `what cannot be read in a folder is set aside, and the rest gives the same incidents`(store: String) throws {
        let plain = try run("$A backtest \(Self.trail) --format json")
        let run = try run(
            """
            mkdir in; cp \(Self.trail)/*.json in; ln -s /proc/self/mem in/torn.json; mkfifo in/pipe.json
            cp LICENSE "in/$(printf 'a\\377.json')" 2>/dev/null || : > "in/$(printf 'a\\377.json')"; ln -s .. in/up; : > in/empty.json
            long=$(printf '%0200d' 0); (cd in; for turn in $(seq 30); do mkdir $long; cd $long; done)
            $A backtest in --format json \(store)
            """
        )
        #expect(plain.code == 0)
        #expect(run.code == 3)
        #expect(run.output == plain.output)
        #expect(run.messages.contains("333 records from 32 files"), "\(run.messages)")
        #expect(run.messages.contains("set aside: 4 unreadable\n"), "\(run.messages)")
        #expect(run.messages.contains("in/torn.json: cannot be read (Input/output error)\n"))
        #expect(run.messages.contains("in/pipe.json: cannot be read (is no file)\n"))
        #expect(run.messages.contains("in/a\u{FFFD}.json: cannot be read (its name is not UTF-8)\n"))
        #expect(run.messages.contains("cannot be read (File name too long)\n"))
        #expect(run.messages.contains("1 file without records: in/empty.json\n"))
        #expect(run.messages.contains("1 folder link not followed: in/up\n"))
    }

    @Test func `a pipe is refused where it would be read twice, and gives the same incidents into a store`() throws {
        let run = try run(
            """
            cat \(Self.trail)/*.json > all.json; $A backtest all.json --format json > plain
            cat all.json | $A backtest /dev/stdin --format json; echo "twice $?"
            cat all.json | $A backtest /dev/stdin --format json --store s > piped; echo "once $?"
            $A backtest /dev/stdin --format json < all.json > redirected; echo "a file $?"
            cmp plain piped && cmp plain redirected && wc -l < plain
            """
        )
        #expect(run.output == "twice 1\nonce 0\na file 0\n2\n", "\(run.output) \(run.messages)")
        #expect(
            run.messages.contains(
                "/dev/stdin: is no file, and a backtest reads its input twice; give a file, or keep the records with --store FILE\n"
            )
        )
    }

    @Test(arguments: ["", "--store s"])
    func `no record in the time that is asked for is said as that`(store: String) throws {
        let none = try run("$A backtest \(Self.trail) --from 2050-01-01 \(store)")
        #expect(none.code == 1)
        #expect(none.output.isEmpty)
        #expect(
            none.messages
                == "\(Self.trail): no record lies between --from and --to (333 records outside); widen the time\n"
        )
        let some = try run("$A backtest \(Self.trail) --from 2026-03-05 \(store)")
        #expect(some.code == 0)
        #expect(some.messages.contains("106 records not between --from and --to: passed by\n"), "\(some.messages)")
    }

    @Test func `whoever stops reading ends the program without a word`() throws {
        let run = try run(
            """
            { echo timestamp,value; for i in $(seq 1 9000); do echo "$((i*300)),$((i % 7))"; done; } > series.csv
            { $A detect series.csv; echo "code $?" >&2; } | head -n 1
            """
        )
        #expect(run.output == "timestamp,value,anomaly_score,grade,expected,low,high,reason\n")
        #expect(run.messages == "code 1\n")
    }

    @Test func `a full device under standard output is one line and exit code 1`() throws {
        let run = try run("$A backtest \(Self.trail) > /dev/full")
        #expect(run.code == 1)
        #expect(run.messages == "standard output: cannot be written (No space left on device)\n")
    }

    @Test func `a store that filled up goes on when there is room again, with nothing lost`() throws {
        let run = try run(
            """
            (ulimit -f 100; $A backtest \(Self.trail) --store s >/dev/null 2>&1); echo "first $?"
            $A backtest \(Self.trail) --store s --format json
            """
        )
        let plain = try self.run("$A backtest \(Self.trail) --format json")
        #expect(run.code == 0)
        #expect(run.output == "first 1\n" + plain.output)
        #expect(run.messages.contains("333 records from 30 files"))
    }

    @Test func `a store in a folder that is not there is one line and exit code 1`() throws {
        let run = try run("$A backtest \(Self.trail) --store nowhere/s")
        #expect(run.code == 1)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("nowhere/s: cannot be opened"), "\(run.messages)")
        #expect(run.messages.split(separator: "\n").count == 1)
    }
}
