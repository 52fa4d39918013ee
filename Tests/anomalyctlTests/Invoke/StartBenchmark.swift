import AWSAccess
import Glibc
import TestSupport
import Testing

@testable import anomalyctl

/// Measures how soon a function's process asks for its first event, against a C program that does nothing else.
@Suite(.serialized, .enabled(if: getenv("BENCH") != nil, "run by make bench"))
struct StartBenchmark {
    /// Of the C program's time.
    private static let budget = 1.5
    private static let rounds = 41
    private static let folder = getenv("ANOMALYCTL").map { path in
        String(
            String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
                separator: "/"
            )
        )
    }

    /// A program with its times from start to first poll and to the first answer, in milliseconds.
    private struct Measured {
        let name: String
        let path: String
        var polls: [Double] = []
        var answers: [Double] = []
    }

    @Test func `functions ask for their first event soon after a C program would`() throws {
        let folder = try #require(Self.folder, "ANOMALYCTL names no program; run make bench")
        let work = try TemporaryFolder()
        let source = SharedData.packageRoot + "/Tests/anomalyctlTests/Invoke/one-poll.c"
        let compiled = try ProgramRun(
            shell: "\"${CC:-cc}\" -O2 -o '\(work.path)/one-poll' '\(source)' -lcurl -lcrypto -lz"
        )
        try #require(compiled.code == 0, "\(compiled.messages)")
        var programs = [Measured(name: "C program", path: work.path + "/one-poll")]
        for name in FunctionFinder.names where access("\(folder)/\(name)", X_OK) == 0 {
            let stripped = "\(work.path)/\(name)"
            try #require(try ProgramRun(shell: "strip -o '\(stripped)' '\(folder)/\(name)'").code == 0)
            programs.append(Measured(name: name, path: stripped))
        }
        try #require(programs.count > 1, "no function stands in \(folder)")
        let table = try EmptyTable()
        // In turn, so that what else the machine does meets all alike.
        for _ in 0..<Self.rounds {
            for index in programs.indices { try Self.run(&programs[index], table.address) }
        }
        let least = Self.median(programs[0].polls)
        print("start to first poll, median of \(Self.rounds): C program \(Self.text(least)) ms")
        for program in programs.dropFirst() {
            let polls = Self.median(program.polls)
            let ratio = polls / least
            let answers =
                program.answers.isEmpty ? "" : "; to the first answer \(Self.text(Self.median(program.answers))) ms"
            print(
                "  \(program.name): \(Self.text(polls)) ms, \(Self.text(ratio)) times that (budget \(Self.budget))\(answers)"
            )
            #expect(ratio <= Self.budget, "\(program.name)")
        }
    }

    private static func run(_ program: inout Measured, _ address: String) throws {
        let function = HostedFunction(
            path: program.path,
            given: [
                "STATE_TABLE": "usage-state", "AWS_ENDPOINT_URL": "http://\(address)", "AWS_ACCESS_KEY_ID": "a",
                "AWS_SECRET_ACCESS_KEY": "b", "Q_APPLICATION_ID": String(repeating: "a", count: 36),
                "Q_INDEX_ID": String(repeating: "b", count: 36), "ENABLE_ACCOUNT_ENRICHMENT": "false",
                "LOG_LEVEL": "FATAL",
            ],
            inherited: [:],
            timeout: 30,
            memory: 256,
            now: 1_767_312_000
        )
        let outcome = try RuntimeHost(function).invoke(Array("{}".utf8))
        let poll = try #require(outcome.start) / .milliseconds(1)
        program.polls.append(poll)
        // The C program ends with its first event, and a function that refuses this one has called nobody.
        if outcome.status == .ok, let duration = outcome.duration {
            program.answers.append(poll + duration / .milliseconds(1))
        }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}

/// A DynamoDB in which there is nothing, and an Amazon Q index without documents.
private final class EmptyTable {
    let address: String

    init() throws {
        let listener = try RuntimeListener()
        address = listener.address
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument {
                    EmptyTable.serve(Unmanaged<RuntimeListener>.fromOpaque(argument).takeRetainedValue())
                }
                return nil
            },
            Unmanaged.passRetained(listener).toOpaque()
        )
        try #require(code == 0)
        pthread_detach(thread)
    }

    /// Until this process ends.
    private static func serve(_ listener: RuntimeListener) {
        var connections: [RuntimeConnection] = []
        while true {
            var polled = [pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
            polled += connections.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            for index in connections.indices.reversed() where polled[index + 1].revents != 0 {
                guard let requests = connections[index].receive() else {
                    close(connections.remove(at: index).descriptor)
                    continue
                }
                for _ in requests {
                    connections[index].send(
                        RuntimeReply(status: 200, body: Array("{\"Items\":[],\"Count\":0,\"ScannedCount\":0}".utf8))
                    )
                }
                _ = connections[index].flush()
            }
            if polled[0].revents != 0, let connection = listener.next() { connections.append(connection) }
        }
    }
}
