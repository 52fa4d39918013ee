/// Reads `timestamp,value` lines from bytes that come in pieces.
///
/// A byte-order mark, CRLF, quotes, blank lines, other case and further columns are tolerated, as is a missing header.
struct SeriesReader {
    /// One line, its texts as they came.
    struct Row {
        var timestamp: ArraySlice<UInt8>
        var valueText: ArraySlice<UInt8>
        var seconds: Int64
        /// Not a number where the field is empty or says so.
        var value: Double
    }

    private static let longestLine = 65_536

    private var pending: [UInt8] = []
    private var line = 0
    private var timestampColumn = 0
    private var valueColumn = 1

    /// Reads `piece` and hands over each row that is complete.
    mutating func read(_ piece: ArraySlice<UInt8>, _ take: (Row) throws -> Void) throws {
        var rest = piece
        while let end = rest.firstIndex(of: 0x0a) {
            if pending.isEmpty {
                try readLine(rest[rest.startIndex..<end], take)
            } else {
                pending += rest[rest.startIndex..<end]
                let whole = pending
                pending.removeAll(keepingCapacity: true)
                try readLine(whole[...], take)
            }
            rest = rest[(end + 1)...]
        }
        pending += rest
        if pending.count > Self.longestLine { throw SeriesFailure.longLine(line: line + 1, bytes: pending.count) }
    }

    /// Reads what has no line end after it.
    mutating func finish(_ take: (Row) throws -> Void) throws {
        let last = pending
        pending = []
        if !last.isEmpty { try readLine(last[...], take) }
    }

    private mutating func readLine(_ bytes: ArraySlice<UInt8>, _ take: (Row) throws -> Void) throws {
        line += 1
        var text = bytes
        if line == 1, text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        if text.last == 0x0d { text.removeLast() }
        if Self.trimmed(text).isEmpty { return }
        let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        if line == 1, try readHeader(fields, text) { return }
        guard fields.count > max(timestampColumn, valueColumn) else {
            throw SeriesFailure.columns(line: line, text: SeriesFailure.evidence(text))
        }
        let timestamp = fields[timestampColumn]
        let valueText = fields[valueColumn]
        guard let seconds = SeriesTime.seconds(Self.bare(timestamp)) else {
            throw SeriesFailure.timestamp(line: line, text: SeriesFailure.evidence(timestamp))
        }
        guard let value = Self.number(Self.bare(valueText)) else {
            throw SeriesFailure.value(line: line, text: SeriesFailure.evidence(valueText))
        }
        try take(Row(timestamp: timestamp, valueText: valueText, seconds: seconds, value: value))
    }

    /// Whether the first line names the columns; false where it is a row already.
    private mutating func readHeader(_ fields: [ArraySlice<UInt8>], _ text: ArraySlice<UInt8>) throws -> Bool {
        let names = fields.map { String(decoding: Self.bare($0), as: UTF8.self).lowercased() }
        if let timestamp = names.firstIndex(of: "timestamp"), let value = names.firstIndex(of: "value") {
            timestampColumn = timestamp
            valueColumn = value
            return true
        }
        guard fields.count > 1, SeriesTime.seconds(Self.bare(fields[0])) != nil else {
            throw SeriesFailure.header(text: SeriesFailure.evidence(text))
        }
        return false
    }

    /// The field without blanks and quotes around it.
    static func bare(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let text = trimmed(field)
        let quote = UInt8(ascii: "\"")
        guard text.count >= 2, text.first == quote, text.last == quote else { return text }
        return trimmed(text.dropFirst().dropLast())
    }

    private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = field
        while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }

    private static let missing: Set<String> = ["", "nan", "null", "na", "inf", "+inf", "-inf", "infinity", "-infinity"]

    private static func number(_ text: ArraySlice<UInt8>) -> Double? {
        let string = String(decoding: text, as: UTF8.self)
        let isDecimal = text.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        if isDecimal, let value = Double(string) { return value }
        return missing.contains(string.lowercased()) ? .nan : nil
    }
}
