/// A count with its noun, as people write both.
package enum Counted {
    /// `1 instance`, `12 access keys`, `1,500 records`: `nouns` is the plural of an English noun, or a unit that has none, as `GB`.
    ///
    /// With decimals, zeros behind the last digit are left out: `2.5 hours`.
    package static func text(_ count: Double, _ nouns: String, decimals: Int = 0) -> String {
        let number = decimals > 0 ? Decimal.text(count, decimals: decimals) : Decimal.grouped(count)
        return "\(number) \(number == "1" ? singular(nouns) : nouns)"
    }

    /// As for a number with a fraction.
    package static func text(_ count: Int, _ nouns: String) -> String { text(Double(count), nouns) }

    private static func singular(_ nouns: String) -> String {
        if nouns.hasSuffix("series") { return nouns }
        if nouns.hasSuffix("ies") { return nouns.dropLast(3) + "y" }
        for ending in ["sses", "shes", "ches", "xes"] where nouns.hasSuffix(ending) { return String(nouns.dropLast(2)) }
        guard nouns.hasSuffix("s"), !nouns.hasSuffix("ss"), !nouns.hasSuffix("us") else { return nouns }
        return String(nouns.dropLast())
    }
}
