import AWSAccess
import Testing

@testable import Pipeline

@Suite struct ConnectorHandlerTests {
    private func id(_ name: String) -> String { "usage-incident/\(name)" }

    @Test func `new incidents are put in tens, once`() async throws {
        let fixture = try ConnectorFixture()
        for number in 10..<33 { fixture.add("i\(number)") }
        #expect(try await fixture.run().counts == ["put": 23])
        #expect(fixture.wire.puts.map(\.count) == [10, 10, 3])
        #expect(fixture.wire.documents.count == 23)
        #expect(try await fixture.run().counts == ["unchanged": 23])
        fixture.pass(3600)
        #expect(try await fixture.run().counts == ["unchanged": 23])
        fixture.pass(3600)
        #expect(try await fixture.run().counts == [:])
        #expect(fixture.wire.puts.count == 3)
    }

    @Test func `what has changed is put again, alone, in its own place`() async throws {
        let fixture = try ConnectorFixture()
        for name in ["a", "b"] { fixture.add(name) }
        _ = try await fixture.run()
        fixture.pass(3600)
        fixture.add("b", state: "resolved")
        #expect(try await fixture.run().counts == ["put": 1, "unchanged": 1])
        #expect(fixture.wire.puts.last == [id("b")])
        #expect(fixture.wire.documents.count == 2)
        let attributes = fixture.wire.documents[id("b")]?.json["attributes"]?.array ?? []
        #expect(attributes.first { $0["name"]?.string == "state" }?["value"]?["stringValue"]?.string == "resolved")
    }

