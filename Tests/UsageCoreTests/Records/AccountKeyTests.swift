import Testing
import UsageCore

@Suite struct AccountKeyTests {
    @Test(arguments: ["111122223333", "000000000001", "999999999999", "012345678901"])
    func `an account id of 12 digits survives`(id: String) {
        #expect(AccountKey(id).digits == id)
        #expect(AccountKey(id).value < 1_000_000_000_000)
    }

    @Test(arguments: [
        "1", "11112222333", "1111222233334", "11112222333x", "١١١١٢٢٢٢٣٣٣٣", "anonymous",
        "HIDDEN_DUE_TO_SECURITY_REASONS",
    ])
    func `another form of id is kept apart and has no digits`(id: String) {
        #expect(AccountKey(id).digits == nil)
        #expect(AccountKey(id).value >> 63 == 1)
        #expect(AccountKey(id) == AccountKey(id))
        #expect(AccountKey(id) != AccountKey(id + " "))
    }

    @Test func `no id is the unknown account, and ids are in the order of their numbers`() {
        #expect(AccountKey("") == .unknown)
        #expect(AccountKey("000000000002") < AccountKey("100000000000"))
        #expect(AccountKey("999999999999") < AccountKey("other"))
    }
}
