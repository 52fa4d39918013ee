import UsageCore

/// How what this solution has set up in a domain is known again: a word and the digest of what was asked for.
///
/// What a plugin keeps is never exactly what it was sent (defaults, formats, rules of its own), so the digest of the request decides
/// whether something has to be written.
enum PartMark {
    static let owner = "usage-anomalies"

    /// A description that ends in the mark of `body`.
    static func text(_ description: String, of body: String) -> String {
        "\(description) [\(owner) \(digest(of: body))]"
    }

    static func digest(of body: String) -> String { String(Digest128(of: body).hexadecimal.prefix(16)) }

    /// The digest in a text that bears our mark; nil for a text of somebody else.
    static func digest(in text: String) -> String? {
        guard let mark = text.firstRange(of: owner + " ") else { return nil }
        return String(text[mark.upperBound...].prefix { $0.isHexDigit })
    }
}
