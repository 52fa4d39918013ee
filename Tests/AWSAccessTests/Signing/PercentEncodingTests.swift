import AWSAccess
import Testing

@Suite("PercentEncoding")
struct PercentEncodingTests {
    @Test func `every byte but the unreserved ones is encoded and comes back`() {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        for byte in UInt8.min...UInt8.max {
            let encoded = PercentEncoding.encode([byte])
            #expect(encoded.utf8.count == (unreserved.contains(byte) ? 1 : 3))
            #expect(PercentEncoding.decode(encoded) == [byte])
        }
        #expect(PercentEncoding.encode("a b+c/ü*") == "a%20b%2Bc%2F%C3%BC%2A")
        #expect(PercentEncoding.encode("/a b/", keepingSlash: true) == "/a%20b/")
    }

    @Test func `a percent sign without two digits stands for itself`() {
        for text in ["%", "%4", "100%", "%zz", "%%", "a+b"] {
            #expect(PercentEncoding.decode(text) == Array(text.utf8))
        }
        #expect(PercentEncoding.decode("%e1%88%B4") == [0xE1, 0x88, 0xB4])
    }

    @Test func `pairs become a query in their order`() {
        #expect(PercentEncoding.query([("b", "1 2"), ("a", ""), ("x&y", "=")]) == "b=1%202&a=&x%26y=%3D")
        #expect(PercentEncoding.query([]) == "")
    }
}
