import TestSupport
import Testing

@testable import anomalyctl

/// What `replay` says of each shape that arrives, to the letter.
@Suite struct ReplayTests {
    static let events: [String] = (try? Folder.names(SharedData.packageRoot + "/Events")) ?? []

    @Test func `there are events to replay`() { #expect(Self.events.count >= 16) }

    @Test(arguments: events.filter { !$0.hasSuffix(".md") })
    func `a sample event is told as its golden text has it`(name: String) throws {
        let run = try ProgramRun(
            shell: "cd '\(SharedData.packageRoot)'; '\(ProgramRun.anomalyctl)' replay Events/\(name)"
        )
        let text = run.output + "exit code \(run.code ?? -1)\n"
        #expect(run.messages.isEmpty)
        #expect(try Golden.compare(text, with: "replay-\(name).txt") == .same)
    }
}
