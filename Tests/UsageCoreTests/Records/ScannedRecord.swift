import UsageCore

/// One record's text, scanned.
struct ScannedRecord {
    let bytes: [UInt8]
    let fields: RecordFields

    /// Nil where `text` is no JSON object.
    init?(_ text: String) { self.init(Array(text.utf8)) }

    /// Nil where `bytes` are no JSON object.
    init?(_ bytes: [UInt8]) {
        var fields = RecordFields()
        let isWhole = bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            return fields.scan(&scanner)
        }
        guard isWhole else { return nil }
        self.bytes = bytes
        self.fields = fields
    }

    /// What `body` makes of the fields and the bytes they lie in.
    func read<Result>(_ body: (RecordFields, UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { body(fields, $0) }
    }

    /// The text of the value at `range`.
    func text(_ range: ByteRange) -> String? { read { JSONString.text(range, in: $1) } }

    /// The name of the principal.
    var principal: String { read { String(decoding: Principal.bytes($0.identity, $1), as: UTF8.self) } }
}
