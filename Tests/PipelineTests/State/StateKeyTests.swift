import AWSAccess
import Pipeline
import Testing

@Suite struct StateKeyTests {
    @Test func `records of one account and day share a partition and sort by time`() throws {
        let keys = try [Int64(5), 59, 7201].map { seconds in
            let key = StateKey.record(
                account: "111122223333",
                seconds: 1_767_225_600 + seconds,
                identity: "id-\(seconds)"
            )
            #expect(key["pk"]?.string == StateKey.records(day: "2026-01-01", shard: StateKey.shard(of: "111122223333")))
            return try #require(key["sk"]?.string)
        }
        #expect(keys == keys.sorted())
    }

    @Test func `a part of a key that a record chose cannot pose as another part`() throws {
        let key = StateKey.count(
            usage: "bedrock-invoke-model",
            account: "111122223333",
            region: "eu#west\n1",
            kind: "model/a#b",
            seconds: 1_767_225_600
        )
        let sort = try #require(key["sk"]?.string)
        #expect(
            StateKey.parts(of: sort) == [
                "bedrock-invoke-model", "111122223333", "eu#west\n1", "model/a#b", "001767225600",
            ]
        )
        #expect(sort.split(separator: "#").count == 5)
    }

    @Test func `times before 1970 and far ahead still make keys`() {
        for seconds in [Int64.min, -1, 0, 253_402_300_799] {
            let key = StateKey.record(account: "", seconds: seconds, identity: "x")
            #expect(key["pk"]?.string?.hasPrefix("records#") == true)
        }
    }
}
