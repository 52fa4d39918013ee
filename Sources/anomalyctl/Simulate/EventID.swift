/// The 128 bits of a UUID.
struct EventID: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A random UUID of version 4 (RFC 9562).
    init(_ random: inout SplitMix64) {
        high = random.next() & 0xffff_ffff_ffff_0fff | 0x4000
        low = random.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    }
}
