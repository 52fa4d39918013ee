import Glibc
import Testing

@testable import LocalStore

/// Measures, where `make bench` asks for it; the numbers go to standard output.
@Suite(.enabled(if: getenv("BENCH") != nil, "run by make bench"))
struct LocalStoreBenchmark {
    @Test func `inserting and scanning a million records`() async throws {
        let folder = try StoreFolder()
        let store = try LocalStore(path: folder.file("usage.db"))
        let body = #"{"eventID":""# + String(repeating: "x", count: 1240) + #""}"#
        let members =
            #""account":{"alias":"prod","type":"production"},"usage":null,"self":false,"ingest":{"source":"f"}"#
        let clock = ContinuousClock()
        var inserting = Duration.zero
        for first in stride(from: 0, to: 1_000_000, by: 5000) {
            let batch = (first..<(first + 5000)).map {
                // Files of several accounts and Regions overlap by some minutes.
                let time = 1_700_000_000 + Int64($0 / 20) + Int64(($0 &* 7919) % 300)
                let usage = $0 % 20 == 0 ? "ec2-run-instances" : nil
                return StoredRecord.make($0, time: time, usage: usage, members: members, body: body)
            }
            inserting += try await clock.measure {
                _ = try await store.insert(batch)
            }
        }
        var total = 0
        let scanning = try await clock.measure {
            total = try await store.scan(into: 0) { total, row in
                total += row.body.count
                return true
            }
        }
        #expect(total == 1_000_000 * body.utf8.count)
        print("LocalStore insert: \(Int(1_000_000 / (inserting / .seconds(1)))) records/s")
        print("LocalStore scan: \(Int(1_000_000 / (scanning / .seconds(1)))) records/s")
    }
}
