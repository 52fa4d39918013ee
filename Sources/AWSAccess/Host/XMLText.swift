/// Finds the text of single elements in the XML that query services and S3 answer with.
///
/// No parser: those answers are shallow and the fields asked for have names of their own. Comments, CDATA and document types do
/// not occur in them; what cannot be read is nil.
struct XMLText {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The text of the first element of that name, entities resolved; nil if there is none or it has elements inside.
    subscript(name: String) -> String? {
        let name = Array(name.utf8)
        var index = 0
        while let open = position(of: "<", from: index), let close = position(of: ">", from: open) {
            index = close + 1
            let tag = bytes[(open + 1)..<close]
            guard localName(of: tag).elementsEqual(name), tag.last != UInt8(ascii: "/") else { continue }
            guard let end = position(of: "<", from: index), end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "/")
            else { return nil }
            return resolved(bytes[index..<end])
        }
        return nil
    }

    /// The insides of all elements of that name, in order; one within another of the same name is not told apart.
    func all(_ name: String) -> [XMLText] {
        let name = Array(name.utf8)
        var elements: [XMLText] = []
        var start: Int?
        var index = 0
        while let open = position(of: "<", from: index), let close = position(of: ">", from: open) {
            index = close + 1
            let tag = bytes[(open + 1)..<close]
            if tag.first == UInt8(ascii: "/") {
                guard let begin = start, localName(of: tag.dropFirst()).elementsEqual(name) else { continue }
                elements.append(XMLText(Array(bytes[begin..<open])))
                start = nil
            } else if start == nil, localName(of: tag).elementsEqual(name), tag.last != UInt8(ascii: "/") {
                start = index
            }
        }
        return elements
    }

    private func position(of mark: Unicode.Scalar, from start: Int) -> Int? {
        bytes[start...].firstIndex(of: UInt8(ascii: mark))
    }

    /// Without namespace prefix and attributes.
    private func localName(of tag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return name }
        return name[(colon + 1)...]
    }

    private func resolved(_ text: ArraySlice<UInt8>) -> String {
        var result = ""
        var rest = String(decoding: text, as: UTF8.self)[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.firstIndex(of: ";"), let character = character(rest[..<end].dropFirst()) else {
                result.append("&")
                rest.removeFirst()
                continue
            }
            result.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private func character(_ entity: Substring) -> Character? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let digits = entity.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap(Unicode.Scalar.init).map { Character($0) }
        }
    }
}
