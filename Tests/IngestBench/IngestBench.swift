import Glibc
import UsageCore

/// What MultiAccountLogs does with an event between taking it and sending it on, without the sending.
final class IngestBench {
    /// Two rounds came to different ends.
    struct Unsteady: Error, CustomStringConvertible {
        let description = "the rounds: not alike; look for state that is kept between them"
    }

    private let event: [UInt8]
    private let data: Range<Int>
    private let catalog: UsageCatalog
    private let matcher: UsageMatcher
    private let context: AccountContext
    /// Records of the event.
    private(set) var records = 0
    /// Inflated, or of all bulk bodies together.
    private(set) var bytes = 0
    /// Nanoseconds of the last round that were spent on decoding.
    private var decoding: Int64 = 0

    init(_ event: [UInt8]) throws {
        self.event = event
        // {"awslogs":{"data":"..."}}
        data = 20..<max(20, event.count - 3)
        catalog = try UsageCatalog.builtIn()
        matcher = UsageMatcher(catalog)
        var context = AccountContext(id: "111122223333")
        context.alias = "prod-main"
        context.type = "production"
        context.ouPath = "Root/Workloads/Prod"
        context.owner = "team@example.com"
        self.context = context
    }

    /// Base64 and inflate, nothing else.
    func inflate() throws {
        bytes = try event.withUnsafeBufferPointer { event in
            let packed = try Base64.decode(UnsafeBufferPointer(rebasing: event[data]))
            return try packed.withUnsafeBufferPointer { try Inflater.whole(of: $0, cap: 64 << 20) }.count
        }
    }

    /// Decode, enrich and bulk bodies of 5 MiB.
    func ingest() throws {
        let start = Self.now()
        var batch = IngestBatch(catalog, matcher, receivedAt: 1_688_990_400)
        var reader = RecordReader()
        try event.withUnsafeBufferPointer { try batch.read($0, &reader) }
        try batch.finish(&reader)
        decoding = Self.now() - start
        var body = BulkBody(batch, contexts: batch.accounts.map { _ in context })
        let items = Array(batch.records.indices)
        var done = 0
        var size = 0
        while done < items.count {
            done += body.fill(items[done...], limit: 5 << 20)
            size += body.bytes.count
        }
        if records > 0, records != done { throw Unsteady() }
        (records, bytes) = (done, size)
    }

    /// Runs both in turn, so that what else the machine does meets both alike, and prints the best of each.
    func measure(rounds: Int) throws {
        var best = (ingest: Int64.max, decode: Int64.max, inflate: Int64.max)
        for _ in 0..<rounds {
            let start = Self.now()
            try inflate()
            let middle = Self.now()
            best.inflate = min(best.inflate, middle - start)
            try ingest()
            best.ingest = min(best.ingest, Self.now() - middle)
            best.decode = min(best.decode, decoding)
        }
        print("inflate \(best.inflate)")
        print("decode \(best.decode)")
        print("ingest \(best.ingest)")
    }

    /// Processor time of this thread, nanoseconds: comparable while others use the machine.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
