import Pipeline
import Testing

@testable import anomalyctl

@Suite struct ProgressLineTests {
    @Test(
        arguments: [
            (0, 0, 0, 0, "reading 0 %"),
            (50, 100, 0, 10_000, "reading 50 %, 10 seconds left"),
            (50, 100, 12_000, 100, "reading 50 %"),
            (25, 100, 1_200_000, 2_000, "reading 25 %, 600,000 records/s, 6 seconds left"),
            (1, 100, 5_000, 1_000, "reading 1 %, 5,000 records/s"),
            (100, 100, 5_000, 10_000, "reading 100 %, 500 records/s, 0 seconds left"),
            (300, 100, 0, 500, "reading 100 %"),
        ] as [(Int, Int, Int, Int64, String)]
    )
    func `share done, records a second and time left, each as soon as it is known`(
        done: Int,
        total: Int,
        records: Int,
        elapsed: Int64,
        said: String
    ) {
        let state = Progress.State(stage: "reading", done: done, total: total, records: records)
        #expect(ProgressLine.line(state, unit: "records", elapsed: elapsed) == said)
    }
}
