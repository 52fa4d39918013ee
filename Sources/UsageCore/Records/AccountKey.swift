/// An account id as a number: its 12 digits, or a hash with the top bit set where it has another form.
package struct AccountKey: Hashable, Comparable, Sendable {
    package let value: UInt64

    /// No account could be read.
    package static let unknown = AccountKey(value: 0)

    @inline(__always)
    private init(value: UInt64) { self.value = value }

    /// The key of the id whose text is `bytes`.
    @inline(__always)
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var number: UInt64 = 0
        if bytes.count == 12 {
            var isNumber = true
            for byte in bytes {
                let digit = byte &- UInt8(ascii: "0")
                if digit > 9 { isNumber = false }
                number = number &* 10 &+ UInt64(digit)
            }
            if isNumber {
                self.init(value: number)
                return
            }
        }
        self.init(value: bytes.isEmpty ? 0 : Digest128(of: UnsafeRawBufferPointer(bytes)).low | 1 << 63)
    }

    /// The key of `id`.
    package init(_ id: String) {
        var id = id
        self = id.withUTF8 { AccountKey($0) }
    }

    /// The 12 digits, where the id has them.
    package var digits: String? {
        guard value > 0, value < 1_000_000_000_000 else { return nil }
        let text = String(value)
        return String(repeating: "0", count: 12 - text.utf8.count) + text
    }

    package static func < (one: AccountKey, other: AccountKey) -> Bool { one.value < other.value }
}
