import Glibc
import Testing

@testable import anomalyctl

@Suite struct SimulationTests {
    /// A run in memory: what a folder would hold.
    struct Run {
        var files: [TrailFile] = []
        var outcome: Simulation.Outcome
        var text: TrailText {
            TrailText(files.reduce(into: []) { $0.append(contentsOf: $1.bytes) })
        }
    }

    static func run(days: Int, accounts: Int, seed: UInt64, traffic: Double = 0.02) -> Run {
        var simulation = Simulation(days: days, accounts: accounts, seed: seed, traffic: traffic)
        var files: [TrailFile] = []
        let outcome = simulation.run(file: { files.append($0) })
        return Run(files: files, outcome: outcome)
    }

    static let week = run(days: 7, accounts: 7, seed: 7)

    @Test func `the same seed gives the same bytes`() {
        let first = Self.run(days: 2, accounts: 3, seed: 11)
        let second = Self.run(days: 2, accounts: 3, seed: 11)
        #expect(first.files.map(\.key) == second.files.map(\.key))
        #expect(first.files.map(\.bytes) == second.files.map(\.bytes))
        #expect(first.outcome.labelsJSON == second.outcome.labelsJSON)
    }

    @Test func `another seed gives another organization`() {
        let first = Self.run(days: 1, accounts: 3, seed: 11)
        let second = Self.run(days: 1, accounts: 3, seed: 12)
        #expect(first.files.map(\.key) != second.files.map(\.key))
        #expect(
            Simulation(days: 1, accounts: 3, seed: 11).organization.json
                != Simulation(days: 1, accounts: 3, seed: 12).organization.json
        )
    }

    @Test func `every file holds as many records as it says`() {
        for file in Self.week.files {
            #expect(file.bytes.starts(with: #"{"Records":[{"eventVersion":"#.utf8))
            #expect(file.bytes.suffix(3).elementsEqual("}]}".utf8))
            #expect(TrailText(file.bytes).count(of: #"{"eventVersion":"1."#) == file.records)
        }
        #expect(Self.week.files.reduce(0) { $0 + $1.records } == Self.week.outcome.records)
    }

    @Test func `every file is balanced JSON without control characters`() {
        for file in Self.week.files {
            #expect(JSONOutline(file.bytes).isBalanced, "\(file.key)")
        }
    }

    @Test func `each record lies in the file of its account and Region`() throws {
        for file in Self.week.files.prefix(400) {
            let parts = file.key.split(separator: "/").map(String.init)
            try #require(parts.count == 9)
            let text = TrailText(file.bytes)
            #expect(text.count(of: #""recipientAccountId":"\#(parts[2])""#) == file.records)
            #expect(text.count(of: #""awsRegion":"\#(parts[4])""#) == file.records)
            #expect(parts[8].hasPrefix("\(parts[2])_CloudTrail_\(parts[4])_\(parts[5])\(parts[6])\(parts[7])T"))
        }
    }

    @Test func `everything is planted in seven days and seven accounts`() {
        let planted = Self.week.outcome.labels.filter { !$0.trace.eventIDs.isEmpty }.map(\.id)
        #expect(
            Set(planted) == [
                "gpu-mining", "lambda-loop", "ci-three-accounts", "volume-storm", "slow-burn", "scale-out-day",
                "node-upgrade",
                "new-account",
            ]
        )
    }

    @Test func `the labelled event ids are in the trail`() {
        let text = Self.week.text
        for label in Self.week.outcome.labels {
            for id in label.trace.eventIDs.prefix(2) {
                let name = RecordText.text { $0.identifier(id) }
                #expect(text.contains(#""eventID":"\#(name)""#), "\(label.id)")
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `nothing is planted in the first five days`(seed: UInt64) {
        let run = Self.run(days: 7, accounts: 4, seed: seed)
        let quiet = Simulation.defaultStart + Plantings.quietDays * 86_400
        for label in run.outcome.labels where !label.trace.eventIDs.isEmpty {
            #expect(label.trace.first >= quiet, "\(label.id)")
            #expect(label.trace.last < Simulation.defaultStart + 7 * 86_400, "\(label.id)")
            #expect(label.trace.quantity > 0, "\(label.id)")
        }
    }

    @Test func `a run too short to plant in says so`() {
        let run = Self.run(days: 2, accounts: 3, seed: 5)
        #expect(run.outcome.labels.isEmpty)
        #expect(run.outcome.labelsJSON.contains("needs 7 days and 4 accounts; this run has 2 and 3"))
        #expect(run.outcome.records > 0)
    }

    @Test func `a small organization leaves out what needs three production accounts`() {
        let plantings = Simulation(days: 7, accounts: 4, seed: 5).plantings
        #expect(plantings.leftOut.map(\.id) == ["ci-three-accounts", "new-account"])
        #expect(plantings.labels.count == 6)
    }

    @Test func `invocations follow the day`() {
        var byHour = [Int](repeating: 0, count: 24)
        let run = Self.run(days: 3, accounts: 1, seed: 3, traffic: 0.5)
        for file in run.files {
            let text = TrailText(file.bytes)
            let times = text.pieces(after: #""eventTime":""#, length: 72)
            for time in times where time.contains(#""eventName":"Invoke""#) || time.contains("lambda.amazonaws.com") {
                byHour[Int(time.dropFirst(11).prefix(2)) ?? 0] += 1
            }
        }
        let busiest = byHour.max() ?? 0
        let quietest = byHour.min() ?? 0
        #expect(busiest > 3 * max(quietest, 1), "\(byHour)")
    }

    @Test func `some records come twice and some come late`() {
        let ids = Self.week.text.pieces(after: #""eventID":""#, length: 36)
        let repeated = ids.count - Set(ids).count
        #expect(repeated > ids.count / 2000)
        #expect(repeated < ids.count / 200)
    }
}

/// Text as bytes, searched by the C library: a simulated week is long.
struct TrailText {
    /// Ends with a zero, as C has it; a trail holds no other.
    private let characters: [CChar]

    init(_ bytes: [UInt8]) {
        characters = bytes.map { CChar(bitPattern: $0) } + [0]
    }

    func contains(_ text: String) -> Bool {
        characters.withUnsafeBufferPointer { all in all.baseAddress.map { strstr($0, text) != nil } ?? false }
    }

    /// How often `text` occurs.
    func count(of text: String) -> Int {
        places(of: text).count
    }

    /// Where each `text` ends.
    func places(of text: String) -> [Int] {
        characters.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return [] }
            var found: [Int] = []
            var place = base
            while let hit = strstr(place, text) {
                place = UnsafePointer(hit) + text.utf8.count
                found.append(place - base)
            }
            return found
        }
    }

    /// The `length` bytes after each `start`.
    func pieces(after start: String, length: Int) -> [String] {
        places(of: start).map { place in
            String(
                decoding: characters[place..<min(place + length, characters.count - 1)].map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
        }
    }
}

/// Just enough of RFC 8259 to see that brackets and strings close.
struct JSONOutline {
    let isBalanced: Bool

    init(_ bytes: [UInt8]) {
        var open: [UInt8] = []
        var inString = false
        var escaped = false
        var sound = true
        for byte in bytes {
            if byte < 0x20 { sound = false }
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if open.popLast() != byte { sound = false }
            default: break
            }
        }
        isBalanced = sound && open.isEmpty && !inString
    }
}
