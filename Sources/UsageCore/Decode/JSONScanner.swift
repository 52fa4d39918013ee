/// Walks JSON text byte by byte, once, without building anything.
///
/// Strict after RFC 8259: what it accepts is JSON in valid UTF-8. It is the inner loop of the product, so it works on a bare pointer;
/// every read is guarded by `end`. Functions return false at the first fault and leave the reason in `fault`.
package struct JSONScanner {
    /// Why scanning stopped.
    package enum Fault: Equatable, Sendable {
        /// The bytes end inside a value.
        case incomplete
        /// A byte that JSON does not allow there.
        case syntax
        /// A string holds bytes that are not UTF-8.
        case notUTF8
        /// Arrays and objects are nested deeper than `deepest`.
        case tooDeep
    }

    /// Levels of nesting that are followed; CloudTrail's own records stay below 30.
    package static let deepest = 512

    package let base: UnsafePointer<UInt8>
    package let end: Int
    /// The offset of the next byte to read.
    package var at: Int
    package private(set) var fault: Fault?
    /// The first known mark that may lie at or behind `at`; nil where marks are not known beforehand.
    var marks: UnsafePointer<UInt32>?

    /// A scanner over `bytes` that starts at `start`.
    package init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) {
        // An empty buffer may have no address; any pointer will do, since nothing is read at or behind `end`.
        base = bytes.baseAddress ?? UnsafePointer(Self.nothing)
        end = bytes.count
        at = start
    }

    nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

    @inline(__always)
    package mutating func fail(_ reason: Fault) -> Bool {
        if fault == nil { fault = reason }
        return false
    }

    /// Goes to the next byte that is not white space.
    @inline(__always)
    package mutating func skipSpace() {
        while at < end {
            let byte = base[at]
            if byte > 0x20 || (byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09) { return }
            at += 1
        }
    }

    /// The byte at the cursor after white space, or 0 at the end (0 is never valid between tokens).
    @inline(__always)
    package mutating func peek() -> UInt8 {
        skipSpace()
        return at < end ? base[at] : 0
    }

    /// Takes `byte` if it comes next, after white space.
    @inline(__always)
    package mutating func take(_ byte: UInt8) -> Bool {
        if peek() == byte, at < end {
            at += 1
            return true
        }
        return fail(at < end ? .syntax : .incomplete)
    }

    /// Skips one whole value of any kind, checking every byte of it.
    package mutating func skipValue() -> Bool {
        skipSpace()
        guard at < end else { return fail(.incomplete) }
        switch base[at] {
        case UInt8(ascii: "\""):
            at += 1
            return skipStringBody()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return skipContainer()
        default:
            return skipScalar()
        }
    }

    /// Skips a number or one of the three literals.
    @inline(__always)
    mutating func skipScalar() -> Bool {
        switch base[at] {
        case UInt8(ascii: "t"): skipLiteral("true")
        case UInt8(ascii: "f"): skipLiteral("false")
        case UInt8(ascii: "n"): skipLiteral("null")
        default: skipNumber()
        }
    }

    /// Skips an object or array without recursion: one bit a level says which of the two is open.
    private mutating func skipContainer() -> Bool {
        var levels = InlineArray<8, UInt64>(repeating: 0)
        var depth = 0
        while true {
            // Here a value is due.
            skipSpace()
            guard at < end else { return fail(.incomplete) }
            let byte = base[at]
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                at += 1
                guard depth < Self.deepest else { return fail(.tooDeep) }
                let isObject = byte == UInt8(ascii: "{")
                let bit = UInt64(1) << UInt64(depth & 63)
                if isObject { levels[depth >> 6] |= bit } else { levels[depth >> 6] &= ~bit }
                depth += 1
                skipSpace()
                guard at < end else { return fail(.incomplete) }
                if base[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    at += 1
                    depth -= 1
                } else if isObject {
                    guard skipKey() else { return false }
                    continue
                } else {
                    continue
                }
            } else if byte == UInt8(ascii: "\"") {
                at += 1
                guard skipStringBody() else { return false }
            } else {
                guard skipScalar() else { return false }
            }
            // Here a value has ended: go on in the container around it, closing as many as end here.
            while true {
                if depth == 0 { return true }
                let isObject = levels[(depth - 1) >> 6] & (UInt64(1) << UInt64((depth - 1) & 63)) != 0
                skipSpace()
                guard at < end else { return fail(.incomplete) }
                let next = base[at]
                at += 1
                if next == UInt8(ascii: ",") {
                    if isObject {
                        guard skipKey() else { return false }
                    }
                    break
                }
                guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    at -= 1
                    return fail(.syntax)
                }
                depth -= 1
            }
        }
    }

    /// Skips a member's name and the colon behind it.
    @inline(__always)
    private mutating func skipKey() -> Bool {
        guard take(UInt8(ascii: "\"")), skipStringBody() else { return false }
        return take(UInt8(ascii: ":"))
    }

    private mutating func skipLiteral(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        for offset in 0..<count {
            guard at + offset < end else { return fail(.incomplete) }
            guard base[at + offset] == text.utf8Start[offset] else { return fail(.syntax) }
        }
        at += count
        return true
    }

    /// RFC 8259 section 6: minus, int, frac, exp.
    private mutating func skipNumber() -> Bool {
        if base[at] == UInt8(ascii: "-") {
            at += 1
            guard at < end else { return fail(.incomplete) }
        }
        if base[at] == UInt8(ascii: "0") {
            at += 1
        } else {
            guard skipDigits() else { return false }
        }
        if at < end, base[at] == UInt8(ascii: ".") {
            at += 1
            guard skipDigits() else { return false }
        }
        if at < end, base[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, base[at] == UInt8(ascii: "+") || base[at] == UInt8(ascii: "-") { at += 1 }
            guard skipDigits() else { return false }
        }
        return true
    }

    private mutating func skipDigits() -> Bool {
        guard at < end else { return fail(.incomplete) }
        guard base[at] &- UInt8(ascii: "0") < 10 else { return fail(.syntax) }
        while at < end, base[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        return true
    }

    /// Whether `bytes` are one JSON text and nothing else; the reason when not.
    package static func fault(in bytes: UnsafeBufferPointer<UInt8>) -> Fault? {
        var scanner = JSONScanner(bytes)
        guard scanner.skipValue() else { return scanner.fault }
        scanner.skipSpace()
        return scanner.at == scanner.end ? nil : .syntax
    }
}
