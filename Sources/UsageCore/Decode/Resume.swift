/// Finding the place to go on behind an element that is not JSON.
enum Resume {
    /// How every record that AWS writes begins.
    private static let recordStart: StaticString = "{\"eventVersion\""

    /// The offset behind the damaged element of an array that begins at `start`, or nil where it cannot be told from these bytes.
    ///
    /// Brackets are matched first, with strings respected; where the damage is in a bracket or a quote, the next text that begins like a
    /// record is taken, whichever comes first.
    static func behindElement(_ bytes: UnsafeBufferPointer<UInt8>, start: Int, fault: Int) -> Int? {
        let marker = nextRecordStart(bytes, from: max(fault, start + 1))
        if let end = matchingEnd(bytes, from: start), end >= fault, marker.map({ end <= $0 }) ?? true {
            var next = end
            while next < bytes.count, bytes[next] <= 0x20 { next += 1 }
            if next == bytes.count { return nil }
            if bytes[next] == UInt8(ascii: ",") || bytes[next] == UInt8(ascii: "]") { return end }
        }
        return marker
    }

    private static func matchingEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var depth = 0
        var isString = false
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isString {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if byte == UInt8(ascii: "\"") { isString = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index }
                // A bracket of the array around it: a bare word ended here.
                if depth < 0 { return index - 1 }
            case UInt8(ascii: ","): if depth == 0 { return index - 1 }
            default: break
            }
        }
        return nil
    }

    private static func nextRecordStart(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let count = recordStart.utf8CodeUnitCount
        guard start + count <= bytes.count else { return nil }
        for index in start...bytes.count - count where bytes[index] == UInt8(ascii: "{") {
            var isMatch = true
            for offset in 0..<count where bytes[index + offset] != recordStart.utf8Start[offset] {
                isMatch = false
                break
            }
            if isMatch { return index }
        }
        return nil
    }
}
