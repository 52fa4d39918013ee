import Pipeline

/// A record as it lies in the store, valid only during the call that hands it out.
///
/// Columns are read when they are asked for, and bytes are SQLite's own, so that a pass over millions of records copies nothing
/// it does not use.
package struct StoredRow: ~Copyable {
    static let columns = "key, identity, account, region, source, name, usage, members, body"
    private let statement: Statement

    init(_ statement: Statement) {
        self.statement = statement
    }

    /// `eventTime`, seconds since 1970.
    package var time: Int64 { RecordKey.time(of: statement.integer(0)) }
    /// `recipientAccountId-eventID`, or a hash of the bytes.
    package var identity: String { statement.text(1) }
    /// `recipientAccountId`.
    package var account: String { statement.text(2) }
    /// `awsRegion`.
    package var region: String { statement.text(3) }
    /// `eventSource`.
    package var eventSource: String { statement.text(4) }
    /// `eventName`.
    package var eventName: String { statement.text(5) }
    /// The watched usage, nil where there is none.
    package var usage: String? { statement.isNull(6) ? nil : statement.text(6) }
    /// The derived members, JSON text without braces around it.
    package var members: UnsafeRawBufferPointer { statement.bytes(7) }
    /// The record's own bytes.
    package var body: UnsafeRawBufferPointer { statement.bytes(8) }

    /// A copy that outlives the call.
    package func copy() -> StoredRecord {
        StoredRecord(
            identity: identity,
            time: time,
            account: account,
            region: region,
            eventSource: eventSource,
            eventName: eventName,
            usage: usage,
            members: Array(members),
            body: Array(body)
        )
    }

    /// The stored document: the record's own fields byte for byte, then the derived members; nil where the body is no object.
    package func document() -> [UInt8]? {
        let body = self.body
        let members = self.members
        guard let brace = body.lastIndex(where: { !Self.isSpace($0) }), body[brace] == UInt8(ascii: "}"),
            let open = body.firstIndex(where: { !Self.isSpace($0) }), body[open] == UInt8(ascii: "{"), open < brace
        else {
            return nil
        }
        let isEmpty = body[(open + 1)..<brace].allSatisfy(Self.isSpace)
        var document: [UInt8] = []
        document.reserveCapacity(body.count + members.count + 1)
        document.append(contentsOf: body[..<brace])
        if !isEmpty && !members.isEmpty {
            document.append(UInt8(ascii: ","))
        }
        document.append(contentsOf: members)
        document.append(contentsOf: body[brace...])
        return document
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }
}
