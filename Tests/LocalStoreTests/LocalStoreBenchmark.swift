import Glibc
import Pipeline
import Testing

@testable import LocalStore

/// Measures, where `make bench` asks for it; the numbers go to standard output.
@Suite(.serialized, .enabled(if: getenv("BENCH") != nil, "run by make bench"))
struct LocalStoreBenchmark {
    @Test(arguments: [5000, 20_000])
    func `inserting and scanning a million records`(batchSize: Int) async throws {
        let folder = try StoreFolder()
        let store = try LocalStore(path: folder.file("usage.db"))
        let body = #"{"eventID":""# + String(repeating: "x", count: 1240) + #""}"#
        let members =
            #""account":{"alias":"prod","type":"production"},"usage":null,"self":false,"ingest":{"source":"f"}"#
        let clock = ContinuousClock()
        var inserting = Duration.zero
        var processor = 0.0
        for first in stride(from: 0, to: 1_000_000, by: batchSize) {
            let batch = (first..<(first + batchSize)).map {
                // Files of several accounts and Regions overlap by some minutes.
                let time = 1_700_000_000 + Int64($0 / 20) + Int64(($0 &* 7919) % 300)
                let usage = $0 % 20 == 0 ? "ec2-run-instances" : nil
                return StoredRecord.make($0, time: time, usage: usage, members: members, body: body)
            }
            let before = Self.processorSeconds()
            inserting += try await clock.measure {
                _ = try await store.insert(batch)
            }
            processor += Self.processorSeconds() - before
        }
        var total = 0
        let scanning = try await clock.measure {
            total = try await store.scan(into: 0) { total, row in
                total += row.body.count
                return true
            }
        }
        #expect(total == 1_000_000 * body.utf8.count)
        print(
            "LocalStore insert, batches of \(batchSize): \(Int(1_000_000 / (inserting / .seconds(1)))) records/s,",
            "\(Int(1_000_000 / processor)) a processor second"
        )
        print("LocalStore scan: \(Int(1_000_000 / (scanning / .seconds(1)))) records/s")
    }

    /// User and system time of this process: comparable while others use the machine.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
