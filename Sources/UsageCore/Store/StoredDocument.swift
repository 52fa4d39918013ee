/// A record as a store of documents keeps it: the record's own bytes again, and when it was received.
package struct StoredDocument: Equatable, Sendable {
    /// The record as it came, byte for byte.
    package let record: [UInt8]
    /// `ingest.receivedAt`, seconds since 1970.
    package let receivedAt: Int64?

    /// Takes a document apart; nil where it is no object.
    ///
    /// No record has a member named as ours, so the first of them ends the record's own, which stand before ours in a document; where
    /// the mapping refused it, the record is whole under `unindexed`.
    package init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = JSONScanner(bytes)
        var ownEnd: Int?
        var lastEnd = 0
        var received: Int64?
        var unindexed = ByteRange.none
        let isWhole = scanner.eachMember { scanner, name in
            let isOurs = Self.names.contains { scanner.matches(name, $0) }
            if isOurs, ownEnd == nil { ownEnd = lastEnd }
            if scanner.matches(name, "ingest"), scanner.peek() == UInt8(ascii: "{") {
                let isRead = scanner.eachMember { scanner, name in
                    var range = ByteRange.none
                    guard scanner.value(into: &range) else { return false }
                    if scanner.matches(name, "receivedAt") {
                        received = EventTime.parse(RecordFields.raw(range, bytes))
                    }
                    return true
                }
                guard isRead else { return false }
                lastEnd = scanner.at
                return true
            }
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return false }
            if scanner.matches(name, "unindexed") { unindexed = range }
            lastEnd = scanner.at
            return true
        }
        guard isWhole else { return nil }
        receivedAt = received
        if !unindexed.isEmpty {
            record = Array(bytes[unindexed.start..<unindexed.end])
        } else if let ownEnd {
            // Nothing of its own: the brace was not part of any member.
            record = ownEnd == 0 ? Array("{}".utf8) : Array(bytes[..<ownEnd]) + [UInt8(ascii: "}")]
        } else {
            record = Array(bytes[..<scanner.at])
        }
    }

    private static let names: [StaticString] = ["account", "usage", "self", "ingest", "unindexed"]
}
