/// A compiled text table: lines in byte order, each a key and fields with single spaces between.
///
/// Searched where it lies in the program's read-only data, so that it costs neither time at start nor memory.
struct PriceLines {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ table: StaticString) {
        // A StaticString of one scalar has no pointer; a table is longer than that.
        bytes =
            table.hasPointerRepresentation
            ? UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
            : UnsafeBufferPointer(start: nil, count: 0)
    }

    /// One line of the table.
    struct Line {
        let key: String
        let fields: [Field]
    }

    /// One field, `name=value` or a value alone.
    struct Field: Equatable {
        /// Empty for a value alone.
        let name: String
        /// The value as a decimal number.
        let decimal: Double?
    }

    /// The line of `key`, found by binary search.
    func line(of key: String) -> Line? {
        let wanted = Array(key.utf8)
        var lower = 0
        var upper = bytes.count
        while lower < upper {
            // From the middle back to the start of its line.
            var start = lower + (upper - lower) / 2
            while start > lower && bytes[start - 1] != UInt8(ascii: "\n") {
                start -= 1
            }
            let end = bytes[start..<upper].firstIndex(of: UInt8(ascii: "\n")) ?? upper
            let keyEnd = bytes[start..<end].firstIndex(of: UInt8(ascii: " ")) ?? end
            let found = bytes[start..<keyEnd]
            if found.elementsEqual(wanted) {
                return line(start..<end)
            }
            if found.lexicographicallyPrecedes(wanted) {
                lower = min(end + 1, upper)
            } else {
                upper = start
            }
        }
        return nil
    }

    /// Every line, in order.
    var all: [Line] {
        bytes.indices.split { bytes[$0] == UInt8(ascii: "\n") }.map { line($0.startIndex..<$0.endIndex) }
    }

    private func line(_ range: Range<Int>) -> Line {
        var words = bytes[range].split(separator: UInt8(ascii: " "))[...]
        let key = words.popFirst().map { String(decoding: $0, as: UTF8.self) } ?? ""
        let fields = words.map { word in
            let sign = word.firstIndex(of: UInt8(ascii: "="))
            let name = sign.map { String(decoding: word[..<$0], as: UTF8.self) } ?? ""
            return Field(name: name, decimal: Self.decimal(sign.map { word[($0 + 1)...] } ?? word))
        }
        return Line(key: key, fields: fields)
    }

    /// Digits with at most one point; exact to the last bit, since the digits fit 53 bits and the power of ten is exact.
    private static func decimal(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
        var digits = 0
        var scale = 1.0
        var isFraction = false
        guard !text.isEmpty, text.count <= 15 else {
            return nil
        }
        for byte in text {
            if byte == UInt8(ascii: ".") && !isFraction {
                isFraction = true
                continue
            }
            guard byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") else {
                return nil
            }
            digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
            if isFraction {
                scale *= 10
            }
        }
        return Double(digits) / scale
    }
}
