import Testing
import UsageCore

@Suite struct JSONTextTests {
    @Test func `members and elements are written in order with a comma between`() {
        var json = JSONText()
        json.object { json in
            json.name("a")
            json.array { json in
                json.integer(1)
                json.null()
                json.array { _ in }
                json.object { _ in }
                json.bool(false)
            }
            json.name("b")
            json.object { json in
                json.name("c\"")
                json.string("d")
            }
            json.name("e")
            json.raw(Array("[1]".utf8))
            json.name("f")
            json.number(.nan)
            json.name("g")
            json.number(0.1 + 0.2)
        }
        #expect(json.text == #"{"a":[1,null,[],{},false],"b":{"c\"":"d"},"e":[1],"f":null,"g":0.3}"#)
    }

    @Test func `every scalar survives being quoted, and none of those that break lines or terminals is bare`() throws {
        let scalars =
            (0..<0x3000).compactMap { Unicode.Scalar($0 as Int) } + ["\u{FEFF}", "\u{FFFF}", "\u{1F600}", "\u{10FFFF}"]
        var text = ""
        for scalar in scalars { text.unicodeScalars.append(scalar) }
        var json = JSONText()
        json.string(text)
        #expect(json.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        for bare in 0x7F..<0xA0 as Range<UInt32> { #expect(!json.text.unicodeScalars.contains { $0.value == bare }) }
        #expect(!json.text.unicodeScalars.contains("\u{2028}"))
        #expect(!json.text.unicodeScalars.contains("\u{2029}"))
        let read = try JSONValue.parse(json.bytes)
        #expect(read.string?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    }

    @Test func `a tree survives being written and read`() throws {
        let tree = JSONValue.object([
            .init("a", .array([.null, .bool(true), .number(-1.5), .number(1e300), .string("x\u{2028}\u{0}")])),
            .init("a", .object([])), .init("", .number(9_007_199_254_740_992)),
        ])
        var json = JSONText()
        json.value(tree)
        #expect(try JSONValue.parse(json.bytes) == tree)
    }

    @Test(
        arguments: [
            (#""\ud83d\ude00""#, "\u{1F600}"), (#""\uD83D""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\u{0}"), (#""""#, ""),
        ]
    )
    func `escapes are read, and half a surrogate pair becomes the replacement character`(text: String, plain: String) {
        #expect(
            (try? JSONValue.parse(Array(text.utf8)))?.string?.unicodeScalars.elementsEqual(plain.unicodeScalars) == true
        )
    }

    @Test func `a tree deeper than it may be is refused and a document with a byte order mark is read`() {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        #expect(throws: DecodeFailure.tooDeep) { try JSONValue.parse(Array(deep.utf8)) }
        #expect((try? JSONValue.parse(Array("\u{FEFF}[1]".utf8))) == .array([.number(1)]))
        #expect(throws: DecodeFailure.notJSON(at: 3)) { try JSONValue.parse(Array("{} x".utf8)) }
    }

    @Test func `hostile text is shown on one line, in bounds`() {
        let hostile = "a\u{1B}[31m\r\n\u{85}\u{202E}\u{200B}\u{FEFF}\u{E0041}z"
        let shown = Hostile.shown(hostile)
        #expect(shown.unicodeScalars.allSatisfy { 0x20..<0x7F ~= $0.value })
        #expect(shown == #"a\u{1b}[31m\u{d}\u{a}\u{85}\u{202e}\u{200b}\u{feff}\u{e0041}z"#)
        #expect(Hostile.shown("äöü", limit: 3) == "äöü")
        #expect(Hostile.shown("äöüß", limit: 3) == "äöü…")
        #expect(Hostile.shown("", limit: 0) == "")
    }
}
