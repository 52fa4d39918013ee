extension JSONScanner {
    /// Walks the members of the object at the cursor.
    ///
    /// `visit` is called with the cursor at a member's value and must move past it; it is given where the member's name
    /// lies, without quotes and as written.
    @inline(__always)
    package mutating func eachMember(_ visit: (inout JSONScanner, ByteRange) -> Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if peek() == UInt8(ascii: "}") {
            at += 1
            return true
        }
        while true {
            guard take(UInt8(ascii: "\"")) else { return false }
            let start = at
            guard skipStringBody() else { return false }
            let name = ByteRange(start, at - 1)
            guard take(UInt8(ascii: ":")) else { return false }
            skipSpace()
            guard visit(&self, name) else { return fail(.syntax) }
            skipSpace()
            guard at < end else { return fail(.incomplete) }
            let next = base[at]
            at += 1
            if next == UInt8(ascii: ",") { continue }
            if next == UInt8(ascii: "}") { return true }
            at -= 1
            return fail(.syntax)
        }
    }

    /// Walks the elements of the array at the cursor.
    ///
    /// `visit` is called with the cursor at an element and must move past it.
    @inline(__always)
    package mutating func eachElement(_ visit: (inout JSONScanner) -> Bool) -> Bool {
        guard take(UInt8(ascii: "[")) else { return false }
        if peek() == UInt8(ascii: "]") {
            at += 1
            return true
        }
        while true {
            skipSpace()
            guard visit(&self) else { return fail(.syntax) }
            skipSpace()
            guard at < end else { return fail(.incomplete) }
            let next = base[at]
            at += 1
            if next == UInt8(ascii: ",") { continue }
            if next == UInt8(ascii: "]") { return true }
            at -= 1
            return fail(.syntax)
        }
    }

    /// Skips the value at the cursor and tells where it lies, its quotes or brackets included.
    @inline(__always)
    package mutating func value(into range: inout ByteRange) -> Bool {
        let start = at
        // Most values are strings.
        if at < end, base[at] == UInt8(ascii: "\"") {
            at += 1
            guard skipStringBody() else { return false }
        } else {
            guard skipValue() else { return false }
        }
        range = ByteRange(start, at)
        return true
    }

    /// Whether the bytes of `range` are those of `text`.
    @inline(__always)
    package func matches(_ range: ByteRange, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard range.count == count else { return false }
        let one = UnsafeRawPointer(base + range.start)
        let other = UnsafeRawPointer(text.utf8Start)
        // Words, the last one over the end of the one before, so that none reaches beyond the name.
        if count >= 8 {
            var offset = 0
            while offset + 8 < count {
                if !Self.isEqual(one, other, offset, as: UInt64.self) { return false }
                offset += 8
            }
            return Self.isEqual(one, other, count - 8, as: UInt64.self)
        }
        if count >= 4 {
            return Self.isEqual(one, other, 0, as: UInt32.self) && Self.isEqual(one, other, count - 4, as: UInt32.self)
        }
        for offset in 0..<count where base[range.start + offset] != text.utf8Start[offset] { return false }
        return true
    }

    @inline(__always)
    private static func isEqual<Word: FixedWidthInteger & BitwiseCopyable>(
        _ one: UnsafeRawPointer,
        _ other: UnsafeRawPointer,
        _ offset: Int,
        as word: Word.Type
    ) -> Bool {
        one.loadUnaligned(fromByteOffset: offset, as: word) == other.loadUnaligned(fromByteOffset: offset, as: word)
    }
}
