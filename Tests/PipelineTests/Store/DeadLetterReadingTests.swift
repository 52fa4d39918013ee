import Testing
import UsageCore

@testable import Pipeline

@Suite struct DeadLetterReadingTests {
    private static let letter = DeadLetter(
        reason: "mapper_parsing_exception",
        detail: "failed to parse \"x\"\nforged: line",
        source: "o-x_111122223333_CloudTrail_us-east-1",
        items: [
            .init(eventId: "e-1", bytes: Array(#"{"eventID":"e-1","a":"\u0000ü"}"#.utf8)),
            .init(eventId: "", bytes: [0x1F, 0x8B, 0xFF, 0x00]),
        ]
    )

    @Test func `what is written is read again, byte for byte`() throws {
        let read = try #require(DeadLetter(body: Array(Self.letter.body().utf8)))
        #expect(read.items.map(\.bytes) == Self.letter.items.map(\.bytes))
        #expect(read.reason == Self.letter.reason && read.detail == Self.letter.detail)
        #expect(read.source == Self.letter.source)
        #expect(DeadLetter.place(in: Array(Self.letter.body().utf8)) == nil)
    }

    @Test func `a letter in the bucket says where`() {
        let place = DeadLetter.Place(bucket: "letters", key: "dead-letters/2026-01-01/x.json")
        let body = Array(Self.letter.body(in: place).utf8)
        #expect(DeadLetter.place(in: body) == place)
        #expect(DeadLetter(body: body)?.items == [])
    }

    @Test(arguments: [
        "", "null", "[]", "hello", "{}", #"{"reason":1,"source":"s","records":[]}"#, #"{"reason":"r","records":[]}"#,
        #"{"reason":"r","source":"s","records":{}}"#, #"{"reason":"r","source":"s","records":[1]}"#,
        #"{"reason":"r","source":"s","records":[],"recordsBase64":["!"]}"#,
        #"{"reason":"r","source":"s","records":["x""#,
    ]) func `what is none of ours is not taken for a letter`(body: String) {
        #expect(DeadLetter(body: Array(body.utf8)) == nil)
        #expect(DeadLetter.place(in: Array(body.utf8)) == nil)
    }
}
