/// Why a series file cannot be read.
package enum SeriesFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The first line names other columns.
    case header(text: String)
    /// A line has too few fields.
    case columns(line: Int, text: String)
    /// A field is no time.
    case timestamp(line: Int, text: String)
    /// A field is no number.
    case value(line: Int, text: String)
    /// A line is longer than any row can be.
    case longLine(line: Int, bytes: Int)
    /// There is no row at all.
    case empty

    package var description: String {
        switch self {
        case .header(let text):
            "series line 1: no columns timestamp and value (\(text)); give the header timestamp,value"
        case .columns(let line, let text):
            "series line \(line): a field is missing (\(text)); give timestamp,value"
        case .timestamp(let line, let text):
            "series line \(line): not a time (\(text)); give YYYY-MM-DD HH:MM:SS, RFC 3339, or epoch seconds"
        case .value(let line, let text):
            "series line \(line): not a number (\(text)); give a decimal number"
        case .longLine(let line, let bytes):
            "series line \(line): too long (\(bytes) bytes and more); give one timestamp,value a line"
        case .empty:
            "series: no rows (0 after the header); give a file with the header timestamp,value and rows"
        }
    }

    /// At most 200 bytes of what stands in the file, on one line.
    static func evidence(_ bytes: ArraySlice<UInt8>) -> String {
        let cut = bytes.prefix(200).map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: " ") : $0 }
        return String(decoding: cut, as: UTF8.self)
    }
}
