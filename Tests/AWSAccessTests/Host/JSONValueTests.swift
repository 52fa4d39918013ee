import AWSAccess
import TestSupport
import Testing

@Suite("JSONValue")
struct JSONValueTests {
    private func read(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

    @Test func `members, elements and scalars are reached by name and kind`() throws {
        let value = try #require(read(#" {"a":[1,-2.5e3,true,null,"x"],"b":{"c":"\u00e9\ud83d\ude00\n"},"a":[]} "#))
        #expect(value["a"] == .array([]))
        #expect(value["b"]?["c"]?.string == "é😀\n")
        let numbers = try #require(read("[12345678901234567890,-7,1e400,2.50]")?.array)
        #expect(numbers.map(\.int) == [nil, -7, nil, nil])
        #expect(numbers.map(\.double) == [12_345_678_901_234_567_168, -7, .infinity, 2.5])
        #expect(numbers[3] == .number("2.50"))
    }

    @Test func `half a surrogate pair becomes the replacement character and nothing is lost after it`() {
        #expect(read(#""\ud800x""#)?.string == "\u{FFFD}x")
        #expect(read(#""\udc00\ud83d\ude00""#)?.string == "\u{FFFD}😀")
        #expect(read(#""\ud83d\u0041""#)?.string == "\u{FFFD}A")
        #expect(read(#""\ud83d\ud83d\ude00""#)?.string == "\u{FFFD}😀")
    }

    @Test func `nesting is held to its limit`() {
        let deepest = JSONValue.deepestNesting
        let nested = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(read(nested(deepest)) != nil)
        #expect(read(nested(deepest + 1)) == nil)
        #expect(JSONValue([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) == nil)
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "-", "1e", "nul", "tru", "\"", "\"\\x\"",
            "\"\\u12\"",
            "\"a\nb\"", "[1 2]", "{\"a\" 1}", "{1:2}", "1 2", "'a'", "\u{FEFF}1", "NaN",
        ]
    )
    func refused(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(JSONValue([0x22, 0xFF, 0x22]) == nil)
        #expect(JSONValue([0x22, 0xC0, 0xAF, 0x22]) == nil)
        #expect(JSONValue([0x22, 0xED, 0xA0, 0x80, 0x22]) == nil)
    }

    @Test(
        "the public test suite is accepted and refused as its file names say",
        .enabled(if: SharedData.has("json-test-suite"), "needs ../shared/data/json-test-suite")
    )
    func publicSuite() throws {
        let folder = SharedData.path("json-test-suite")
        let parsing = folder + "/test_parsing"
        let home = names(in: parsing).isEmpty ? folder : parsing
        let files = names(in: home).filter { $0.hasSuffix(".json") }
        try #require(files.count > 100)
        for file in files {
            let value = JSONValue(contents(of: home + "/" + file))
            if file.hasPrefix("y_") { #expect(value != nil, "\(file)") }
            if file.hasPrefix("n_") { #expect(value == nil, "\(file)") }
        }
    }
}