    @Test func `a change that comes to light after later ones is not passed by`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("quick", ago: 1)
        _ = try await fixture.run()
        // Written by a function that began before and lived as long as functions may.
        fixture.add("slow", ago: 890)
        #expect(try await fixture.run().counts == ["put": 1, "unchanged": 1])
    }

    @Test func `the checkpoint says up to where everything is in the index`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        let answer = try await fixture.run()
        let through = "2026-01-01T23:45:00Z"
        #expect(answer["through"]?.string == through)
        #expect(fixture.wire.checkpoint?["through"]?.string == through)
        #expect(fixture.wire.checkpoint?["put"]?["a"]?.string?.utf8.count == 16)
    }

    @Test func `a document that the index fails on is tried again at once`() async throws {
        let fixture = try ConnectorFixture()
        for name in ["a", "b", "c"] { fixture.add(name) }
        fixture.wire.fail(id("b"), with: ["InternalError", "InternalError"])
        #expect(try await fixture.run().counts == ["put": 3])
        #expect(fixture.wire.puts.map(\.count) == [3, 1, 1])
        #expect(fixture.sleeps.count == 2 && fixture.sleeps[0] < fixture.sleeps[1])
    }

    @Test(arguments: [
        ("InternalError", "deferred", 3), ("ResourceInactive", "deferred", 1), ("InvalidRequest", "refused", 1),
    ])
    func `the checkpoint stays before what did not get in, and only that is tried again`(
        code: String,
        count: String,
        tries: Int
    ) async throws {
        let fixture = try ConnectorFixture()
        fixture.add("early", ago: 7200)
        fixture.add("failing", ago: 3600)
        fixture.add("late", ago: 60)
        fixture.wire.fail(id("failing"), with: [String](repeating: code, count: tries))
        let answer = try await fixture.run()
        #expect(answer.counts == ["put": 2, count: 1])
        #expect(answer["through"]?.string == "2026-01-01T23:00:00Z")
        fixture.pass(900)
        #expect(try await fixture.run().counts == ["put": 1, "unchanged": 1])
        #expect(fixture.wire.puts.last == [id("failing")])
        #expect(fixture.wire.documents.count == 3)
        let logged = fixture.lines.filter { $0.contains("\"ERROR\"") }
        #expect(logged.count == (count == "refused" ? 1 : 0))
        #expect(logged.allSatisfy { $0.contains("\"incidentId\":\"failing\"") && $0.contains("InvalidRequest") })
    }

    @Test func `a quota that is reached ends the run, fails it, and keeps what was taken`() async throws {
        let fixture = try ConnectorFixture()
        for number in 10..<35 { fixture.add("i\(number)", ago: Int64(5000 - number)) }
        fixture.wire.refuse([("", 200), ("ServiceQuotaExceededException", 402)])
        await #expect {
            _ = try await fixture.run()
        } throws: {
            "\($0)".hasPrefix("Amazon Q index: 10 documents put, 15 not (")
                && "\($0)".contains("ask for a higher quota")
        }
        #expect(fixture.wire.puts.count == 2)
        #expect(fixture.wire.checkpoint?["through"]?.string == "2026-01-01T22:37:00Z")
        #expect(try await fixture.run().counts == ["put": 15])
        #expect(fixture.wire.documents.count == 25)
    }

    @Test(arguments: [("ConflictException", 409, 1), ("ThrottlingException", 429, 4)])
    func `an index that is busy is left for later without a failure`(code: String, status: Int, tries: Int) async throws
    {
        let fixture = try ConnectorFixture()
        for number in 10..<25 { fixture.add("i\(number)") }
        fixture.wire.refuse([(code: String, status: Int)](repeating: (code, status), count: tries))
        #expect(try await fixture.run().counts == ["deferred": 15])
        #expect(fixture.wire.puts.count == tries)
        #expect(fixture.lines.contains { $0.contains("\"WARN\"") && $0.contains("at the next schedule") })
        #expect(fixture.wire.listings == 0)
        #expect(try await fixture.run().counts == ["put": 15])
    }

    @Test func `throttling that ends within the time is waited for`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        fixture.wire.refuse([("ThrottlingException", 429), ("ThrottlingException", 429)])
        #expect(try await fixture.run().counts == ["put": 1])
        #expect(fixture.sleeps.count == 2)
    }

    @Test(arguments: [["STATE_TABLE": "usage-state"], ["OPENSEARCH_ENDPOINT": "search.example.com"]])
    func `two runs at once do not undo each other's checkpoint`(environment: [String: String]) async throws {
        let fixture = try ConnectorFixture(environment: environment)
        fixture.add("a")
        _ = try await fixture.run()
        let before = try #require(fixture.wire.checkpoint)
        fixture.pass(3600)
        fixture.add("b")
        // Another run writes while this one puts.
        fixture.wire.interfereWithNextPut()
        #expect(try await fixture.run().counts == ["put": 1, "unchanged": 1])
        #expect(fixture.wire.checkpoint == before)
        #expect(fixture.lines.contains { $0.contains("written by another run") })
        #expect(try await fixture.run().counts == ["put": 1, "unchanged": 1])
        #expect(fixture.wire.checkpoint != before && fixture.wire.documents.count == 2)
    }

    @Test func `a checkpoint that is none of ours is not written over`() async throws {
        for environment in [["STATE_TABLE": "usage-state"], ["OPENSEARCH_ENDPOINT": "search.example.com"]] {
            let fixture = try ConnectorFixture(environment: environment)
            fixture.add("a")
            fixture.wire.set(checkpoint: ["through": 5])
            await #expect {
                _ = try await fixture.run()
            } throws: {
                "\($0)".contains("cannot be read") && "\($0)".contains("remove it")
            }
            #expect(fixture.wire.checkpoint == ["through": 5] && fixture.wire.puts.isEmpty)
        }
    }

    @Test func `time that is over leaves the rest for later`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        await #expect(throws: (any Error).self) { _ = try await fixture.run(secondsLeft: -1) }
        #expect(fixture.wire.checkpoint == nil)
        #expect(try await fixture.run().counts == ["put": 1])
    }

    @Test(arguments: [
        "", " \n", "null", "{}", #"{"source":"aws.events"}"#, #"{"source":"aws.scheduler","detail":"{}"}"#,
    ])
    func `schedules and empty events synchronize`(event: String) async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        #expect(try await fixture.run(event).counts == ["put": 1])
    }

    @Test(arguments: [
        (#"{"question":"What happened?"}"#, "question: cannot be answered by this version"),
        (#"{"awslogs":{"data":""}}"#, "event: neither a schedule nor a question (members awslogs)"),
        ("[1]", "JSON that is no object"), ("hello", "no JSON in 5 bytes"),
    ])
    func `what it cannot do fails and says so`(event: String, said: String) async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        await #expect {
            _ = try await fixture.run(event)
        } throws: {
            "\($0)".contains(said)
        }
        #expect(fixture.wire.puts.isEmpty)
    }

    @Test func `counts are logged and given as metrics`() async throws {
        let fixture = try ConnectorFixture()
        fixture.add("a")
        _ = try await fixture.run()
        #expect(
            fixture.lines.contains { $0.contains("\"put\":1,\"unchanged\":0") && $0.contains("\"requestId\":\"r\"") }
        )
        #expect(fixture.lines.contains { $0.contains("_aws") && $0.contains("\"DocumentsPut\":1.0") })
    }

    @Test func `without an index it is said what to set, with all else that is wrong`() {
        for key in ["Q_APPLICATION_ID", "Q_INDEX_ID"] {
            #expect {
                _ = try Settings(environment: ["BULK_GZIP": "x"], requiring: ConnectorHandler.required)
            } throws: {
                let text = "\($0)"
                return text.contains("\(key): not set") && text.contains("BULK_GZIP: cannot be used")
                    && text.contains("OPENSEARCH_ENDPOINT, STATE_TABLE: neither is set")
            }
        }
    }
}
