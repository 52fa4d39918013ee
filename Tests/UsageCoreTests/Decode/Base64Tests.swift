import Testing
import UsageCore

@Suite struct Base64Tests {
    private func decode(_ text: String) -> Result<[UInt8], DecodeFailure> {
        var text = text
        return text.withUTF8 { buffer in
            do throws(DecodeFailure) { return .success(try Base64.decode(buffer)) } catch { return .failure(error) }
        }
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"),
    ])
    func `the vectors of RFC 4648 are read, with padding and without`(text: String, plain: String) {
        #expect(decode(text) == .success(Array(plain.utf8)))
        #expect(decode(text.filter { $0 != "=" }) == .success(Array(plain.utf8)))
    }

    @Test func `every byte survives in every place`() {
        var generator = SeededGenerator(seed: 3)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(decode(Gzip.base64(bytes)) == .success(bytes))
        }
        #expect(decode("+/+/") == .success([0xFB, 0xFF, 0xBF]))
    }

    @Test(arguments: ["Zm9v\r\nYmFy", "Zm9v\nYmFy\n", " Z m 9 v Y m F y ", "Zm9v\tYmFy", "\n\nZm9vYmFy"])
    func `line breaks and blanks are passed over`(text: String) {
        #expect(decode(text) == .success(Array("foobar".utf8)))
    }

    @Test(
        arguments: [
            ("Zm9v!", 4), ("Zm9-", 3), ("Zm9_", 3), ("é", 0), ("Z", 1), ("Zm9vZ", 5), ("Zg==Zg", 4), ("Zm\u{0}v", 2),
        ] as [(String, Int)]
    )
    func `what is not base64 is told with its place`(text: String, place: Int) {
        #expect(decode(text) == .failure(.notBase64(at: place)))
    }
}
