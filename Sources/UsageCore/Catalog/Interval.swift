/// Lengths of time as people write them: `90s`, `5m`, `2h`, `1d`.
package enum Interval {
    /// Seconds, or nil where `text` is no such length above zero (at most 400 days).
    package static func parse(_ text: String) -> Int64? {
        guard let unit = text.last, let number = Int64(text.dropLast()), number > 0 else { return nil }
        let seconds: Int64
        switch unit {
        case "s": seconds = 1
        case "m": seconds = 60
        case "h": seconds = 3600
        case "d": seconds = 86400
        default: return nil
        }
        let (total, isTooLong) = number.multipliedReportingOverflow(by: seconds)
        return isTooLong || total > 400 * 86400 ? nil : total
    }

    /// `seconds` in the largest unit that divides it.
    package static func text(_ seconds: Int64) -> String {
        for (unit, length) in [("d", Int64(86400)), ("h", 3600), ("m", 60)] where seconds % length == 0 && seconds > 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    /// `seconds` for reading aloud: `45 minutes`, `2.5 hours`, `3 days`.
    package static func spoken(_ seconds: Int64) -> String {
        func said(_ value: Double, _ units: String) -> String { Counted.text(value, units, decimals: 1) }
        switch seconds {
        case ..<120: return said(Double(max(0, seconds)), "seconds")
        case ..<7200: return said((Double(seconds) / 60).rounded(), "minutes")
        case ..<172_800: return said(Double(seconds) / 3600, "hours")
        default: return said(Double(seconds) / 86400, "days")
        }
    }
}
