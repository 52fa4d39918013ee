import TestSupport
import Testing

@testable import anomalyctl

/// One of a thing is told as one.
@Suite struct SingularTests {
    /// A first start of an expensive instance in an account of the organization written by hand.
    private static let start =
        #"{"eventVersion":"1.09","eventTime":"2026-03-10T03:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances","#
        + #""awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::403118825570:user/ann"},"#
        + #""responseElements":{"instancesSet":{"items":[{"instanceId":"i-1","instanceType":"p4d.24xlarge"}]}},"#
        + #""eventID":"e-1","recipientAccountId":"403118825570"}"#

    private func run(_ arguments: String) throws -> ProgramRun {
        try ProgramRun(
            shell: """
                cd "$(mktemp -d)" || exit 99; printf '%s' '\(Self.start)' > one.json; echo '{}' > none.json
                '\(ProgramRun.anomalyctl)' \(arguments); code=$?; rm -r "$PWD"; exit $code
                """
        )
    }

    @Test func `an incident of one instance says so in its list, its summary and its accounts`() throws {
        let text = try run("backtest \(CommandLineTests.byHand)/trail one.json").output
        #expect(text.contains("EC2 RunInstances: 1 instance in 403118825570, none expected\n"))
        #expect(text.contains("EC2 RunInstances: 1 instance in 403118825570 (us-east-1) since"))
        #expect(text.contains("EC2 RunInstances, 1 instance, where none is ordinary"))
        #expect(text.contains("(still running: 1 of 1)"))
        #expect(text.firstMatch(of: /\b1 [a-z]+s\b/) == nil)
    }

    @Test func `a backtest of one record says so in each count`() throws {
        let run = try run("backtest one.json none.json --store s")
        let lines = run.messages.split(separator: "\n")
        try #require(lines.count == 4, "\(run.messages)")
        #expect(lines[0].hasPrefix("1 record from 2 files, 1 of them watched, 0 repetitions; 1 account, "))
        #expect(lines[1] == "stored 1 new record; 0 were there already")
        #expect(lines[3] == "1 file without records: none.json")
    }

    @Test func `a simulation of one account and one day says so`() throws {
        let run = try run("simulate --days 1 --accounts 1 --traffic 0.01 -o x")
        #expect(run.output.contains(" records of 1 account and 1 day in "))
    }
}
