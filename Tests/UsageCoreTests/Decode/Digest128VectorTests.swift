import Testing
import UsageCore

@Suite struct Digest128VectorTests {
    // MurmurHash3 x64 128, seed 0, as other implementations print it.
    @Test(arguments: [
        ("hello", "cbd8a7b341bd9b025b1e906a48ae1d19"), ("hello, world", "342fac623a5ebc8e4cdcbc079642414d"),
        ("19 Jan 2038 at 3:14:07 AM", "b89e5988b737affc664fc2950231b2cb"),
        ("The quick brown fox jumps over the lazy dog.", "cd99481f9ee902c9695da1a38987b6e7"),
        ("The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347"),
    ])
    func `the published values come out`(text: String, hash: String) {
        #expect(Digest128(of: text).hexadecimal == hash)
    }

    @Test func `a text hashes the same wherever it lies in memory`() {
        let text = Array("111122223333-8c9d5d59-f65e-4d38-a71b-6d712487cd91".utf8)
        let expected = Digest128(of: String(decoding: text, as: UTF8.self))
        for offset in 0..<16 {
            let shifted = [UInt8](repeating: 0, count: offset) + text
            shifted.withUnsafeBytes { bytes in
                #expect(Digest128(of: UnsafeRawBufferPointer(rebasing: bytes[offset...])) == expected)
            }
        }
    }

    @Test func `no two of all lengths and of many ids share a hash`() {
        var hashes: Set<Digest128> = []
        for count in 0..<200 { hashes.insert(Digest128(of: String(repeating: "a", count: count))) }
        for id in 0..<5000 { hashes.insert(Digest128(of: "111122223333-\(id)")) }
        #expect(hashes.count == 5200)
    }
}
