import Testing
import UsageCore

@Suite struct Digest128Tests {
    @Test func `the empty text hashes to zero as the published algorithm does`() {
        #expect(Digest128(of: "").hexadecimal == "00000000000000000000000000000000")
    }

    @Test func `one changed byte changes both halves`() {
        let one = Digest128(of: "111122223333-0000aaaa")
        let other = Digest128(of: "111122223333-0000aaab")
        #expect(one.high != other.high)
        #expect(one.low != other.low)
    }
}
