import Glibc

/// Numbers as people read and write them, without Foundation.
package enum Decimal {
    /// The finite number of a plain decimal text, `12`, `0.5` or `1e3`; nil for anything else, as for a sign, `0x10`, `inf` or `nan`.
    package static func parse(_ text: String) -> Double? {
        let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        let mantissa = parts[0].split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard mantissa.allSatisfy(isDigits) else { return nil }
        if parts.count == 2 {
            let isSigned = parts[1].first == UInt8(ascii: "+") || parts[1].first == UInt8(ascii: "-")
            guard isDigits(isSigned ? parts[1].dropFirst() : parts[1]) else { return nil }
        }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func isDigits(_ text: Substring.UTF8View) -> Bool {
        !text.isEmpty && text.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    /// `value` rounded half away from zero to `decimals` places (0 to 9), trailing zeros and a bare point left out.
    package static func text(_ value: Double, decimals: Int) -> String {
        trimmed(fixed(value, decimals: decimals))
    }

    /// `value` with exactly `decimals` places (0 to 9).
    package static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "0" }
        let power = Glibc.pow(10, Double(decimals))
        let scaled = (abs(value) * power).rounded()
        guard scaled < 9_007_199_254_740_992 else { return large(value, decimals: decimals) }
        let whole = UInt64(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(whole) }
        let digits = String(whole)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// A number of which a double holds no more decimals than are asked for; from 2^63 on it is written with a power of ten.
    private static func large(_ value: Double, decimals: Int) -> String {
        guard abs(value) < 9_223_372_036_854_775_808 else { return value.description }
        // The shortest digits that name the number: from 2^53 on they are those of a whole number.
        let parts = value.description.split(separator: ".")
        let isWhole = abs(value) >= 9_007_199_254_740_992
        let digits = isWhole ? "" : parts.dropFirst().first.map { String($0.prefix(decimals)) } ?? ""
        let zeros = String(repeating: "0", count: decimals - digits.utf8.count)
        return (isWhole ? String(Int64(value)) : String(parts[0])) + (decimals > 0 ? "." + digits + zeros : "")
    }

    /// `value` with commas between thousands: `12,345` or `1,247.50`.
    package static func grouped(_ value: Double, decimals: Int = 0) -> String {
        let plain = fixed(value, decimals: decimals)
        guard !plain.contains("e") else { return plain }
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        let negative = parts[0].hasPrefix("-")
        let digits = Array(parts[0].drop { $0 == "-" })
        var text = negative ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return parts.count > 1 ? text + "." + parts[1] : text
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains("."), !text.contains("e") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
