import TestSupport
import Testing
import UsageCore

@Suite struct JSONScannerTests {
    private func fault(_ bytes: [UInt8]) -> JSONScanner.Fault? {
        bytes.withUnsafeBufferPointer { JSONScanner.fault(in: $0) }
    }

    private func fault(_ text: String) -> JSONScanner.Fault? { fault(Array(text.utf8)) }

    @Test(
        arguments: [
            "{}", "[]", "null", "true", "-0", "0.5e-7", "1E+2", #""""#, #"{"a":[1,2,{"b":null}],"c":"\u00e9\n"}"#,
            " \t\r\n[ 1 , 2 ] \n", #"{"a":1,"a":2}"#, #""\uD800""#, "\"\u{10FFFF}\u{7F}\"", "[[],{},[{}]]",
        ]
    )
    func `JSON is accepted`(text: String) {
        #expect(fault(text) == nil)
    }

    @Test(
        arguments: [
            "", " ", "{", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2]", "01", "-", "+1", "1.", ".5", "1e",
            "tru",
            "nulll", "'a'", "\"\u{1F}\"", #""\x""#, #""\u12g4""#, #"{"a":1,}"#, "[]]", "{}{}", "[1}", #"{"a":[1}"#,
        ]
    )
    func `what is not JSON is refused`(text: String) {
        #expect(fault(text) != nil)
    }

    @Test(arguments: [
        [0x22, 0x80, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
    ])
    func `text that is not UTF-8 is refused as such`(bytes: [UInt8]) {
        #expect(fault(bytes) == .notUTF8)
    }

    @Test func `nesting is followed to its limit and refused beyond it`() {
        let deepest = JSONScanner.deepest
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(fault(nested(deepest)) == nil)
        #expect(fault(nested(deepest + 1)) == .tooDeep)
        #expect(fault(String(repeating: #"{"a":"#, count: 10_000)) == .tooDeep)
    }

    @Test func `no beginning of a document is a document`() {
        let text = Array(#"{"a":[1.5e3,true,null,"é\u00e9\n"],"b":{"c":"x"}}"#.utf8)
        for count in 0..<text.count { #expect(fault(Array(text[..<count])) != nil) }
        #expect(fault(text) == nil)
    }

    @Test(.enabled(if: SharedData.has("json-test-suite"), "needs ../shared/data/json-test-suite"))
    func `every file of the JSON test suite is judged as it should be`() throws {
        var judged = 0
        for name in try Folder.names(SharedData.path("json-test-suite")) where name.hasSuffix(".json") {
            let verdict = fault(try Folder.bytes(SharedData.path("json-test-suite/" + name)))
            if name.hasPrefix("y_") { #expect(verdict == nil, "\(name)") }
            if name.hasPrefix("n_") { #expect(verdict != nil, "\(name)") }
            judged += 1
        }
        #expect(judged > 300)
    }
}
