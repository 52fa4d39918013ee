/// Finding text in text by its bytes.
///
/// The standard library's `contains` compares characters under Unicode's equivalence, at some 50 times the price; what is looked for
/// here are fixed words of ASCII, and records are searched for them by the million.
enum ByteSearch {
    /// Whether `text` stands somewhere in `bytes`.
    static func holds(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
        let text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let first = text.first else { return true }
        guard bytes.count >= text.count else { return false }
        for start in 0...bytes.count - text.count where bytes[start] == first {
            var length = 1
            while length < text.count, bytes[start + length] == text[length] { length += 1 }
            if length == text.count { return true }
        }
        return false
    }
}

extension String {
    /// Whether the bytes of `text` stand somewhere in this text.
    @inline(never)
    func contains(bytesOf text: StaticString) -> Bool {
        var whole = self
        return whole.withUTF8 { ByteSearch.holds($0, text) }
    }
}
