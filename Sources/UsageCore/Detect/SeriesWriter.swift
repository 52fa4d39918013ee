import Glibc

/// Writes one scored row a line, as CSV or as JSON objects.
struct SeriesWriter {
    let format: SeriesSettings.Format

    /// The names of the columns and keys, in order.
    static let columns = ["timestamp", "value", "anomaly_score", "grade", "expected", "low", "high", "reason"]

    /// What stands before the first row.
    func begin(into out: inout [UInt8]) {
        guard format == .csv else { return }
        out += Self.columns.joined(separator: ",").utf8
        out.append(0x0a)
    }

    /// Appends one row.
    func write(_ row: SeriesReader.Row, _ verdict: Verdict, into out: inout [UInt8]) {
        let score = Self.score(verdict.score)
        let fields = [
            score, verdict.isAnomaly ? score : "0", Self.significant(verdict.expected), Self.significant(verdict.low),
            Self.significant(verdict.high),
        ]
        let reason = Self.reason(verdict, row.value)
        switch format {
        case .csv:
            out += row.timestamp
            out.append(UInt8(ascii: ","))
            out += row.valueText
            for field in fields {
                out.append(UInt8(ascii: ","))
                out += field.utf8
            }
            out.append(UInt8(ascii: ","))
            out += reason.utf8
        case .jsonLines:
            out += "{\"timestamp\":\"".utf8
            Self.escape(SeriesReader.bare(row.timestamp), into: &out)
            out += "\",\"value\":".utf8
            out += row.value.isFinite ? Self.exact(row.value).utf8 : "null".utf8
            for (name, field) in zip(Self.columns.dropFirst(2), fields) {
                out += ",\"\(name)\":\(field)".utf8
            }
            out += ",\"reason\":\"\(reason)\"}".utf8
        }
        out.append(0x0a)
    }

    /// Why a row is an anomaly, in words without a comma; empty where it is none.
    private static func reason(_ verdict: Verdict, _ value: Double) -> String {
        guard verdict.isAnomaly else { return "" }
        if value > verdict.high { return verdict.reason.description + " (above the usual range)" }
        if value < verdict.low { return verdict.reason.description + " (below the usual range)" }
        return verdict.reason.description
    }

    /// Six decimals, cut and not rounded, so that what is below a level is never printed as having reached it.
    static func score(_ value: Double) -> String {
        let millionths = Int((max(0, min(1, value)) * 1e6 + 1e-6).rounded(.down))
        let digits = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Six significant digits; 0 for what is not finite or next to nothing.
    static func significant(_ value: Double) -> String {
        guard value.isFinite, abs(value) >= 1e-16 else { return "0" }
        let scale = pow(10, 5 - log10(abs(value)).rounded(.down))
        let rounded = scale >= 1 ? (value * scale).rounded() / scale : (value * scale).rounded() * (1 / scale).rounded()
        return exact(rounded)
    }

    /// The shortest decimal that reads back as the same number.
    private static func exact(_ value: Double) -> String {
        let text = (value == 0 ? 0 : value).description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func escape(_ text: ArraySlice<UInt8>, into out: inout [UInt8]) {
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
            out.append(byte < 0x20 || byte >= 0x7f ? UInt8(ascii: "?") : byte)
        }
    }
}
