import Glibc
import TestSupport
import Testing

@testable import UsageCore

/// The Numenta Anomaly Benchmark's development files, through the file interface, as a user would score them.
@Suite(
    .enabled(if: SharedData.has("nab"), "needs ../shared/data/nab"),
    .enabled(if: DetectSupport.isOptimised, "takes minutes without optimisation")
)
struct BenchmarkTests {
    @Test func `the standard score is at least 78 at the threshold 0.5 and ranges cover most points`() throws {
        let shared = SharedData.path("nab")
        var template = Array("/tmp/detector-nab-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        let folder = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        defer { _ = DetectSupport.lines(of: "rm -r '\(folder)'") }
        var coverages: [Double] = []
        for path in DetectSupport.lines(of: "ls '\(shared)'/data/*/*.csv") {
            let parts = path.split(separator: "/").suffix(2).map(String.init)
            let input = Array(DetectSupport.lines(of: "cat '\(path)'").joined(separator: "\n").utf8)
            let output = try SeriesFile.detect(input, settings: SeriesSettings())
            mkdir("\(folder)/\(parts[0])", 0o755)
            let file = try #require(fopen("\(folder)/\(parts[0])/\(parts[1])", "w"))
            #expect(fwrite(output, 1, output.count, file) == output.count)
            fclose(file)
            coverages.append(coverage(output))
        }
        try #require(coverages.count == 34)
        let command = "python3 '\(SharedData.path("../tools/nab_score.py"))' --nab '\(shared)' --results '\(folder)'"
        let result = DetectSupport.lines(of: command + " --threshold 0.5").joined()
        let standard = try #require(number(after: "\"standard\": ", in: result))
        coverages.sort()
        print("NAB, 34 development files: \(result); coverage \(coverages[0]) at least, \(coverages[17]) in the middle")
        #expect(standard >= 78)
        #expect(coverages[0] > 0.85)
        #expect(coverages[17] > 0.95)
    }

    /// The share of rows after the warm-up whose value lies in low...high.
    private func coverage(_ output: [UInt8]) -> Double {
        var inside = 0.0
        var rows = 0.0
        for line in output.split(separator: 0x0a).dropFirst(151) {
            let fields = line.split(separator: UInt8(ascii: ",")).map { Double(String(decoding: $0, as: UTF8.self)) }
            guard fields.count >= 7, let value = fields[1], let low = fields[5], let high = fields[6] else { continue }
            rows += 1
            if value >= low - 1e-5 * abs(low), value <= high + 1e-5 * abs(high) { inside += 1 }
        }
        return inside / rows
    }

    private func number(after key: String, in text: String) -> Double? {
        let parts = text.split(separator: key, maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return Double(parts[1].prefix { $0.isNumber || $0 == "." || $0 == "-" })
    }
}
