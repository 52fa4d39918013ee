import AWSAccess
import Synchronization
import Testing
import UsageCore

@testable import Pipeline

/// What no store takes is kept with its reason, in messages that a queue takes.
@Suite struct DeadLetterTests {
    private let time = StandingClock()

    private func letter(_ items: [[UInt8]]) -> DeadLetter {
        DeadLetter(
            reason: "not-json",
            detail: "not JSON at byte 3",
            source: "a_CloudTrail",
            items: items.enumerated().map { DeadLetter.Item(eventId: "id-\($0)", bytes: $1) }
        )
    }

    private func queue(_ wire: DomainOnWire, bucket: String? = "letters") throws -> DeadLetterQueue {
        DeadLetterQueue(
            session: try .onWire(wire, time),
            url: "https://sqs.eu-west-1.amazonaws.com/111122223333/letters",
            bucket: bucket
        )
    }

    @Test func `a letter has reason, detail, source, event ids and the records as text or base64`() throws {
        let bytes: [[UInt8]] = [Array(#"{"a":"é\u001b"}"#.utf8), [0xFF, 0x00, 0x41], [], Array("\u{FFFF}".utf8)]
        let body = letter(bytes).body()
        let json = try UsageCore.JSONValue.parse(Array(body.utf8))
        #expect(json["reason"]?.string == "not-json" && json["detail"]?.string == "not JSON at byte 3")
        #expect(json["source"]?.string == "a_CloudTrail")
        #expect(json["eventIds"]?.array?.compactMap(\.string) == ["id-0", "id-1", "id-2", "id-3"])
        #expect(json["records"]?.array?.compactMap(\.string) == [#"{"a":"é\u001b"}"#])
        #expect(json["recordsBase64"]?.array?.compactMap(\.string) == ["/wBB", "77+/"])
    }

    @Test func `many records are as many letters as messages need, and none is lost`() async throws {
        let wire = DomainOnWire()
        let items = (0..<1000).map { Array("\($0) \(String(repeating: "\"", count: 1000))".utf8) }
        let failures = try await queue(wire).send([letter(items)], deadline: time.now + .seconds(10))
        #expect(failures.isEmpty)
        let texts = wire.messages.flatMap { $0["records"]?.array?.compactMap(\.string) ?? [] }
        #expect(texts.map { Array($0.utf8) } == items)
        #expect(wire.messages.count > 5 && wire.messages.count < 15)
        #expect(wire.state.withLock { $0.messages.allSatisfy { $0.utf8.count <= 256 << 10 } })
    }

    @Test func `a letter too long for a message lies in the bucket and the message says where`() async throws {
        let wire = DomainOnWire()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300 << 10)
        for _ in 0..<2 {
            let failures = try await queue(wire).send(
                [letter([long, [1, 0xFF]])],
                deadline: time.now + .seconds(10)
            )
            #expect(failures.isEmpty)
        }
        #expect(wire.messages.count == 4)
        let message = try #require(wire.messages.first { $0["object"] != nil })
        #expect(message["records"]?.array?.count == 0)
        #expect(message["object"]?["bucket"]?.string == "letters")
        let objects = wire.state.withLock { $0.objects }
        #expect(objects.count == 1)
        let (name, body) = try #require(objects.first)
        #expect(name == "letters.s3.eu-west-1.amazonaws.com/" + (message["object"]?["key"]?.string ?? ""))
        #expect(try UsageCore.JSONValue.parse(body)["records"]?.array?.first?.string?.utf8.count == long.count)
    }

    @Test func `a letter that does not get through is named, and says what to set`() async throws {
        let long = letter([[UInt8](repeating: UInt8(ascii: "x"), count: 300 << 10)])
        let wire = DomainOnWire()
        let failures = try await queue(wire, bucket: nil).send(
            [letter([[1]]), long],
            deadline: time.now + .seconds(10)
        )
        #expect(Array(failures.keys) == [1])
        #expect(failures[1]?.contains("DEAD_LETTER_BUCKET") ?? false)
        #expect(wire.messages.count == 1)
        let down = DomainOnWire { $0.queueIsDown = true }
        #expect(try await queue(down).send([letter([[1]])], deadline: time.now + .seconds(10)).count == 1)
    }
}
