import TestSupport
import Testing

@testable import UsageCore

/// The published scores of the reference implementation, row by row.
@Suite(.enabled(if: SharedData.has("detector-vectors"), "needs ../shared/data/detector-vectors"))
struct DetectorVectorTests {
    private static let quick = ["speed_7578", "exchange-2_cpc_results", "sparse-counts"]
    private static let slow = ["occupancy_6005", "art_daily_jumpsup", "art_daily_nojump", "Twitter_volume_AAPL"]

    @Test(arguments: DetectSupport.isOptimised ? quick + slow : quick)
    func `alerts are the same rows and scores differ by less than 5 in 1000`(name: String) throws {
        let path = SharedData.path("detector-vectors/\(name).csv.gz")
        var detector = SeriesDetector()
        var rows = 0
        for line in DetectSupport.lines(of: "gzip -dc '\(path)'").dropFirst() {
            let fields = line.split(separator: ",").compactMap { Double($0) }
            try #require(fields.count == 7)
            let verdict = detector.observe(fields[1], at: Int64(fields[0]))
            #expect(abs(verdict.score - fields[2]) < 0.005, "row \(rows)")
            #expect(verdict.isAnomaly == (fields[2] >= 0.5), "row \(rows)")
            if rows >= 150, name != "sparse-counts" {
                let tolerance = 1e-3 * (1 + abs(fields[4]))
                #expect(abs(verdict.expected - fields[4]) < tolerance, "row \(rows)")
                #expect(abs(verdict.low - fields[5]) < tolerance, "row \(rows)")
                #expect(abs(verdict.high - fields[6]) < tolerance, "row \(rows)")
            }
            rows += 1
        }
        #expect(rows > 1_000)
    }
}
