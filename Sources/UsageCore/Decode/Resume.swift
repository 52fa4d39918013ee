/// Finding the place to go on behind text that is not JSON.
enum Resume {
    /// The name that every record which AWS writes begins with, behind its brace and any white space.
    static let firstName: StaticString = "\"eventVersion\""

    /// The offset behind the damaged element of an array that begins at `start`, or nil where it cannot be told from these bytes.
    ///
    /// Brackets are matched first, with strings respected; where the damage is in a bracket or a quote, the next text that begins like a
    /// record is taken, whichever comes first; elements that are no records begin with another `name`.
    static func behindElement(
        _ bytes: UnsafeBufferPointer<UInt8>,
        start: Int,
        fault: Int,
        name: StaticString = firstName
    ) -> Int? {
        let marker = nextElementStart(bytes, from: max(openBrace(bytes, before: fault), start + 1), name)
        if let end = matchingEnd(bytes, from: start), end >= fault, marker.map({ end <= $0 }) ?? true {
            var next = end
            while next < bytes.count, bytes[next] <= 0x20 { next += 1 }
            if next == bytes.count { return nil }
            if bytes[next] == UInt8(ascii: ",") || bytes[next] == UInt8(ascii: "]") { return end }
        }
        return marker
    }

    /// The start of the next line that begins with a brace or bracket.
    static func nextDocument(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == 0x0A, bytes[index + 1] == UInt8(ascii: "{") || bytes[index + 1] == UInt8(ascii: "[") {
                return index + 1
            }
            index += 1
        }
        return nil
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

    /// The brace that `"` and white space lead back to from `fault`, else `fault` itself.
    ///
    /// Where the quote behind a record's last value is missing, the fault is met behind the first quote of the next record.
    private static func openBrace(_ bytes: UnsafeBufferPointer<UInt8>, before fault: Int) -> Int {
        var index = min(fault, bytes.count) - 1
        guard index > 0, bytes[index] == UInt8(ascii: "\"") else { return fault }
        index -= 1
        while index > 0, bytes[index] <= 0x20 { index -= 1 }
        return bytes[index] == UInt8(ascii: "{") ? index : fault
    }

    private static func nextElementStart(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ firstName: StaticString
    ) -> Int? {
        let count = firstName.utf8CodeUnitCount
        guard start + count < bytes.count else { return nil }
        for index in start..<bytes.count - count where bytes[index] == UInt8(ascii: "{") {
            var name = index + 1
            while name < bytes.count, bytes[name] <= 0x20 { name += 1 }
            guard name + count <= bytes.count else { return nil }
            var isMatch = true
            for offset in 0..<count where bytes[name + offset] != firstName.utf8Start[offset] {
                isMatch = false
                break
            }
            if isMatch { return index }
        }
        return nil
    }
}
