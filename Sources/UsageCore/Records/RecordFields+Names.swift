/// Top-level names beyond the ordinary: escaped ones, and records with many that this product does not know.
extension RecordFields {
    @inline(__always)
    static func isEscaped(_ name: ByteRange, in scanner: JSONScanner) -> Bool {
        for offset in name.start..<name.end where scanner.base[offset] == UInt8(ascii: "\\") { return true }
        return false
    }

    /// The first top-level name that denotes what an earlier one does, in the object that was read before from `start`.
    @inline(never)
    static func firstRepeatedName(from start: Int, in scanner: JSONScanner) -> ByteRange {
        var scanner = JSONScanner(UnsafeBufferPointer(start: scanner.base, count: scanner.end), from: start)
        var met: Set<Digest128> = []
        var found = ByteRange.none
        _ = scanner.eachMember { scanner, name in
            if found == .none, !met.insert(digest(name, in: scanner)).inserted { found = name }
            return scanner.skipValue()
        }
        return found
    }

    private static func digest(_ name: ByteRange, in scanner: JSONScanner) -> Digest128 {
        guard isEscaped(name, in: scanner) else {
            return Digest128(of: UnsafeRawBufferPointer(start: scanner.base + name.start, count: name.count))
        }
        return denoted(name, in: scanner).withUnsafeBytes { Digest128(of: $0) }
    }

    /// The bytes that the name at `range` stands for.
    static func denoted(_ range: ByteRange, in scanner: JSONScanner) -> [UInt8] {
        var plain: [UInt8] = []
        JSONString.unescape(UnsafeBufferPointer(start: scanner.base + range.start, count: range.count), into: &plain)
        return plain
    }
}

extension TopLevelName {
    /// What the name at `range` denotes when its escapes are read.
    @inline(never)
    init(escaped range: ByteRange, in scanner: JSONScanner) {
        let plain = RecordFields.denoted(range, in: scanner)
        self = plain.withUnsafeBufferPointer { TopLevelName(ByteRange(0, $0.count), in: JSONScanner($0)) }
    }
}
