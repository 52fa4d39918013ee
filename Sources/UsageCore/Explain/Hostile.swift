/// Text from records is an attacker's to choose: this makes it safe to show.
package enum Hostile {
    /// A file's path on one line: whoever fills a bucket chooses the names in it.
    package static func path(_ path: String) -> String { shown(path, limit: 1024) }

    /// `text` on one line: control characters, direction marks and invisible characters as `\u{..}`, cut at `limit` characters.
    ///
    /// Unicode Standard Annex 9 names the direction marks; U+2028 and U+2029 break lines.
    package static func shown(_ text: String, limit: Int = 200) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit {
                result += "…"
                break
            }
            count += 1
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
                0xFFF9...0xFFFB, 0xE0000...0xE007F:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
