// Compiled together with the sources of UsageCore by scripts/fuzz.

/// Everything that the scanner does with one JSON text, held against the reference.
private struct ScannerTrial {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The tree that the walks of members and elements find; nil where they stop.
    func walk(_ scanner: inout JSONScanner, _ text: inout TextScratch) -> ReferenceJSON.Value? {
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            var members: [ReferenceJSON.Member] = []
            let whole = scanner.eachMember { scanner, range in
                let name = JSONString.text(ByteRange(range.start - 1, range.end + 1), in: bytes)
                guard let name, let value = walk(&scanner, &text) else { return false }
                members.append(ReferenceJSON.Member(name: Array(name.utf8), value: value))
                return true
            }
            return whole ? .object(members) : nil
        case UInt8(ascii: "["):
            var elements: [ReferenceJSON.Value] = []
            let whole = scanner.eachElement { scanner in
                guard let value = walk(&scanner, &text) else { return false }
                elements.append(value)
                return true
            }
            return whole ? .array(elements) : nil
        case UInt8(ascii: "\""):
            let start = scanner.at
            guard scanner.string(into: &text) else { return nil }
            let end = scanner.at
            var again = JSONScanner(bytes, from: start)
            var range = ByteRange.none
            precondition(again.value(into: &range) && range == ByteRange(start, end), "a string has two ends")
            let plain = String(decoding: text.bytes, as: UTF8.self)
            precondition(
                JSONString.text(range, in: bytes).map { $0.utf8.elementsEqual(plain.utf8) } == true,
                "a string is read in two ways"
            )
            return .string(Array(plain.utf8))
        default:
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return nil }
            switch bytes[range.start] {
            case UInt8(ascii: "t"): return .bool(true)
            case UInt8(ascii: "f"): return .bool(false)
            case UInt8(ascii: "n"): return .null
            default: return .number(Array(bytes[range.start..<range.end]))
            }
        }
    }

    /// The input as a text within a string: scanned by the marks that reading it left, it is what it is without them.
    func asText(_ text: inout TextScratch) {
        guard let plain = String(validating: bytes, as: UTF8.self) else { return }
        var json = JSONText()
        json.string(plain)
        json.bytes.withUnsafeBufferPointer { quoted in
            var scanner = JSONScanner(quoted)
            precondition(scanner.string(into: &text), "what was written as a string is none")
        }
        precondition(text.bytes.elementsEqual(bytes), "a text is not what was written")
        var one = text.scanner
        var other = JSONScanner(text.bytes)
        let isValue = one.skipValue()
        precondition(other.skipValue() == isValue && one.at == other.at && one.fault == other.fault, "marks mislead")
        one = text.scanner
        other = JSONScanner(text.bytes)
        var fields = RecordFields()
        var same = RecordFields()
        let isRecord = fields.scan(&one)
        precondition(same.scan(&other) == isRecord && "\(fields)" == "\(same)", "marks mislead in a record")
    }

    /// A record's top-level names: one that stands twice must be told, however it is written.
    func names(_ reference: ReferenceJSON.Value) {
        guard case .object(let members) = reference else { return }
        var scanner = JSONScanner(bytes)
        var fields = RecordFields()
        precondition(fields.scan(&scanner), "a record is refused that is JSON")
        precondition(fields.memberCount == members.count, "members are missed")
        var met: Set<[UInt8]> = []
        let isRepeated = members.contains { !met.insert($0.name).inserted }
        precondition(
            !isRepeated || fields.repeatedName != .none || !fields.reservedName.isEmpty,
            "a repetition is missed"
        )
        precondition(isRepeated || fields.repeatedName == .none, "a repetition is made up")
        _ = fields.identityText(bytes)
        _ = fields.seconds(bytes)
    }
}

/// Reads the input with every walk there is: all must take and refuse the same texts, and read the same from them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzScanner(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let reference = ReferenceJSON.read(bytes, deepest: JSONScanner.deepest)
    precondition((JSONScanner.fault(in: bytes) == nil) == (reference != nil), "what is JSON is told in two ways")

    let trial = ScannerTrial(bytes: bytes)
    var scanner = JSONScanner(bytes)
    var text = TextScratch(capacity: 64)
    let walked = trial.walk(&scanner, &text)
    precondition(scanner.at <= count, "the scanner went beyond the end")
    trial.asText(&text)
    scanner.skipSpace()
    guard let reference else {
        // What is nested too deep for one walk is followed by the other, which has a stack.
        let isWhole = walked != nil && scanner.at == count
        precondition(!isWhole || ReferenceJSON.read(bytes, deepest: .max) != nil, "a walk takes what is not JSON")
        return 0
    }
    precondition(walked == reference && scanner.at == count, "a text is read in two ways")
    trial.names(reference)
    // A text that stops early says that it is not whole, or more input would not be waited for.
    for cut in [count / 3, count / 2, count - 1] {
        let part = UnsafeBufferPointer(rebasing: bytes[..<cut])
        var scanner = JSONScanner(part)
        precondition(scanner.skipValue() || scanner.fault == .incomplete, "a text that stops early is called wrong")
    }
    if let tree = try? JSONValue.parse(bytes) {
        var json = JSONText()
        json.value(tree)
        precondition((try? JSONValue.parse(json.bytes)) != nil, "what is written is not JSON")
        precondition(!json.bytes.contains { $0 < 0x20 }, "what is written breaks a line")
    }
    return 0
}
