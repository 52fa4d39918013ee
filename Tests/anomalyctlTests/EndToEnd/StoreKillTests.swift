import TestSupport
import Testing

@testable import anomalyctl

@Suite struct StoreKillTests {
    /// 25,000 records: a whole transaction of 20,000 and a rest.
    private static let records = """
        awk 'BEGIN { for (i = 0; i < 25000; i++) printf "{\\"eventVersion\\":\\"1.08\\",\\"eventTime\\":\\"2026-10-05T%02d:%02d:%02dZ\\",\\"eventSource\\":\\"ec2.amazonaws.com\\",\\"eventName\\":\\"DescribeRegions\\",\\"awsRegion\\":\\"us-east-1\\",\\"recipientAccountId\\":\\"111122223333\\",\\"eventID\\":\\"e-%d\\"}\\n", i / 3600, i / 60 % 60, i % 60, i }' > all.jsonl
        """

    /// The input is a pipe that is held open, so that the program is surely in the middle when it is killed.
    @Test func `killed in the middle, a store ends with the same records as an undisturbed run`() throws {
        let run = try ProgramRun(
            shell: """
                A='\(ProgramRun.anomalyctl)'; cd "$(mktemp -d)" || exit 99
                \(Self.records)
                mkfifo pipe.jsonl
                $A backtest pipe.jsonl --store s 2>/dev/null & victim=$!
                { head -n 24000 all.jsonl; : > fed; exec tail -f /dev/null; } > pipe.jsonl & feeder=$!
                # A pipe holds 64 KiB: when the last record is in it, the program has read on after its first transaction.
                end=$(($(date +%s) + 60)); until [ -e fed ] || [ $(date +%s) -gt $end ]; do :; done
                kill -9 $victim; wait $victim; echo "killed $?"; kill $feeder
                for run in 1 2; do $A backtest all.jsonl --store s 2>&1 | grep stored; done
                $A backtest all.jsonl --store t 2>&1 | grep stored
                rm -r "$PWD"
                """
        )
        let lines = run.output.split(separator: "\n")
        try #require(lines.count == 4, "\(run.output) \(run.messages)")
        #expect(lines[0] == "killed 137")
        let numbers = lines[1].split(separator: " ").compactMap { word in Int(word.filter { $0 != "," }) }
        try #require(numbers.count == 2, "\(lines[1])")
        // The transaction that was whole has stayed; what came after was added by the rerun.
        // A transaction closes with the piece of input in which it reached 20,000.
        #expect((20_000..<24_000).contains(numbers[1]))
        #expect(numbers[0] + numbers[1] == 25_000)
        #expect(lines[2] == "stored 0 new records; 25,000 were there already")
        #expect(lines[3] == "stored 25,000 new records; 0 were there already")
    }
}
