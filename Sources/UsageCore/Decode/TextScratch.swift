import Glibc

/// Room for the text that a JSON string stands for, used again for each string.
///
/// Memory of its own instead of an array: the inner loop writes eight bytes at a time and goes back over those that were too many.
struct TextScratch: ~Copyable {
    fileprivate var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    fileprivate(set) var count = 0

    /// Records are 1 to 3 KiB long on average and 256 KiB at most (AWS CloudTrail User Guide, "CloudTrail record contents").
    init(capacity: Int = 16 << 10) {
        base = .allocate(capacity: max(64, capacity))
        self.capacity = max(64, capacity)
    }

    deinit { base.deallocate() }

    /// The text.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    @inline(never)
    fileprivate mutating func grow() {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
        memcpy(larger, base, count)
        base.deallocate()
        base = larger
        capacity *= 2
    }

    @inline(__always)
    fileprivate mutating func makeRoom(_ length: Int) { while count + length > capacity { grow() } }
}

extension JSONScanner {
    /// Reads the string at the cursor and leaves in `text` what it stands for; a lone surrogate becomes U+FFFD.
    mutating func string(into text: inout TextScratch) -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        text.count = 0
        while true {
            text.makeRoom(16)
            if at + 8 <= end {
                let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
                UnsafeMutableRawPointer(text.base + text.count).storeBytes(of: word, as: UInt64.self)
                let marks = Self.marks(in: word.littleEndian)
                let plain = marks == 0 ? 8 : marks.trailingZeroBitCount >> 3
                at += plain
                text.count += plain
                if plain == 8 { continue }
            }
            guard at < end else { return fail(.incomplete) }
            let byte = base[at]
            if byte == UInt8(ascii: "\\") {
                guard escape(into: &text) else { return false }
            } else if byte == UInt8(ascii: "\"") {
                at += 1
                return true
            } else if byte < 0x20 {
                return fail(.syntax)
            } else {
                let start = at
                if byte >= 0x80 {
                    guard skipBeyondASCII() else { return false }
                } else {
                    at += 1
                }
                for offset in start..<at {
                    text.base[text.count] = base[offset]
                    text.count += 1
                }
            }
        }
    }

    @inline(__always)
    private mutating func escape(into text: inout TextScratch) -> Bool {
        if at + 1 < end, base[at + 1] == UInt8(ascii: "\"") || base[at + 1] == UInt8(ascii: "\\") {
            text.base[text.count] = base[at + 1]
            text.count += 1
            at += 2
            // `\":\"` and `\",\"`: a mark between two quotes is a third of what JSON within JSON consists of.
            if at + 3 <= end, base[at] == UInt8(ascii: ":") || base[at] == UInt8(ascii: ","),
                base[at + 1] == UInt8(ascii: "\\"), base[at + 2] == UInt8(ascii: "\"")
            {
                text.base[text.count] = base[at]
                text.base[text.count + 1] = base[at + 2]
                text.count += 2
                at += 3
            }
            return true
        }
        return rareEscape(into: &text)
    }

    @inline(never)
    private mutating func rareEscape(into text: inout TextScratch) -> Bool {
        let start = at
        guard skipEscape() else { return false }
        // A pair of surrogates is one character: its halves must be read together.
        if at - start == 6, isSurrogate(at: start, from: UInt8(ascii: "8"), to: UInt8(ascii: "b")),
            isSurrogate(at: at, from: UInt8(ascii: "c"), to: UInt8(ascii: "f"))
        {
            guard skipEscape() else { return false }
        }
        var plain: [UInt8] = []
        JSONString.unescape(UnsafeBufferPointer(start: base + start, count: at - start), into: &plain)
        text.makeRoom(plain.count + 16)
        for byte in plain {
            text.base[text.count] = byte
            text.count += 1
        }
        return true
    }

    /// Whether `\udXxx` stands at `start`, X between the two lower-case digits.
    private func isSurrogate(at start: Int, from lowest: UInt8, to highest: UInt8) -> Bool {
        guard start + 6 <= end, base[start] == UInt8(ascii: "\\"), base[start + 1] == UInt8(ascii: "u"),
            base[start + 2] | 0x20 == UInt8(ascii: "d"), let digit = Self.hexadecimal(base[start + 3]),
            let lowest = Self.hexadecimal(lowest), let highest = Self.hexadecimal(highest)
        else { return false }
        return digit >= lowest && digit <= highest
    }
}
