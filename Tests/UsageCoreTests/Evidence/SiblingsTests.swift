import Testing

@testable import UsageCore

@Suite struct SiblingsTests {
    private func sample(_ name: String, _ seconds: Int64) -> CaseFile.Sample {
        CaseFile.Sample(eventId: "\(name)-\(seconds)", seconds: seconds, eventName: name, errorCode: nil, session: nil)
    }

    @Test func `calls are counted in the time that is asked for, each once, by name`() {
        var siblings = Siblings()
        for seconds in [600, 601, 602, 603, 604, 605, 606, 90_000] as [Int64] {
            for _ in 0..<2 {
                siblings.add(sample("ListUsers", seconds), Digest128(of: "u\(seconds)"))
                siblings.add(sample("ListBuckets", seconds), Digest128(of: "b\(seconds)"))
            }
        }
        let near = siblings.calls(in: 0..<1200) { $0 == "ListUsers" }
        #expect(near.count == 7)
        #expect(near.samples.map(\.seconds) == [600, 601, 602, 603, 604])
        #expect(siblings.calls(in: 0..<100_000).count == 16)
        #expect(siblings.calls(in: 2000..<80_000).count == 0)
    }
}
