import Testing
import UsageCore

@Suite struct StoredDocumentTests {
    private let members =
        #""account":{"alias":"a"},"self":false,"ingest":{"receivedAt":"2026-01-01T00:00:00Z","source":"s"}"#

    private func read(_ text: String) -> StoredDocument? {
        Array(text.utf8).withUnsafeBufferPointer { StoredDocument($0) }
    }

    private func text(_ document: StoredDocument?) -> String? {
        document.map { String(decoding: $0.record, as: UTF8.self) }
    }

    @Test func `the record comes back byte for byte`() {
        for record in [
            #"{"eventID":"e-1","x":{"account":{},"ingest":1}}"#, #"{ "eventID" : "e-1" , "n" : 1e400 }"#, "{}",
        ] {
            let own = record.dropLast()
            let comma = record == "{}" ? "" : ","
            let document = read(own + comma + members + "}")
            // White space before the last brace belongs to no member.
            let expected = record.hasSuffix(" }") ? record.dropLast(2) + "}" : record
            #expect(text(document) == String(expected))
            #expect(document?.receivedAt == 1_767_225_600)
        }
    }

    @Test func `a record that was refused by the mapping is the one below unindexed`() {
        let document = read(#"{"eventID":"e-1",\#(members),"unindexed":{"eventID":"e-1","deep":[[{}]]}}"#)
        #expect(text(document) == #"{"eventID":"e-1","deep":[[{}]]}"#)
        #expect(document?.receivedAt == 1_767_225_600)
    }

    @Test func `what is no object is none, and missing members are missing`() {
        for broken in ["", "[]", "{", #"{"a":}"#, #"{"ingest":{"receivedAt":}}"#] { #expect(read(broken) == nil) }
        #expect(read(#"{"eventID":"e"}"#)?.receivedAt == nil)
        #expect(text(read(#"{"eventID":"e"}"#)) == #"{"eventID":"e"}"#)
        #expect(read(#"{"ingest":"x"}"#)?.receivedAt == nil)
    }
}
