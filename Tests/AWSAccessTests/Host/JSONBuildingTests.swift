@testable import AWSAccess
import Testing

@Suite("JSONValue, building")
struct JSONBuildingTests {
    @Test func `literals become a text that reads back as itself`() {
        let absent: JSONValue? = nil
        let value: JSONValue = [
            "a": "x\"\n\u{202E}", "n": 7, "t": true, "z": .null, "left out": absent, "l": [1, "b", []], "o": [:],
        ]
        let text = value.bytes
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"a":"x\"\n\u202e","n":7,"t":true,"z":null,"l":[1,"b",[]],"o":{}}"#
        )
        #expect(JSONValue(text) == value)
    }

    @Test(
        "bytes become Base64 and come back",
        arguments: [
            ([], ""), ([0], "AA=="), ([255, 254], "//4="), ([102, 111, 111], "Zm9v"), (Array("fooba".utf8), "Zm9vYmE="),
        ] as [([UInt8], String)]
    )
    func base64(bytes: [UInt8], text: String) {
        #expect(Base64Text.encode(bytes) == text)
        #expect(Base64Text.decode(text) == bytes)
    }

    @Test(
        "what is not Base64 is none",
        arguments: ["A", "AA=", "A===", "=", "AA==AA==", "AA A", "A-_/", "AA=A"]
    )
    func notBase64(text: String) {
        #expect(Base64Text.decode(text) == nil)
    }
}
