import TestSupport
import Testing
import UsageCore

@Suite struct WatchedFactsTests {
    private func facts(_ usage: String, _ text: String) throws -> WatchedFacts {
        let usage = try #require(try UsageCatalog.builtIn()[usage])
        return try #require(ScannedRecord(text)).read { WatchedFacts(usage, $0, $1) }
    }

    /// The real record with this event id.
    private func real(_ id: String) throws -> String {
        for name in try Folder.names(SharedData.path("cloudtrail")) {
            let sink = CollectingSink.read(try Folder.bytes(SharedData.path("cloudtrail/" + name))).sink
            if let index = sink.eventIds.firstIndex(of: id) { return sink.records[index] }
        }
        throw CancellationError()
    }

    @Test(.enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail"))
    func `real records yield what was started, of what kind and size`() throws {
        let launch = try facts("ec2-run-instances", try real("86eac0ac-8521-4126-aa32-a22f2b74d02e"))
        #expect(launch.quantity == 1)
        #expect(launch.attributes["instanceType"] == ["t3.micro"])
        #expect(launch.attributes["imageId"] == ["ami-029eb80bc237bec6f"])
        #expect(launch.resourceIds == ["i-0dbc91f429e48eeed"])
        let volume = try facts("ebs-create-volume", try real("396f94bc-78ec-4b64-917d-aadc2260c81d"))
        #expect(volume.quantity == 1)
        #expect(volume.attributes["volumeType"] == ["gp2"])
        #expect(volume.attributes["sizeGiB"] == ["1"])
        #expect(volume.attributes["tags"] == ["StratusRedTeam", "Name"])
        #expect(volume.resourceIds == ["vol-0a2e548958718390d"])
        let key = try facts("iam-create-access-key", try real("8c282c0b-00d1-4369-95b7-cb50b6eee620"))
        #expect(key.quantity == 1)
        #expect(key.attributes["createdUser"] == ["malicious-iam-user"])
        #expect(key.attributes["createdKey"] == ["AKIATFQR7NSCQLA2F4OD"])
        let probe = try facts("ec2-dry-run", try real("8e865acb-b1e1-41d1-bdf3-47462f79d24c"))
        #expect(probe.attributes["instanceType"] == ["p2.xlarge"])
    }

    @Test func `a launch from a template takes its types from what came back`() throws {
        let found = try facts(
            "ec2-run-instances",
            #"{"requestParameters":{"launchTemplate":{"launchTemplateId":"lt-1","version":"3"},"instancesSet":"#
                + #"{"items":[{"minCount":1,"maxCount":9}]}},"responseElements":{"instancesSet":{"items":["#
                + #"{"instanceId":"i-1","instanceType":"g5.xlarge","imageId":"ami-1","tagSet":{"items":["#
                + #"{"key":"aws:autoscaling:groupName","value":"web"},{"key":"eks:cluster-name","value":"c"}]}},"#
                + #"{"instanceId":"i-2","instanceType":"g5.2xlarge","imageId":"ami-1"}]}}}"#
        )
        #expect(found.quantity == 2)
        #expect(found.attributes["instanceType"] == ["g5.xlarge", "g5.2xlarge"])
        #expect(found.attributes["imageId"] == ["ami-1"])
        #expect(found.attributes["launchTemplate"] == ["lt-1"])
        #expect(found.attributes["group"] == ["web"])
        #expect(found.attributes["cluster"] == ["c"])
        #expect(found.resourceIds == ["i-1", "i-2"])
    }

    @Test(
        arguments: [
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":10}]}}}"#, 10),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":"12"},{"maxCount":3}]}}}"#, 15),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":-5}]}}}"#, 1),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":"many"}]}}}"#, 1),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":1e300}]}}}"#, WatchedFacts.largestQuantity),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":"inf"}]}}}"#, 1),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":"0x10"},{"maxCount":"1e999"}]}}}"#, 1),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":"0x10"},{"maxCount":"2.5"}]}}}"#, 2.5),
            (#"{"requestParameters":{"instancesSet":{"items":[{"maxCount":"nan"}]}}}"#, 1),
            (#"{"requestParameters":{"omitted":true},"responseElements":null}"#, 1), ("{}", 1),
        ] as [(String, Double)]
    )
    func `a quantity is a number in bounds whatever the record claims`(text: String, quantity: Double) throws {
        #expect(try facts("ec2-run-instances", text).quantity == quantity)
    }

    @Test func `values stand once, empty and null ones not at all, and no more than fifty`() throws {
        let types =
            (0..<80).map { #"{"instanceType":"t\#($0 / 2).micro"}"# } + (0..<200).map { #"{"instanceType":"m\#($0)"}"# }
        let found = try facts(
            "ec2-run-instances",
            #"{"responseElements":{"instancesSet":{"items":[{"instanceType":""},{"instanceType":null},\#(types.joined(separator: ","))]}}}"#
        )
        #expect(found.attributes["instanceType"]?.count == 50)
        #expect(found.attributes["instanceType"]?.prefix(2) == ["t0.micro", "t1.micro"])
        #expect(found.attributes["imageId"] == nil)
    }

    @Test func `the first value of an attribute is had without the others`() throws {
        let usage = try #require(try UsageCatalog.builtIn()["ec2-run-instances"])
        let scanned = try #require(ScannedRecord(#"{"requestParameters":{"instanceType":"t3.nano"}}"#))
        #expect(scanned.read { WatchedFacts.first("instanceType", usage, $0, $1) } == "t3.nano")
        #expect(scanned.read { WatchedFacts.first("imageId", usage, $0, $1) } == nil)
        #expect(scanned.read { WatchedFacts.first("nothing", usage, $0, $1) } == nil)
    }
}
