/// Where a value stands in a record: names joined by dots, as in `responseElements.instancesSet.items.instanceId`.
///
/// Arrays on the way are walked, so a path may lead to many values. `tags[Name]` takes, from an array of `{"key","value"}` pairs, the value
/// whose key is `Name`: tags are written so in EC2's records.
package struct ValuePath: Equatable, Sendable, CustomStringConvertible {
    /// The part of the record that a path may begin in.
    package enum Root: String, CaseIterable, Sendable {
        case requestParameters, responseElements, additionalEventData, resources
    }

    private struct Step: Equatable, Sendable {
        let name: [UInt8]
        let pairKey: [UInt8]?
    }

    package let description: String
    private let root: Root
    private let steps: [Step]

    /// Reads `text`; nil where it does not begin with one of `Root` or has an empty part.
    package init?(_ text: String) {
        var parts: [Step] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            // A key in brackets may hold dots: `tags[eks.example]`.
            let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
            let name = rest[..<end]
            guard !name.isEmpty else { return nil }
            rest = rest[end...]
            var key: [UInt8]?
            if rest.first == "[" {
                guard let close = rest.firstIndex(of: "]") else { return nil }
                key = Array(rest[rest.index(after: rest.startIndex)..<close].utf8)
                rest = rest[rest.index(after: close)...]
            }
            parts.append(Step(name: Array(name.utf8), pairKey: key))
            if rest.first == "." {
                rest = rest.dropFirst()
                guard !rest.isEmpty else { return nil }
            }
        }
        guard let first = parts.first, first.pairKey == nil,
            let root = Root(rawValue: String(decoding: first.name, as: UTF8.self))
        else { return nil }
        description = text
        self.root = root
        steps = Array(parts.dropFirst())
    }

    /// Calls `visit` with the place of each value that the path leads to, in the order of the record.
    package func eachValue(
        _ fields: RecordFields,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ visit: (ByteRange) -> Void
    ) {
        let range =
            switch root {
            case .requestParameters: fields.requestParameters
            case .responseElements: fields.responseElements
            case .additionalEventData: fields.additionalEventData
            case .resources: fields.resources
            }
        guard !range.isEmpty else { return }
        var scanner = JSONScanner(UnsafeBufferPointer(rebasing: bytes[..<range.end]), from: range.start)
        _ = walk(&scanner, 0, visit)
    }

    private func walk(_ scanner: inout JSONScanner, _ depth: Int, _ visit: (ByteRange) -> Void) -> Bool {
        switch scanner.peek() {
        case UInt8(ascii: "["):
            return scanner.eachElement { scanner in walk(&scanner, depth, visit) }
        case UInt8(ascii: "{") where depth < steps.count:
            return scanner.eachMember { scanner, name in
                guard equal(name, steps[depth].name, scanner) else { return scanner.skipValue() }
                if let key = steps[depth].pairKey { return walkPairs(&scanner, key, visit) }
                return walk(&scanner, depth + 1, visit)
            }
        default:
            var range = ByteRange.none
            guard scanner.value(into: &range) else { return false }
            let first = scanner.base[range.start]
            if depth == steps.count, first != UInt8(ascii: "n"), first != UInt8(ascii: "{") { visit(range) }
            return true
        }
    }

    private func walkPairs(_ scanner: inout JSONScanner, _ wanted: [UInt8], _ visit: (ByteRange) -> Void) -> Bool {
        guard scanner.peek() == UInt8(ascii: "[") else { return scanner.skipValue() }
        return scanner.eachElement { scanner in
            guard scanner.peek() == UInt8(ascii: "{") else { return scanner.skipValue() }
            var key = ByteRange.none
            var value = ByteRange.none
            let whole = scanner.eachMember { scanner, name in
                if scanner.matches(name, "key") { return scanner.value(into: &key) }
                if scanner.matches(name, "value") { return scanner.value(into: &value) }
                return scanner.skipValue()
            }
            guard whole else { return false }
            if key.count >= 2, equal(ByteRange(key.start + 1, key.end - 1), wanted, scanner), !value.isEmpty {
                visit(value)
            }
            return true
        }
    }

    private func equal(_ range: ByteRange, _ name: [UInt8], _ scanner: JSONScanner) -> Bool {
        guard range.count == name.count else { return false }
        for offset in 0..<name.count where scanner.base[range.start + offset] != name[offset] { return false }
        return true
    }
}
