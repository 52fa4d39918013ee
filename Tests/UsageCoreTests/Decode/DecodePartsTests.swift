import Testing
import UsageCore

@Suite struct DecodePartsTests {
    private func inflate(_ bytes: [UInt8], cap: Int = 1 << 20) -> Result<[UInt8], DecodeFailure> {
        bytes.withUnsafeBufferPointer { buffer in
            do throws(DecodeFailure) { return .success(try Inflater.whole(of: buffer, cap: cap)) } catch {
                return .failure(error)
            }
        }
    }

    @Test func `members of gzip data that follow one another are one text`() {
        let text = Array("first ".utf8)
        #expect(
            inflate(Gzip.member(text) + Gzip.member(Array("second".utf8)) + [0, 0])
                == .success(Array("first second".utf8))
        )
    }

    @Test func `every early end and damage of gzip data is told`() {
        let packed = Gzip.member(Array("some text that is long enough to be cut in many places".utf8))
        for count in 2..<packed.count {
            #expect(inflate(Array(packed[..<count])) == .failure(.truncatedGzip(after: count)))
        }
        var damaged = packed
        damaged[12] ^= 0xFF
        #expect(throws: DecodeFailure.self) { try inflate(damaged).get() }
    }

    @Test func `a payload that inflates beyond the cap is refused`() {
        let bomb = Gzip.member([UInt8](repeating: 0x20, count: 4 << 20))
        #expect(bomb.count < 8 << 10)
        #expect(inflate(bomb, cap: 1 << 20) == .failure(.inflatesBeyond(cap: 1 << 20)))
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE", "fooba"),
        ("Zm9v\r\nYmFy", "foobar"),
    ])
    func `base64 is read as RFC 4648 has it`(text: String, plain: String) throws {
        var text = text
        let result: [UInt8]? = text.withUTF8 { buffer in
            do throws(DecodeFailure) { return try Base64.decode(buffer) } catch { return nil }
        }
        #expect(result == Array(plain.utf8))
    }

    @Test(arguments: ["Zm9v!", "Z", "Zg==Zg"])
    func `what is not base64 is refused`(text: String) {
        var text = text
        let isRefused = text.withUTF8 { buffer in
            do throws(DecodeFailure) { _ = try Base64.decode(buffer) } catch { return true }
            return false
        }
        #expect(isRefused)
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-22T23:59:59.999Z", 1_795_391_999),
            ("2026-11-22T23:00:00+02:00", 1_795_381_200), ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] as [(String, Int64)]
    )
    func `times are read`(text: String, seconds: Int64) {
        #expect(EventTime.parse(text) == seconds)
    }

    @Test(arguments: [
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01", "now",
        "2026-01-01T00:00:00Zz",
    ])
    func `what is no time is refused, a day alone is its first second`(text: String) {
        #expect(EventTime.parse(text) == (text == "2026-01-01" ? 1_767_225_600 : nil))
    }

    @Test func `times survive being written and read`() {
        for seconds in stride(from: Int64(-62_167_219_200), to: 253_402_300_799, by: 86_400 * 373 + 12_345) {
            #expect(EventTime.parse(EventTime.text(seconds)) == seconds)
        }
    }

    @Test func `hostile text stays on one line and in one string`() throws {
        let hostile = "a\u{1B}[31m\n\"b\"\\\u{2028}\u{0}"
        #expect(Hostile.shown(hostile) == #"a\u{1b}[31m\u{a}"b"\\u{2028}\u{0}"#)
        #expect(Hostile.shown("abcdef", limit: 3) == "abc…")
        var json = JSONText()
        json.string(hostile)
        #expect(json.text == #""a\u001b[31m\n\"b\"\\\u2028\u0000""#)
        #expect(try JSONValue.parse(Array(json.text.utf8)) == .string(hostile))
    }

    @Test(
        arguments: [(1247.0, 0, "1,247"), (0.5, 0, "1"), (1_234_567.891, 2, "1,234,567.89"), (-1234.5, 1, "-1,234.5")]
            as [(Double, Int, String)]
    )
    func `numbers are grouped for people`(value: Double, decimals: Int, text: String) {
        #expect(Decimal.grouped(value, decimals: decimals) == text)
    }

    @Test(
        arguments: [
            ("5m", 300), ("1h", 3600), ("90s", 90), ("0m", nil), ("5", nil), ("m", nil), ("-1h", nil), ("999d", nil),
            ("", nil), ("5 m", nil), ("400d", 34_560_000), ("401d", nil), ("99999999999999999999d", nil),
            ("9223372036854775807d", nil),
        ] as [(String, Int64?)]
    )
    func `lengths of time are read`(text: String, seconds: Int64?) {
        #expect(Interval.parse(text) == seconds)
    }
}
