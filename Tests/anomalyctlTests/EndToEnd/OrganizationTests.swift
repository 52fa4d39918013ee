import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

@testable import anomalyctl

/// Organizations with known anomalies, through the stages as `backtest` takes them.
@Suite(.serialized) struct OrganizationTests {
    struct Truth {
        let id: String
        let isBenign: Bool
        let accounts: Set<String>
        let regions: Set<String>
        let usages: Set<String>
        let span: ClosedRange<Int64>
        let cause: String
        let perDayUSD: Double?

        init?(_ label: JSONValue) {
            func texts(_ key: String) -> Set<String> { Set((label[key]?.array ?? []).compactMap(\.string)) }
            guard let id = label["id"]?.string, let start = label["start"]?.string.flatMap(EventTime.parse),
                let end = label["end"]?.string.flatMap(EventTime.parse)
            else { return nil }
            self.id = id
            isBenign = label["benign"]?.bool ?? false
            accounts = texts("accounts")
            regions = texts("regions")
            usages = texts("usages")
            span = start...max(start, end)
            cause = label["cause"]?.string ?? ""
            perDayUSD = label["perDayUSDAtListPrice"]?.number
        }

        func matches(_ incident: Incident) -> Bool {
            incident.entities.contains {
                usages.contains($0.usage) && accounts.contains($0.account.id) && regions.contains($0.region)
                    && $0.start <= span.upperBound && $0.end >= span.lowerBound
            }
        }
    }

    private func judge(_ folder: String, days: Int) async throws {
        let labels = try JSONValue.parse(try Folder.bytes(folder + "/labels.json"))
        let truths = (labels["anomalies"]?.array ?? []).compactMap(Truth.init)
        let directory = try AccountDirectory(json: try Folder.bytes(folder + "/accounts.json"))
        let catalog = try UsageCatalog.builtIn()
        let source = TrailFiles(
            try InputFile.find([folder + "/trail"]),
            catalog,
            time: Int64.min...Int64.max,
            workers: 2
        )
        let stages = Stages(catalog: catalog, directory: directory, level: 0.6, workers: 2)
        let incidents = try await stages.run(source, Progress()).incidents
        #expect(source.report.setAsideCount == 0)
        for truth in truths where !truth.isBenign {
            let found = incidents.filter(truth.matches)
            // A look-alike may lie over the same entity and time; the incident meant is the heaviest.
            #expect(!found.isEmpty, "\(truth.id) is not found")
            #expect(
                found.count { $0.severity.level > .low } == 1 || found.count == 1,
                "\(truth.id) is told \(found.count) times"
            )
            guard let incident = found.max(by: { $0.severity.score < $1.severity.score }) else { continue }
            if let perDayUSD = truth.perDayUSD {
                let ratio = incident.cost.perDay.expected / perDayUSD
                #expect(
                    abs(ratio - 1) < 0.1,
                    "\(truth.id) costs \(perDayUSD) a day and is told as \(incident.cost.perDay.expected)"
                )
            }
            if truth.cause == "credential-abuse" { #expect(incident.causes.first?.id == truth.cause) }
            let others = truths.filter { !$0.isBenign && $0.id != truth.id && $0.matches(incident) }
            #expect(others.isEmpty, "\(truth.id) is told together with \(others.map(\.id))")
        }
        for truth in truths where truth.isBenign {
            for incident in incidents
            where truth.matches(incident) && !truths.contains(where: { !$0.isBenign && $0.matches(incident) }) {
                #expect(incident.severity.level < .high, "\(truth.id) is told as \(incident.severity.level)")
            }
        }
        let invented = incidents.filter { incident in !truths.contains { $0.matches(incident) } }
        #expect(invented.count <= days)
        #expect(invented.allSatisfy { $0.severity.level < .high })
        try resolve(incidents, source: folder)
    }

    /// Every event id that is cited stands in the trail.
    private func resolve(_ incidents: [Incident], source folder: String) throws {
        var cited = Set(incidents.flatMap { $0.causes.flatMap { $0.evidence.flatMap(\.eventIds) } })
        #expect(!cited.isEmpty)
        var finder = IdFinder(wanted: cited)
        for file in try InputFile.find([folder + "/trail"]) {
            var reader = RecordReader()
            try Folder.bytes(file.path).withUnsafeBufferPointer { try reader.feed($0, into: &finder) }
            try reader.finish(into: &finder)
        }
        cited.subtract(finder.found)
        #expect(cited.isEmpty, "cited, but in no record: \(cited.prefix(3))")
    }

    @Test func `the organization written by hand is judged as its author meant it`() async throws {
        try await judge(CommandLineTests.byHand, days: 10)
    }

    #if DEBUG
    @Test(arguments: [3])
    func `a small simulated organization is judged as it was planted`(seed: UInt64) async throws {
        try await simulated(days: 9, accounts: 5, seed: seed, traffic: 0.2)
    }
    #else
    @Test(arguments: [1, 2, 3, 4, 5])
    func `a simulated organization is judged as it was planted`(seed: UInt64) async throws {
        try await simulated(days: 14, accounts: 12, seed: seed, traffic: 1)
    }
    #endif

    private func simulated(days: Int, accounts: Int, seed: UInt64, traffic: Double) async throws {
        var template = Array("/tmp/organization-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = system("rm -rf '\(folder)'") }
        _ = try Simulate.write(days: days, accounts: accounts, seed: seed, traffic: traffic, to: folder)
        try await judge(folder, days: days)
    }
}

/// Looks for event ids.
struct IdFinder: RecordSink {
    let wanted: Set<String>
    var found: Set<String> = []

    init(wanted: Set<String>) { self.wanted = wanted }

    mutating func take(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let id = JSONString.text(fields.eventID, in: bytes), wanted.contains(id) else { return }
        found.insert(id)
    }

    mutating func setAside(_ rest: SetAside) {}
    mutating func passOver(_ kind: DocumentKind) {}
}
