import AWSAccess
import TestSupport
import Testing

@testable import anomalyctl

/// Real processes under the local Runtime API: the probe, which runs this product's own loop, and scripts that misbehave.
@Suite struct InvokeTests {
    /// Runs `invoke` with events as files in a folder of its own; `words` name them `1`, `2`, ...
    private func run(_ words: String, events: [String] = [], files: [String: String] = [:]) throws -> ProgramRun {
        let folder = try TemporaryFolder()
        for (index, event) in events.enumerated() { try folder.write(event, to: "\(index + 1)") }
        for (name, text) in files { try folder.write(text, to: name, isProgram: true) }
        return try ProgramRun(shell: "cd '\(folder.path)' && '\(ProgramRun.anomalyctl)' invoke \(words)")
    }

    private func outcomes(_ run: ProgramRun) throws -> [JSONValue] {
        try run.output.split(separator: "\n").map { try #require(JSONValue(Array($0.utf8)), "\($0)") }
    }

    private let probe = "probe-function --clean --env STATE_TABLE=abc"
    private let count = #"{"do":"count"}"#

    @Test func `one process answers several events in order, with replies on standard output alone`() throws {
        let run = try run("\(probe) 1 1 2 1", events: [count, #"{"any":"thing"}"#])
        #expect(run.code == 0)
        #expect(run.output == "1\n2\n{\"any\":\"thing\"}\n4\n")
        let lines = run.messages.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].contains("1: ok, first poll ") && lines[0].contains("peak memory"))
        #expect(!lines[1].contains("first poll"))
    }

    @Test func `JSON tells status, timing and memory of each event`() throws {
        let all = try outcomes(run("\(probe) 1 2 --format json", events: [count, #"{"do":"fail"}"#]))
        #expect(all.map { $0["status"]?.string } == ["ok", "error"])
        #expect(all.map { $0["event"]?.string } == ["1", "2"])
        #expect(all[0]["reply"]?.int == 1)
        #expect((all[0]["startMilliseconds"]?.double ?? 0) > 0 && all[1]["startMilliseconds"] == nil)
        #expect(all.allSatisfy { ($0["durationMilliseconds"]?.double ?? 0) > 0 })
        #expect(all.allSatisfy { ($0["peakMemoryMiB"]?.double ?? 0) > 1 })
        #expect(all[1]["errorType"]?.string == "Function.Failure")
        #expect(all[1]["reply"]?["errorMessage"]?.string == "event: as wished")
    }

    @Test func `the deadline, trace and name that Lambda gives reach the handler`() throws {
        let run = try run("\(probe) 1 --timeout 500 --format json", events: [#"{"do":"context"}"#])
        let reply = try #require(try outcomes(run).first?["reply"])
        #expect((498...500).contains(reply["secondsLeft"]?.int ?? 0))
        #expect(reply["isTraced"]?.bool == true)
        #expect(reply["trace"]?.string?.hasPrefix("Root=1-") == true)
        #expect(reply["arn"]?.string == "arn:aws:lambda:us-east-1:012345678912:function:probe-function")
        #expect(reply["requestId"] == (try outcomes(run)[0]["requestId"]))
    }

    @Test func `of the shell the function sees settings alone, and nothing where that is wished`() throws {
        let shell =
            "STATE_TABLE=abc AWS_REGION=eu-west-1 SECRET_OF_MINE=x '\(ProgramRun.anomalyctl)' invoke probe-function"
        let event = "printf '%s' '{\"do\":\"environment\"}' |"
        let inherited = try #require(JSONValue(Array(try ProgramRun(shell: "\(event) \(shell) -").output.utf8)))
        #expect(inherited["STATE_TABLE"]?.string == "abc" && inherited["AWS_REGION"]?.string == "eu-west-1")
        #expect(inherited["SECRET_OF_MINE"] == nil && inherited["HOME"] == nil)
        #expect(inherited["AWS_LAMBDA_RUNTIME_API"]?.string?.hasPrefix("127.0.0.1:") == true)
        let clean = try ProgramRun(shell: "\(event) \(shell) - --clean --env STATE_TABLE=def")
        let given = try #require(JSONValue(Array(clean.output.utf8)))
        #expect(given["STATE_TABLE"]?.string == "def" && given["AWS_REGION"]?.string == "us-east-1")
    }

    @Test func `without settings the set-up fails, says all that is wrong, and no event is tried`() throws {
        let none = try run("probe-function --clean 1 1", events: [count])
        #expect(none.code == 1)
        #expect(none.output.split(separator: "\n").count == 1)
        let message = try #require(JSONValue(Array(none.output.utf8))?["errorMessage"]?.string)
        #expect(message.contains("OPENSEARCH_ENDPOINT, STATE_TABLE: neither is set; give"))
        let bad = try run(
            "probe-function --clean --env STATE_TABLE=x --env BULK_GZIP=perhaps --env RETENTION_DAYS=0 --format json"
        )
        let outcome = try #require(try outcomes(bad).first)
        #expect(outcome["status"]?.string == "init-error")
        #expect(outcome["errorType"]?.string == "Function.SettingsFailure")
        let all = outcome["reply"]?["errorMessage"]?.string ?? ""
        for key in ["STATE_TABLE", "BULK_GZIP", "RETENTION_DAYS"] { #expect(all.contains("\(key): cannot be used")) }
    }

    @Test(
        "a process that ends is told and replaced",
        arguments: [
            (#"{"do":"exit","code":3}"#, "exit status 3"), (#"{"do":"exit","code":0}"#, "without providing a reason"),
            (#"{"do":"abort"}"#, "signal: aborted"),
        ]
    )
    func ends(event: String, said: String) throws {
        let run = try run("\(probe) 1 2 1 --format json", events: [count, event])
        let all = try outcomes(run)
        #expect(run.code == 1)
        #expect(all.map { $0["status"]?.string } == ["ok", "exit", "ok"])
        #expect(all[1]["errorType"]?.string == "Runtime.ExitError")
        #expect(all[1]["reply"]?["errorMessage"]?.string?.contains(said) == true)
        // A new process, which counts anew.
        #expect(all[2]["reply"]?.int == 1 && all[2]["startMilliseconds"] != nil)
    }

    @Test func `an event that takes too long ends the process and the next one meets a new one`() throws {
        let run = try run("\(probe) 1 2 1 --timeout 0.3 --format json", events: [count, #"{"do":"hang"}"#])
        let all = try outcomes(run)
        #expect(run.code == 1)
        #expect(all.map { $0["status"]?.string } == ["ok", "timeout", "ok"])
        #expect(all[1]["errorType"]?.string == "Sandbox.Timedout")
        #expect(all[1]["reply"]?["errorMessage"]?.string?.hasSuffix("Task timed out after 0.30 seconds") == true)
        #expect(all[2]["reply"]?.int == 1)
    }

    @Test func `the largest reply passes and one byte more fails without ending the process`() throws {
        let run = try run(
            "\(probe) 1 2 3 --format json",
            events: [#"{"do":"large","bytes":6291556}"#, #"{"do":"large","bytes":6291557}"#, count]
        )
        let all = try outcomes(run)
        #expect(all.map { $0["status"]?.string } == ["ok", "error", "ok"])
        #expect(all[1]["errorType"]?.string == "Function.ResponseSizeTooLarge")
        #expect(all[2]["reply"]?.int == 3)
    }

    @Test func `events of six megabytes pass and larger ones are refused before anything is run`() throws {
        let largest = "\"" + String(repeating: "x", count: 6 * 1_048_576 - 2) + "\""
        let run1 = try run("\(probe) 1", events: [largest])
        #expect(run1.code == 0 && run1.output.utf8.count == 6 * 1_048_576 + 1)
        let run2 = try run("\(probe) 1 2", events: [count, largest + " "])
        #expect(run2.code == 2 && run2.output.isEmpty)
        #expect(run2.messages.contains("at most 6291456 bytes"))
    }

    @Test func `what a function writes to standard output is its log`() throws {
        let run = try run("\(probe) 1", events: [#"{"do":"write"}"#])
        #expect(run.output == "null\n")
        #expect(run.messages.hasPrefix("a metric\n"))
    }

    @Test(
        "what is no function or event is a wrong usage",
        arguments: [
            ("MultiAccountLogz", "did you mean MultiAccountLogs?"), ("/nowhere", "the path of a program"),
            ("anomalyctl", "the path of a program"), ("probe-function /nowhere", "a file that can be read"),
            ("probe-function --env A", "NAME=VALUE"), ("probe-function --timeout 901", "0.1 to 900"),
            ("probe-function --memory 1", "128 to 10240"), ("", "nothing given"),
        ]
    )
    func wrongUsage(words: String, said: String) throws {
        let run = try run(words)
        #expect(run.code == 2 && run.output.isEmpty)
        #expect(run.messages.contains(said), "\(run.messages)")
    }
}

extension InvokeTests {
    /// A runtime in shell: `$base` is the Runtime API, `next` takes an event and sets `$id`.
    private func script(_ body: String) -> String {
        """
        #!/bin/sh
        base=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
        post() { place=$1; shift; curl -s -o /dev/null -w 'code %{http_code}\\n' -X POST "$base/$place" "$@" >&2; }
        next() { id=$(curl -s -D - -o /dev/null "$base/invocation/next" | tr -d '\\r' | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p'); }
        \(body)
        """
    }

    private func codes(_ run: ProgramRun) -> String {
        run.messages.split(separator: "\n").filter { $0.hasPrefix("code ") }.map { $0.dropFirst(5) }
            .joined(separator: " ")
    }

    @Test func `any program that speaks the protocol is a function, and its mistakes get Lambda's replies`() throws {
        let body = """
            post invocation/x/response -d 0
            next
            post invocation/x/response -d 0
            post init/error -d 0
            post invocation/$id/nothing -d 0
            post invocation/$id/response -H 'Transfer-Encoding: chunked' -H 'Expect: 100-continue' -d 1
            post invocation/$id/response -d 2
            next
            post invocation/$id/error -H 'Lambda-Runtime-Function-Error-Type: bad' -d '{"errorMessage":"m"}'
            next
            """
        let run = try run("./f.sh 1 1 --clean", events: ["{}"], files: ["f.sh": script(body)])
        #expect(codes(run) == "400 400 403 404 202 403 202")
        #expect(run.output == "1\n{\"errorMessage\":\"m\"}\n")
        #expect(run.messages.contains("function error (Runtime.Unknown)"))
    }

    @Test func `a program that ends before it asks for an event fails the event`() throws {
        let run = try run("./f.sh 1 --clean", events: ["{}"], files: ["f.sh": script("exit 7")])
        #expect(run.code == 1)
        #expect(run.output.contains("Runtime exited with error: exit status 7"))
    }

    @Test func `an answer that is followed by the end of the process counts, and the end is told`() throws {
        let once = script("next\npost invocation/$id/response -d 1\nexit 0")
        let run = try run("./f.sh 1 1 --clean", events: ["{}"], files: ["f.sh": once])
        #expect(run.code == 0 && run.output == "1\n1\n")
        #expect(run.messages.contains("after its answer"))
    }
}
