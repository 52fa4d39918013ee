import Testing
import UsageCore

@Suite struct AccountDirectoryTests {
    private func directory(_ text: String) throws(AccountDirectoryFailure) -> AccountDirectory {
        try AccountDirectory(json: Array(text.utf8))
    }

    @Test func `what an organization says of an account is known`() throws {
        let known = try directory(
            #"{"organizationId":"o-1","accounts":[{"id":"111122223333","alias":"prod-main","type":"production","ouPath":"Root/Prod","#
                + #""costCenter":42,"owner":"team@example.com","environment":"prod","team":"core"},{"id":"000000000001"}],"more":1}"#
        )
        #expect(known.organizationId == "o-1")
        #expect(known.count == 2)
        let account = known["111122223333"]
        #expect(account.alias == "prod-main" && account.spoken == "prod-main" && account.isProduction)
        #expect(account.ouPath == "Root/Prod" && account.costCenter == "42" && account.owner == "team@example.com")
        #expect(account.environment == "prod" && account.team == "core" && !account.contextMissing)
        #expect(known["000000000001"].spoken == "000000000001")
        #expect(!known["000000000001"].contextMissing)
    }

    @Test func `an account that nobody knows is told as missing its context`() {
        #expect(AccountDirectory()["111122223333"] == .missing("111122223333"))
        #expect(AccountDirectory()["111122223333"].contextMissing)
        #expect(AccountDirectory().count == 0)
    }

    @Test(arguments: [
        ("", AccountDirectoryFailure.notJSON(.cutShort)), ("x", .notJSON(.notJSON(at: 0))), ("[]", .noAccounts),
        ("{}", .noAccounts), (#"{"accounts":{}}"#, .noAccounts),
        (#"{"accounts":[{}]}"#, .badId(index: 0, found: "nothing")),
        (#"{"accounts":[7]}"#, .badId(index: 0, found: "nothing")),
        (#"{"accounts":[{"id":"111122223333"},{"id":111122223334}]}"#, .badId(index: 1, found: "111122223334")),
        (#"{"accounts":[{"id":"11112222333"}]}"#, .badId(index: 0, found: #""11112222333""#)),
        (#"{"accounts":[{"id":"1\n"}]}"#, .badId(index: 0, found: #""1\n""#)),
        (#"{"accounts":[{"id":"111122223333"},{"id":"111122223333"}]}"#, .repeated(id: "111122223333")),
    ])
    func `a list that cannot be used is told in one line`(text: String, failure: AccountDirectoryFailure) {
        let found = #expect(throws: AccountDirectoryFailure.self) { try directory(text) }
        #expect(found == failure)
        #expect("\(failure)".split(separator: "\n").count == 1)
    }

    @Test func `an empty list is a directory that knows nobody`() throws {
        #expect(try directory(#"{"accounts":[]}"#).count == 0)
    }
}
