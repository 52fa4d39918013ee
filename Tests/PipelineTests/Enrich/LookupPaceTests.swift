import Testing

@testable import Pipeline

@Suite struct LookupPaceTests {
    @Test func `answers alone never cost a pause`() {
        var pace = LookupPace()
        for _ in 0..<5 { pace.answered() }
        #expect(pace.pause == .zero && !pace.isHopeless)
    }

    @Test func `each refusal doubles the pause up to a second, and answers shrink it to nothing`() {
        var pace = LookupPace()
        var pauses: [Duration] = []
        for _ in 0..<8 {
            pace.refused()
            pauses.append(pace.pause)
            pace.answered()
        }
        #expect(pauses == pauses.sorted() && pauses[0] == .milliseconds(20) && pauses.allSatisfy { $0 <= .seconds(1) })
        for _ in 0..<8 { pace.refused() }
        #expect(pace.pause == .seconds(1))
        for _ in 0..<40 { pace.answered() }
        #expect(pace.pause == .zero)
    }

    @Test func `four refusals in a row are hopeless, and an answer between them is not`() {
        var pace = LookupPace()
        for _ in 0..<3 { pace.refused() }
        #expect(!pace.isHopeless)
        pace.answered()
        for _ in 0..<3 { pace.refused() }
        #expect(!pace.isHopeless)
        pace.refused()
        #expect(pace.isHopeless)
    }
}
