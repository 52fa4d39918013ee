/// Bits from the lowest on, as deflate packs them.
struct BitWriter {
    let output: UnsafeMutableRawBufferPointer
    var position: Int
    private var held: UInt64 = 0
    private var count = 0

    init(output: UnsafeMutableRawBufferPointer, position: Int) {
        self.output = output
        self.position = position
    }

    @inline(__always)
    mutating func append(_ code: FixedCodes.Code) {
        append(UInt64(code.bits), Int(code.count))
    }

    @inline(__always)
    mutating func append(_ bits: UInt64, _ bitCount: Int) {
        held |= bits << UInt64(count)
        count += bitCount
        if count >= 32 {
            output.storeBytes(
                of: UInt32(truncatingIfNeeded: held).littleEndian,
                toByteOffset: position,
                as: UInt32.self
            )
            position += 4
            held >>= 32
            count -= 32
        }
    }

    /// Writes what is held, the last byte filled up with zeros.
    mutating func align() {
        while count > 0 {
            output[position] = UInt8(truncatingIfNeeded: held)
            position += 1
            held >>= 8
            count -= 8
        }
        count = 0
        held = 0
    }
}
