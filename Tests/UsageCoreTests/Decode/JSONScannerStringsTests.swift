import Testing
import UsageCore

/// Strings are read eight bytes at a time, so every case stands at every distance from such a word's end.
@Suite struct JSONScannerStringsTests {
    private func faults(_ inside: [UInt8]) -> [JSONScanner.Fault?] {
        (0..<17).flatMap { before in
            [0, 1, 8].map { after in
                let text = [0x22] + [UInt8](repeating: 0x61, count: before) + inside
                let bytes = text + [UInt8](repeating: 0x7A, count: after) + [0x22]
                return bytes.withUnsafeBufferPointer { JSONScanner.fault(in: $0) }
            }
        }
    }

    @Test(arguments: [
        0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000,
        0x3FFFF, 0x40000, 0x100000, 0x10FFFF,
    ])
    func `every character at an edge of its length is taken`(scalar: UInt32) throws {
        let character = try #require(Unicode.Scalar(scalar))
        #expect(faults(Array(String(character).utf8)).allSatisfy { $0 == nil })
    }

    // RFC 3629 section 10 and the Unicode Standard, table 3-7: what is not well formed.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xE0, 0x9F, 0xBF],
            [0xE0, 0x80, 0x80], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]]
    )
    func `what is not UTF-8 is told as such`(bytes: [UInt8]) {
        #expect(faults(bytes).allSatisfy { $0 == .notUTF8 })
    }

    @Test func `control characters and bare quotes are refused, each of them`() {
        for byte in 0..<0x20 as Range<UInt8> { #expect(faults([byte]).allSatisfy { $0 == .syntax }) }
        #expect(faults([0x22, 0x61]).allSatisfy { $0 == .syntax })
    }

    @Test func `of all escapes those of RFC 8259 are taken`() {
        for byte in 0x20..<0x7F as Range<UInt8> {
            let isEscape = #""\/bfnrt"#.utf8.contains(byte)
            #expect(faults([0x5C, byte]).allSatisfy { ($0 == nil) == isEscape || byte == UInt8(ascii: "u") })
        }
        for digits in ["0000", "FFFF", "abcd", "D800"] {
            #expect(faults(Array("\\u\(digits)".utf8)).allSatisfy { $0 == nil })
        }
        for digits in ["000", "00g0", "-001", "+000", "00 0", ""] {
            #expect(faults(Array("\\u\(digits)".utf8) + [0x20]).allSatisfy { $0 != nil })
        }
    }

    @Test func `a string that does not end is incomplete wherever it is cut`() {
        let text = Array(#""aé\u00e9\\ 😀 and so on to the end of two words""#.utf8)
        for count in 0..<text.count {
            let fault = Array(text[..<count]).withUnsafeBufferPointer { JSONScanner.fault(in: $0) }
            #expect(fault == .incomplete)
        }
    }
}
