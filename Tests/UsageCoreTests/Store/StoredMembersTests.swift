import Testing
import UsageCore

@Suite struct StoredMembersTests {
    private func members(
        _ usage: (Usage, WatchedFacts, CountedFacts)?,
        account: AccountContext = .missing("111122223333"),
        region: String = "eu-west-1",
        source: String = "file.json"
    ) throws -> JSONValue {
        let text = StoredMembers.text(
            account: account,
            usage: usage,
            region: region,
            isOwn: false,
            receivedAt: 1_767_225_600,
            source: source
        )
        return try JSONValue.parse([UInt8(ascii: "{")] + text + [UInt8(ascii: "}")])
    }

    private func watched(_ name: String, _ text: String) throws -> (Usage, WatchedFacts, CountedFacts) {
        let usage = try #require(try UsageCatalog.builtIn()[name])
        return try #require(ScannedRecord(text)).read { fields, bytes in
            let facts = WatchedFacts(usage, fields, bytes)
            return (usage, facts, CountedFacts(usage, facts, fields, bytes))
        }
    }

    @Test func `a record that is not watched has its account and where it came from`() throws {
        let tree = try members(nil)
        #expect(tree.members?.map(\.name) == ["account", "self", "ingest"])
        #expect(tree["account"] == .object([.init("contextMissing", .bool(true))]))
        #expect(tree["self"] == .bool(false))
        #expect(tree["ingest"]?["receivedAt"]?.string == "2026-01-01T00:00:00Z")
        #expect(tree["ingest"]?["source"]?.string == "file.json")
    }

    @Test func `a watched record has its usage with typed facts, and tags are not among them`() throws {
        let record =
            #"{"requestParameters":{"size":"100","tagSpecificationSet":{"items":[{"tags":[{"key":"k","value":"v"}]}]}},"#
            + #""responseElements":{"volumeId":"vol-1","volumeType":"gp3","size":"100","iops":3000}}"#
        let tree = try members(try watched("ebs-create-volume", record))
        #expect(tree.members?.map(\.name) == ["account", "usage", "self", "ingest"])
        let usage = try #require(tree["usage"])
        #expect(usage["name"]?.string == "ebs-create-volume")
        #expect(usage["place"]?.string == "111122223333/eu-west-1")
        #expect(usage["quantity"]?.number == 1)
        #expect(usage["unit"]?.string == "volumes")
        #expect(usage["sizeGiB"] == .number(100))
        #expect(usage["iops"] == .number(3000))
        #expect(usage["volumeType"] == .string("gp3"))
        #expect(usage["tags"] == nil)
    }

    @Test func `a watched record says by whom, as what family and at what price it counts`() throws {
        let record =
            #"{"awsRegion":"us-east-1","userAgent":"aws-cli/2.15.0","userIdentity":{"type":"AssumedRole","#
            + #""arn":"arn:aws:sts::111122223333:assumed-role/ci/run-7","sessionContext":{"sessionIssuer":"#
            + #"{"arn":"arn:aws:iam::111122223333:role/ci"}}},"responseElements":{"instancesSet":{"items":"#
            + #"[{"instanceId":"i-1","instanceType":"m5.large"},{"instanceId":"i-2","instanceType":"m5.large"}]}}}"#
        let usage = try #require(try members(try watched("ec2-run-instances", record))["usage"])
        #expect(usage["callers"]?.string == "others")
        #expect(usage["principal"]?.string == "arn:aws:iam::111122223333:role/ci")
        #expect(usage["session"]?.string == "run-7")
        #expect(usage["tool"]?.string == "aws-cli")
        #expect(usage["family"]?.string == "m5")
        // 2 instances at 0.096 USD an hour, in whole cents.
        #expect(usage["centsPerHour"]?.number == 19)
        let volume = try #require(try members(try watched("ebs-create-volume", #"{"awsRegion":"us-east-1"}"#))["usage"])
        #expect(volume["family"] == nil)
        #expect(volume["centsPerHour"] == nil)
    }

    @Test func `several values are a list and a number that is none stays text or keeps its size`() throws {
        let types = #"{"instanceType":"a1.large"},{"instanceType":"1"}"#
        let launch = try members(
            try watched("ec2-run-instances", #"{"responseElements":{"instancesSet":{"items":[\#(types)]}}}"#)
        )
        #expect(launch["usage"]?["instanceType"] == .array([.string("a1.large"), .string("1")]))
        for (size, expected) in [
            ("1.5e300", JSONValue.number(1.5e300)), ("big", .string("big")), ("nan", .null), ("-1", .number(-1)),
        ] {
            let tree = try members(try watched("ebs-create-volume", #"{"responseElements":{"size":"\#(size)"}}"#))
            #expect(tree["usage"]?["sizeGiB"] == expected)
        }
    }

    @Test func `no text of an attacker's choosing can leave its string`() throws {
        let hostile = "\",\"self\":true,\"x\":\"\n\u{2028}\\"
        var account = AccountContext(id: "111122223333")
        account.alias = hostile
        let tree = try members(nil, account: account, source: hostile)
        #expect(tree.members?.map(\.name) == ["account", "self", "ingest"])
        #expect(tree["account"]?["alias"]?.string == hostile)
        #expect(tree["ingest"]?["source"]?.string == hostile)
        #expect(tree["self"] == .bool(false))
    }
}
