/// The fixed Huffman codes of RFC 1951, bits in the order in which they are written.
struct FixedCodes {
    struct Code {
        var bits: UInt32
        var count: UInt32
    }

    let literals: [Code]
    /// By match length, the extra bits included.
    let lengths: [Code]
    let end: Code

    init() {
        literals = (0..<256).map { Self.symbol($0) }
        end = Self.symbol(256)
        var lengths = [Code](repeating: Code(bits: 0, count: 0), count: 259)
        var length = 3
        for symbol in 257...284 {
            let extra = symbol < 265 ? 0 : (symbol - 261) / 4
            for offset in 0..<(1 << extra) where length + offset <= 258 {
                let code = Self.symbol(symbol)
                lengths[length + offset] = Code(
                    bits: code.bits | UInt32(offset) << code.count,
                    count: code.count + UInt32(extra)
                )
            }
            length += 1 << extra
        }
        lengths[258] = Self.symbol(285)
        self.lengths = lengths
    }

    /// The code of a distance, its extra bits included.
    @inline(__always)
    func distance(_ distance: Int) -> Code {
        let value = UInt32(truncatingIfNeeded: distance - 1)
        if value < 4 { return Code(bits: Self.reversed(value, 5), count: 5) }
        let extra = 30 - UInt32(value.leadingZeroBitCount)
        let symbol = 2 * extra + (value >> extra)
        return Code(bits: Self.reversed(symbol, 5) | (value & ((1 << extra) - 1)) << 5, count: 5 + extra)
    }

    private static func symbol(_ symbol: Int) -> Code {
        switch symbol {
        case ..<144: Code(bits: reversed(UInt32(0x30 + symbol), 8), count: 8)
        case ..<256: Code(bits: reversed(UInt32(0x190 + symbol - 144), 9), count: 9)
        case ..<280: Code(bits: reversed(UInt32(symbol - 256), 7), count: 7)
        default: Code(bits: reversed(UInt32(0xc0 + symbol - 280), 8), count: 8)
        }
    }

    @inline(__always)
    private static func reversed(_ value: UInt32, _ count: UInt32) -> UInt32 {
        var rest = value
        var result: UInt32 = 0
        for _ in 0..<count {
            result = result << 1 | rest & 1
            rest >>= 1
        }
        return result
    }
}
