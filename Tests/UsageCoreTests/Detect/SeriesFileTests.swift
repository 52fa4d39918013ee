import Testing

@testable import UsageCore

@Suite struct SeriesFileTests {
    @Test func `every row comes out in order with its texts as they came`() throws {
        let input = """
            timestamp,value
            2024-01-01 00:00:00,1.50
            2024-01-01 00:00:00,+2e0
            2023-12-31T23:00:00Z,007
            1704067200,-0.0
            """
        let out = try lines(input)
        #expect(out[0] == "timestamp,value,anomaly_score,grade,expected,low,high,reason")
        #expect(
            Array(out.dropFirst()) == [
                "2024-01-01 00:00:00,1.50,0.000000,0,0,0,0,", "2024-01-01 00:00:00,+2e0,0.000000,0,0,0,0,",
                "2023-12-31T23:00:00Z,007,0.000000,0,0,0,0,", "1704067200,-0.0,0.000000,0,0,0,0,",
            ]
        )
    }

    @Test(arguments: [
        "\u{feff}Timestamp,Value\r\n2024-01-01 00:00:00,1\r\n\r\n2024-01-01 00:05:00,2\r\n",
        "\"timestamp\",\"value\"\n\"2024-01-01 00:00:00\",\"1\"\n\"2024-01-01 00:05:00\",\"2\"",
        "2024-01-01 00:00,1\n2024-01-01 00:05,2\n", "host,value,timestamp\na,1,2024-01-01\nb,2,2024-01-02\n",
    ])
    func `tolerated forms give one row out for each row in`(input: String) throws {
        #expect(try lines(input).count == 3)
    }

    @Test func `the alert of a spike has a grade and a reason`() throws {
        let out = try lines(spiky())
        let fields = out[601].split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields.count == 8)
        #expect(fields[2] == fields[3])
        #expect(try #require(Double(fields[2])) >= 0.5)
        #expect(fields[7].contains("above the usual range"))
        let grades = out.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[3] }
        #expect(grades.filter { $0 != "0" }.count < 4)
    }

    @Test func `pieces of any size give the same output`() throws {
        let input = Array(spiky().utf8)
        let whole = try SeriesFile.detect(input, settings: SeriesSettings())
        for size in [1, 7, 1_000] {
            var file = SeriesFile(settings: SeriesSettings())
            var out: [UInt8] = []
            for start in stride(from: 0, to: input.count, by: size) {
                try file.read(input[start..<min(start + size, input.count)], into: &out)
            }
            try file.finish(into: &out)
            #expect(out == whole)
        }
    }

    @Test func `JSON lines carry the same keys and numbers`() throws {
        let input = "timestamp,value\n\"2024-01-01 00:00:00\",+1.50\n1704067200,nan\n"
        let out = try lines(input, SeriesSettings(format: .jsonLines))
        let zeros = "\"anomaly_score\":0.000000,\"grade\":0,\"expected\":0,\"low\":0,\"high\":0,\"reason\":\"\"}"
        #expect(
            out == [
                "{\"timestamp\":\"2024-01-01 00:00:00\",\"value\":1.5," + zeros,
                "{\"timestamp\":\"1704067200\",\"value\":null," + zeros,
            ]
        )
    }

    @Test(arguments: [
        ("when,what\n1,2\n", SeriesFailure.header(text: "when,what")),
        ("timestamp,value\n1,2\nyesterday,3\n", .timestamp(line: 3, text: "yesterday")),
        ("timestamp,value\n2023-02-29 00:00:00,3\n", .timestamp(line: 2, text: "2023-02-29 00:00:00")),
        ("timestamp,value\n1,2\n2,0x10\n", .value(line: 3, text: "0x10")),
        ("timestamp,value\n1\n", .columns(line: 2, text: "1")), ("timestamp,value\n", .empty), ("", .empty),
    ])
    func `a line that cannot be read is named with its number and text`(input: String, failure: SeriesFailure) {
        #expect(throws: failure) { try lines(input) }
        #expect(!failure.description.contains("\n"))
    }

    @Test func `a line without end is refused before it fills the memory`() {
        var file = SeriesFile(settings: SeriesSettings())
        var out: [UInt8] = []
        let piece = [UInt8](repeating: 0x31, count: 40_000)
        #expect(throws: Never.self) { try file.read(piece[...], into: &out) }
        #expect(throws: SeriesFailure.longLine(line: 1, bytes: 80_000)) { try file.read(piece[...], into: &out) }
    }

    @Test func `with an interval a gap counts as rows and none of them comes out`() throws {
        // 200 busy rows, ten hours of nothing, one more.
        var rows = (0..<200).map { "\($0 * 300),\(3 + $0 % 4)" }
        rows.append("\(200 * 300 + 36_000),5")
        let input = (["timestamp,value"] + rows).joined(separator: "\n")
        let plain = try lines(input)
        let filled = try lines(input, SeriesSettings(interval: 300))
        #expect(plain.count == 202)
        #expect(filled.count == 202)
        #expect(plain.dropLast() == filled.dropLast())
        #expect(plain.last != filled.last)
    }

    @Test func `times that leap centuries to and fro cost little`() throws {
        let rows = (0..<2_000).map { "\($0 % 2 == 0 ? $0 * 300 : 90_000_000_000 - $0),1" }
        let input = (["timestamp,value"] + rows).joined(separator: "\n")
        let start = DetectSupport.processorSeconds()
        #expect(try lines(input, SeriesSettings(interval: 1)).count == 2_001)
        #expect(DetectSupport.processorSeconds() - start < (DetectSupport.isOptimised ? 5 : 120))
    }

    @Test func `numbers are written short and scores are cut`() {
        #expect(SeriesWriter.score(0.499_999_99) == "0.499999")
        #expect(SeriesWriter.score(0.6) == "0.600000")
        #expect(SeriesWriter.score(1) == "1.000000")
        #expect(SeriesWriter.score(0.000_012_3) == "0.000012")
        #expect(SeriesWriter.significant(56.889_999_999) == "56.89")
        #expect(SeriesWriter.significant(1_234_567) == "1234570")
        #expect(SeriesWriter.significant(-0.000_123_456_7) == "-0.000123457")
        #expect(SeriesWriter.significant(-1e-20) == "0")
        #expect(SeriesWriter.significant(.infinity) == "0")
    }

    @Test func `profiles differ in their level`() {
        #expect(SeriesSettings.Profile.allCases.map(\.level) == [0.6, 0.5, 0.45])
    }

    private func lines(_ input: String, _ settings: SeriesSettings = SeriesSettings()) throws -> [String] {
        let out = try SeriesFile.detect(Array(input.utf8), settings: settings)
        return String(decoding: out, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func spiky() -> String {
        var maker = SeriesMaker(seed: 12)
        let rows = (0..<700).map { "\($0 * 300),\($0 == 600 ? 400.0 : 20 + 4 * maker.uniform())" }
        return (["timestamp,value"] + rows).joined(separator: "\n") + "\n"
    }
}
