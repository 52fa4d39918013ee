import Testing
import UsageCore

@Suite struct ValuePathTests {
    private func values(_ path: String, _ record: String) throws -> [String] {
        let path = try #require(ValuePath(path))
        let scanned = try #require(ScannedRecord(record))
        return scanned.read { fields, bytes in
            var found: [String] = []
            path.eachValue(fields, bytes) { found.append(JSONString.text($0, in: bytes) ?? "(null)") }
            return found
        }
    }

    private static let record =
        #"{"requestParameters":{"a":{"items":[{"b":1},{"b":"2"},{"c":3},{"b":[4,[5]]},{"b":null},{"b":{}}]},"t":true,"f":false,"#
        + #""n":null,"s":"","tags":[{"key":"x.y","value":"z"},{"value":"first","key":"k"},{"key":"k","value":null},{"key":"k"},"#
        + #"{"key":"k","value":"second"},7,null,{"value":"v"}],"sets":[{"tags":[{"key":"k","value":"in"}]},{"tags":[]}],"#
        + #""a":{"items":{"b":"again"}}},"responseElements":null,"additionalEventData":"text","#
        + #""resources":[{"ARN":"r1"},{"ARN":"r2"}]}"#

    @Test(arguments: [
        ("requestParameters.a.items.b", ["1", "2", "4", "5", "again"]), ("requestParameters.a.items.c", ["3"]),
        ("requestParameters.a.items", []), ("requestParameters.a.items.b.c", []), ("requestParameters.t", ["true"]),
        ("requestParameters.f", ["false"]), ("requestParameters.n", []), ("requestParameters.s", [""]),
        ("requestParameters.tags[x.y]", ["z"]), ("requestParameters.tags[none]", []),
        ("requestParameters.sets.tags[k]", ["in"]), ("requestParameters.sets.tags.value", ["in"]),
        ("requestParameters.t[k]", []), ("requestParameters.missing.b", []), ("responseElements.a", []),
        ("additionalEventData.x", []), ("additionalEventData", ["text"]), ("resources.ARN", ["r1", "r2"]),
        ("requestParameters", []),
    ])
    func `a path leads to each of its values in their order`(path: String, found: [String]) throws {
        #expect(try values(path, Self.record) == found)
    }

    @Test func `of pairs with one key each value is given, null among them`() throws {
        #expect(try values("requestParameters.tags[k]", Self.record) == ["first", "(null)", "second"])
    }

    @Test func `a record without the part holds no value`() throws {
        for root in ValuePath.Root.allCases { #expect(try values("\(root).a", "{}").isEmpty) }
    }

    @Test(arguments: [
        "", ".", "requestParameters.", ".requestParameters", "requestParameters..a", "requestParameters[a]",
        "userIdentity.arn", "RequestParameters.a", "requestParameters.a[b", "requestParameters.[b]", "[a]",
    ])
    func `what is no path is refused`(text: String) {
        #expect(ValuePath(text) == nil)
    }

    @Test func `a path says how it was written`() {
        #expect(ValuePath("requestParameters.tags[a.b]")?.description == "requestParameters.tags[a.b]")
    }
}
