import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

@testable import anomalyctl

/// The same records, however they are ordered, split and repeated, give the same incidents; only `detectedAt` may differ.
@Suite(.serialized) struct OrderTests {
    /// Records of a simulated organization, each once.
    private func records(seed: UInt64) -> [[UInt8]] {
        var simulation = Simulation(days: 9, accounts: 5, seed: seed, traffic: 0.05)
        var sink = EachOnce()
        _ = simulation.run(file: { file in
            var reader = RecordReader()
            file.bytes.withUnsafeBufferPointer { try? reader.feed($0, into: &sink) }
            try? reader.finish(into: &sink)
        })
        return sink.records
    }

    /// The incidents of `files` as JSON, without the moment of detection.
    private func incidents(_ files: [[[UInt8]]]) async throws -> [String] {
        var template = Array("/tmp/order-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = system("rm -rf '\(folder)'") }
        for (index, records) in files.enumerated() {
            let file = try #require(fopen("\(folder)/\(index).jsonl", "wb"))
            defer { fclose(file) }
            let bytes = Array(records.joined(separator: [0x0A])) + [0x0A]
            try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        }
        let catalog = try UsageCatalog.builtIn()
        let source = TrailFiles(try InputFiles([folder]), catalog, time: Int64.min...Int64.max, workers: 2)
        let stages = Stages(catalog: catalog, directory: AccountDirectory(), level: 0.6, workers: 2)
        let found = try await stages.run(source, Progress()).incidents
        #expect(source.report.setAsideCount == 0)
        return found.map { $0.json.replacing(/"detectedAt":"[^"]*"/, with: "") }
    }

    @Test(arguments: [3])
    func `another order, other files and doubled records change no incident`(seed: UInt64) async throws {
        let records = records(seed: seed)
        try #require(records.count > 5000)
        let plain = try await incidents([records])
        #expect(!plain.isEmpty)

        #if DEBUG
        // All at once, since each run takes long without optimisation; the release tests take them one by one.
        let third = records.count / 3
        let parts = [records[..<third], records[third..<(2 * third)], records[(2 * third)...]]
        let mixed = parts.map { part in part.reversed().flatMap { [$0, $0] } }
        #expect(try await incidents(mixed.reversed()) == plain, "reversed, split by time and doubled")
        #else
        #expect(try await incidents([records.reversed()]) == plain, "reversed")

        var random = SplitMix64(seed: seed)
        var shuffled = records
        for index in shuffled.indices.reversed().dropLast() { shuffled.swapAt(index, random.below(index + 1)) }
        #expect(try await incidents([shuffled]) == plain, "shuffled")

        let third = records.count / 3
        let split = [Array(records[..<third]), Array(records[third..<(2 * third)]), Array(records[(2 * third)...])]
        #expect(try await incidents(split) == plain, "split by time")

        // Delivered again an hour of records later, well within the 48 hours in which repetitions are known.
        let doubled = stride(from: 0, to: records.count, by: 200).flatMap { start in
            let piece = records[start..<min(start + 200, records.count)]
            return piece + piece
        }
        #expect(try await incidents([doubled]) == plain, "doubled")
        #endif
    }
}

/// Keeps each record's bytes the first time that its identity comes.
private struct EachOnce: RecordSink {
    private(set) var records: [[UInt8]] = []
    private var seen: Set<String> = []

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard seen.insert(fields.identityText(bytes)).inserted else { return }
        records.append(Array(bytes[fields.record.start..<fields.record.end]))
    }

    mutating func setAside(_ rest: SetAside) {}
    mutating func passOver(_ kind: DocumentKind) {}
}
