/// The busy rows of a sparse count series: distances and counts as variable-length integers (LEB128, DWARF 5 section
/// 7.6).
///
/// Two or three bytes a busy row as a rule, nothing for a silent one.
struct BusyList: Sendable {
    private var bytes: [UInt8] = []
    private var lastRow = -1

    /// Bytes in use.
    var count: Int { bytes.count }

    /// Bytes on the heap.
    var heapBytes: Int { bytes.capacity == 0 ? 0 : bytes.capacity + 32 }

    /// Notes that `row`, later than any before, holds `value`.
    mutating func append(row: Int, value: UInt64) {
        append(UInt64(truncatingIfNeeded: row &- lastRow))
        append(value)
        lastRow = row
    }

    private mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads the rows in order.
    struct Reader {
        private let bytes: [UInt8]
        private var offset = 0
        private var row = -1
        private var value = 0.0

        init(_ list: BusyList) {
            bytes = list.bytes
            advance()
        }

        /// What `row` holds; rows must be asked for in ascending order.
        @inline(__always)
        mutating func value(at row: Int) -> Double {
            guard row == self.row else { return 0 }
            let found = value
            advance()
            return found
        }

        private mutating func advance() {
            guard offset < bytes.count else {
                row = -1
                return
            }
            row &+= Int(truncatingIfNeeded: number())
            value = Double(number())
        }

        private mutating func number() -> UInt64 {
            var number: UInt64 = 0
            var shift: UInt64 = 0
            while offset < bytes.count {
                let byte = bytes[offset]
                offset += 1
                number |= UInt64(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return number
        }
    }
}
