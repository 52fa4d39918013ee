/// Whether a document begins `{"Records":[`, which is then streamed element by element.
enum TrailFileHead {
    /// The elements begin at `behind`.
    case found(behind: Int)
    /// It is another document.
    case none
    /// The bytes end before it can be told.
    case cutShort

    /// Looks at the document at the cursor of `scanner`.
    init(_ scanner: JSONScanner) {
        var scanner = scanner
        self = Self.isFound(&scanner) ? .found(behind: scanner.at) : scanner.fault == .incomplete ? .cutShort : .none
    }

    private static func isFound(_ scanner: inout JSONScanner) -> Bool {
        guard scanner.take(UInt8(ascii: "{")), scanner.take(UInt8(ascii: "\"")) else { return false }
        let start = scanner.at
        guard scanner.skipStringBody() else { return false }
        guard scanner.matches(ByteRange(start, scanner.at - 1), "Records") else { return false }
        return scanner.take(UInt8(ascii: ":")) && scanner.take(UInt8(ascii: "["))
    }
}
