import Glibc
import TestSupport
import Testing

@testable import UsageCore

/// Measures, where `make bench` asks for it; the numbers go to standard output.
@Suite(
    .serialized,
    .enabled(if: getenv("BENCH") != nil, "run by make bench"),
    .enabled(if: SharedData.has("cloudtrail"), "needs ../shared/data/cloudtrail")
)
struct IngestBenchmark {
    /// The text of an event of CloudWatch Logs with `count` real records; repetitions get event ids of their own.
    private static func event(_ count: Int) throws -> [UInt8] {
        var messages: [[UInt8]] = []
        while messages.count < count {
            let turn = messages.count
            for name in try Folder.names(SharedData.path("cloudtrail")) where name.hasSuffix(".gz") {
                var sink = CollectingSink()
                var reader = RecordReader()
                try Folder.bytes(SharedData.path("cloudtrail/" + name)).withUnsafeBufferPointer {
                    try reader.feed($0, into: &sink)
                }
                try reader.finish(into: &sink)
                for (text, id) in zip(sink.records, sink.eventIds) where messages.count < count {
                    let fresh = Digest128(of: "\(id)-\(turn)").hexadecimal
                    messages.append(Array(text.replacing(id, with: fresh.prefix(8) + id.dropFirst(8)).utf8))
                }
            }
        }
        var json = JSONText()
        json.object { json in
            for (name, value) in [
                ("messageType", "DATA_MESSAGE"), ("owner", "111122223333"), ("logGroup", "trail"),
                ("logStream", "o-exampleorg1_111122223333_CloudTrail_us-east-1"),
            ] {
                json.name(name)
                json.string(value)
            }
            json.name("logEvents")
            json.array { json in
                for (index, message) in messages.enumerated() {
                    json.object { json in
                        json.name("id")
                        let digits = String(index)
                        json.string("39" + String(repeating: "0", count: 54 - digits.utf8.count) + digits)
                        json.name("timestamp")
                        json.integer(1_688_990_000_000 + index)
                        json.name("message")
                        json.string(String(decoding: message, as: UTF8.self))
                    }
                }
            }
        }
        return Array(#"{"awslogs":{"data":""#.utf8) + Array(Gzip.base64(Gzip.member(json.bytes)).utf8)
            + Array(#""}}"#.utf8)
    }

    @Test(arguments: [100, 1000, 5000])
    func `decoding, enriching and writing bulk bodies beside base64 and inflate alone`(count: Int) throws {
        let event = try Self.event(count)
        let catalog = try UsageCatalog.builtIn()
        let matcher = UsageMatcher(catalog)
        let data = Array(event.dropFirst(20).dropLast(3))
        var best = (whole: Double.infinity, decode: Double.infinity, alone: Double.infinity)
        var size = 0
        for _ in 0..<max(15, 40_000 / count) {
            best.alone = min(
                best.alone,
                try Self.seconds {
                    let packed = try data.withUnsafeBufferPointer { try Base64.decode($0) }
                    size = try packed.withUnsafeBufferPointer { try Inflater.whole(of: $0, cap: 64 << 20) }.count
                }
            )
            var decoded = 0.0
            let whole = try Self.seconds {
                var batch = IngestBatch(catalog, matcher, receivedAt: 1_688_990_400)
                decoded = try Self.seconds {
                    var reader = RecordReader()
                    try event.withUnsafeBufferPointer { try batch.read($0, &reader) }
                    try batch.finish(&reader)
                }
                var context = AccountContext(id: "111122223333")
                context.alias = "prod-main"
                context.type = "production"
                context.ouPath = "Root/Workloads/Prod"
                var body = BulkBody(batch, contexts: batch.accounts.map { _ in context })
                let items = Array(batch.records.indices)
                var done = 0
                while done < items.count { done += body.fill(items[done...], limit: 5 << 20) }
                #expect(items.count == count)
            }
            best.whole = min(best.whole, whole)
            best.decode = min(best.decode, decoded)
        }
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        print(
            "Ingest of \(count) records (\(size / count) bytes each inflated):",
            "\(Int(Double(count) / best.whole)) records/s, decoding alone \(Int(Double(count) / best.decode));",
            "base64 and inflate alone \(Int(Double(count) / best.alone)), ratio",
            Decimal.fixed(best.whole / best.alone, decimals: 2) + ";",
            "peak of the process \(usage.ru_maxrss >> 10) MiB"
        )
    }

    /// Processor time of this thread: comparable while others use the machine.
    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        try work()
        return now() - start
    }
}
