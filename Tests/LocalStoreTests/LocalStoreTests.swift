import Pipeline
import Testing

@testable import LocalStore

@Suite struct LocalStoreTests {
    let folder: StoreFolder
    let store: LocalStore

    init() throws {
        folder = try StoreFolder()
        store = try LocalStore(path: folder.file("usage.db"))
    }

    @Test func `the same batch twice adds nothing the second time`() async throws {
        let batch = (0..<500).map { StoredRecord.make($0, time: 1_700_000_000 + Int64($0 % 7)) }
        let first = try await store.insert(batch)
        let second = try await store.insert(batch)
        #expect(first == (500, 0))
        #expect(second == (0, 500))
        #expect(try await store.count() == 500)
    }

    @Test func `a repetition within one batch is counted as one`() async throws {
        let result = try await store.insert([.make(1), .make(2), .make(1)])
        #expect(result == (2, 1))
    }

    @Test func `a record comes back as it went in`() async throws {
        let record = StoredRecord.make(
            7,
            time: -5,
            usage: "ec2-run-instances",
            members: #""self":true"#,
            body: "{\"a\":\"\u{0}ü\"}"
        )
        let plain = StoredRecord(
            identity: "x",
            time: 0,
            account: "",
            region: "",
            eventSource: "",
            eventName: "",
            usage: nil,
            members: [],
            body: [0xff, 0x00]
        )
        _ = try await store.insert([record, plain])
        #expect(try await store.record(identity: record.identity) == record)
        #expect(try await store.record(identity: record.identity, time: -5) == record)
        #expect(try await store.record(identity: "x", time: 0) == plain)
        #expect(try await store.record(identity: record.identity, time: -4) == nil)
        #expect(try await store.record(identity: "y") == nil)
    }

    @Test func `records whose keys collide are all kept and found`() async throws {
        // 2^25 keys a second and 30,000 identities: about 13 pairs share one.
        let batch = (0..<30_000).map { StoredRecord.make($0) }
        let keys = Set(batch.map { RecordKey.first(time: $0.time, identity: $0.identity) })
        try #require(keys.count < batch.count)
        #expect(try await store.insert(batch) == (30_000, 0))
        #expect(try await store.insert(batch.reversed()) == (0, 30_000))
        var seen: Set<Int64> = []
        for record in batch where !seen.insert(RecordKey.first(time: record.time, identity: record.identity)).inserted {
            #expect(try await store.record(identity: record.identity, time: record.time) == record)
        }
    }

    @Test func `a scan gives records by time, whatever the order of arrival`() async throws {
        let batch = (0..<200).map { StoredRecord.make($0, time: 1_700_000_000 + Int64(($0 * 37) % 50)) }
        let other = try LocalStore(path: folder.file("other.db"))
        _ = try await store.insert(batch)
        for record in batch.reversed() {
            _ = try await other.insert([record])
        }
        let times = try await store.scan(into: [Int64]()) { times, row in
            times.append(row.time)
            return true
        }
        #expect(times == times.sorted())
        #expect(times.count == 200)
        #expect(try await store.identities() == other.identities())
    }

    @Test func `a scan keeps to its times, accounts and usages`() async throws {
        _ = try await store.insert([
            .make(1, identity: "a", time: 10, account: "1"),
            .make(2, identity: "b", time: 20, account: "2", usage: "lambda-invoke"),
            .make(3, identity: "c", time: 30, account: "1", usage: "ec2-run-instances"),
            .make(4, identity: "d", time: 40, account: "3", usage: "ec2-run-instances"),
        ])
        #expect(try await store.identities(from: 20, to: 40) == ["b", "c"])
        #expect(try await store.identities(to: 10) == [])
        #expect(try await store.identities(from: 40) == ["d"])
        #expect(try await store.identities(accounts: ["1", "3"]) == ["a", "c", "d"])
        #expect(try await store.identities(accounts: []) == [])
        #expect(try await store.identities(usages: ["lambda-invoke", "ec2-run-instances"]) == ["b", "c", "d"])
        #expect(try await store.identities(from: 25, accounts: ["3"], usages: ["ec2-run-instances"]) == ["d"])
    }

    @Test func `a scan ends when its reader has seen enough`() async throws {
        _ = try await store.insert((0..<10).map { .make($0, time: Int64($0)) })
        let seen = try await store.scan(into: 0) { seen, _ in
            seen += 1
            return seen < 3
        }
        #expect(seen == 3)
    }

    @Test func `times beyond the calendar count as its ends`() async throws {
        _ = try await store.insert([.make(1, identity: "low", time: .min), .make(2, identity: "high", time: .max)])
        #expect(try await store.identities() == ["low", "high"])
        #expect(try await store.record(identity: "low", time: .min)?.time == RecordKey.earliest)
        #expect(try await store.record(identity: "high", time: .max)?.time == RecordKey.latest)
        #expect(try await store.identities(from: .max, to: .max) == ["high"])
        #expect(try await store.identities(from: .min, to: RecordKey.earliest) == [])
    }

    @Test func `totals say how much there is and from when to when`() async throws {
        #expect(
            try await store.totals() == StoreTotals(records: 0, setAside: 0, incidents: 0, earliest: nil, latest: nil)
        )
        _ = try await store.insert([.make(1, time: 50), .make(2, time: -3)])
        _ = try await store.setAside([SetAsideItem(reason: "json", detail: "d", source: "s", bytes: [1])])
        #expect(
            try await store.totals() == StoreTotals(records: 2, setAside: 1, incidents: 0, earliest: -3, latest: 50)
        )
    }

    @Test(arguments: [
        (#"{"a":1}"#, #""self":false"#, #"{"a":1,"self":false}"#),
        ("{ \"a\" : 1.0e+2 } \n", #""self":false"#, "{ \"a\" : 1.0e+2 ,\"self\":false} \n"),
        ("{ }", #""self":false"#, #"{ "self":false}"#),
        (#"{"a":1}"#, "", #"{"a":1}"#),
    ])
    func `a document is the record byte for byte with the members behind it`(
        body: String,
        members: String,
        document: String
    ) async throws {
        let record = StoredRecord.make(members: members, body: body)
        _ = try await store.insert([record])
        let stored = try #require(try await store.document(identity: record.identity, time: record.time))
        #expect(String(decoding: stored, as: UTF8.self) == document)
    }

    @Test(arguments: ["", "[]", "{", "}", "null"])
    func `a body that is no object has no document`(body: String) async throws {
        let record = StoredRecord.make(body: body)
        _ = try await store.insert([record])
        #expect(try await store.document(identity: record.identity) == nil)
    }

    @Test func `what was set aside is kept once, with its bytes`() async throws {
        let broken = SetAsideItem(reason: "json", detail: "offset 3", source: "a.json", bytes: [0x7b, 0xff])
        var again = broken
        again.source = "./a.json"
        let missing = SetAsideItem(reason: "gzip", detail: "truncated", source: "b.gz", bytes: [])
        var other = missing
        other.source = "c.gz"
        #expect(try await store.setAside([broken, missing]) == 2)
        #expect(try await store.setAside([again, missing, other]) == 1)
        #expect(try await store.setAsideItems() == [broken, missing, other])
    }
}
