import CBytes
import Glibc

/// Room for the text that a JSON string stands for, used again for each string.
///
/// Memory of its own instead of an array: the inner loop writes sixteen bytes at a time and goes back over those that were too many.
/// What needs a closer look in the text was an escape in the string, so reading the string finds the marks by which the text is scanned.
struct TextScratch: ~Copyable {
    fileprivate var base: UnsafeMutablePointer<UInt8>
    /// Where the quotes, backslashes and control characters of the text lie, then its end.
    fileprivate var marks: UnsafeMutablePointer<UInt32>
    fileprivate var capacity: Int
    fileprivate(set) var count = 0
    fileprivate var markCount = 0

    /// Records are 1 to 3 KiB long on average and 256 KiB at most (AWS CloudTrail User Guide, "CloudTrail record contents").
    init(capacity: Int = 16 << 10) {
        self.capacity = max(64, capacity)
        base = .allocate(capacity: self.capacity)
        marks = .allocate(capacity: self.capacity)
        marks[0] = 0
    }

    deinit {
        base.deallocate()
        marks.deallocate()
    }

    /// A scanner over the text, to be used while the text stays.
    var scanner: JSONScanner {
        var scanner = JSONScanner(bytes)
        scanner.marks = UnsafePointer(marks)
        return scanner
    }

    /// The text.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    @inline(never)
    fileprivate mutating func grow() {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
        memcpy(larger, base, count)
        base.deallocate()
        base = larger
        let more = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
        more.update(from: marks, count: markCount)
        marks.deallocate()
        marks = more
        capacity *= 2
    }

    @inline(__always)
    fileprivate mutating func makeRoom(_ length: Int) { while count + length > capacity { grow() } }

    /// Begins anew.
    @inline(__always)
    fileprivate mutating func clear() {
        count = 0
        markCount = 0
    }

    /// Appends a byte that is no mark; there is room.
    @inline(__always)
    fileprivate mutating func append(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    /// Appends a byte that is a mark; there is room.
    @inline(__always)
    fileprivate mutating func appendMark(_ byte: UInt8) {
        marks[markCount] = UInt32(truncatingIfNeeded: count)
        markCount += 1
        append(byte)
    }

    /// Sets the end, behind which no scanner looks for marks.
    @inline(__always)
    fileprivate mutating func end() { marks[markCount] = UInt32(truncatingIfNeeded: count) }
}

extension JSONScanner {
    /// Reads the string at the cursor and leaves in `text` what it stands for; a lone surrogate becomes U+FFFD.
    mutating func string(into text: inout TextScratch) -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        text.clear()
        while true {
            text.makeRoom(Self.room)
            commonText(into: &text)
            guard at < end else { return fail(.incomplete) }
            let byte = base[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                text.end()
                return true
            }
            if byte == UInt8(ascii: "\\") {
                guard escape(into: &text) else { return false }
            } else if byte < 0x20 {
                return fail(.syntax)
            } else {
                let start = at
                if byte >= 0x80 {
                    guard skipBeyondASCII() else { return false }
                } else {
                    at += 1
                }
                for offset in start..<at { text.append(base[offset]) }
            }
        }
    }

    /// Bytes that `commonText` may write in one round.
    private static let room = 32
    /// Bytes that it may read in one round.
    private static let reach = 20

    /// Reads what JSON within JSON mostly consists of, plain characters and escaped quotes and backslashes, up to anything else.
    @inline(__always)
    private mutating func commonText(into text: inout TextScratch) {
        guard end >= Self.reach else { return }
        // Variables of its own stay in registers; what lies in `self` and `text` is stored and loaded again in each round.
        var source = base + at
        var target = text.base + text.count
        var mark = text.marks + text.markCount
        let last = base + (end - Self.reach)
        let lastRoom = text.base + (text.capacity - Self.room)
        while source <= last, target <= lastRoom {
            let block = UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self)
            UnsafeMutableRawPointer(target).storeBytes(of: block, as: SIMD16<UInt8>.self)
            let plain = Int(plain_bytes_of_16(source))
            source += plain
            target += plain
            if plain == 16 { continue }
            guard source[0] == UInt8(ascii: "\\"), source[1] == UInt8(ascii: "\"") || source[1] == UInt8(ascii: "\\")
            else { break }
            mark.pointee = UInt32(truncatingIfNeeded: target - text.base)
            mark += 1
            target.pointee = source[1]
            target += 1
            source += 2
            // `\":\"` and `\",\"`: a mark between two quotes is a third of what JSON within JSON consists of.
            if source[0] == UInt8(ascii: ":") || source[0] == UInt8(ascii: ","), source[1] == UInt8(ascii: "\\"),
                source[2] == UInt8(ascii: "\"")
            {
                target[0] = source[0]
                target[1] = source[2]
                mark.pointee = UInt32(truncatingIfNeeded: target + 1 - text.base)
                mark += 1
                target += 2
                source += 3
            }
        }
        at = source - base
        text.count = target - text.base
        text.markCount = mark - text.marks
    }

    /// Any escape, looked at in full.
    @inline(never)
    private mutating func escape(into text: inout TextScratch) -> Bool {
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
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                text.appendMark(byte)
            } else {
                text.append(byte)
            }
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
