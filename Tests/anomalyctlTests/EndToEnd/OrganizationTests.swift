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
        /// An ARN; `*` stands for each of the accounts.
        let principal: String
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
            principal = label["principal"]?.string ?? ""
            perDayUSD = label["perDayUSDAtListPrice"]?.number
        }

        /// The ARNs that may have called, one for each account.
        var principals: Set<String> {
            Set(accounts.map { principal.replacing("::*:", with: "::\($0):") })
        }

        /// Whether the incident is of this label: something else may go on in the same account, Region and hours by somebody else.
        func isTold(by incident: Incident) -> Bool { matches(incident) && names(incident) }

        /// Whether the incident names who did it.
        ///
        /// A function that calls itself is named by its name, not by who called.
        private func names(_ incident: Incident) -> Bool {
            guard principal.contains(":function:") else { return !principals.isDisjoint(with: incident.principals) }
            return incident.causes.contains {
                $0.title.contains(principal.split(separator: ":").last ?? principal[...])
            }
        }

        private func matches(_ incident: Incident) -> Bool {
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
            try InputFiles([folder + "/trail"]),
            catalog,
            time: Int64.min...Int64.max,
            workers: 2
        )
        let stages = Stages(catalog: catalog, directory: directory, level: 0.6, workers: 2)
        let incidents = try await stages.run(source, Progress()).incidents
        #expect(source.report.setAsideCount == 0)
        for truth in truths where !truth.isBenign {
            let found = incidents.filter(truth.isTold)
            #expect(found.count == 1, "\(truth.id) is told \(found.count) times: \(found.map(\.json))")
            guard let incident = found.max(by: { $0.severity.score < $1.severity.score }) else { continue }
            if let perDayUSD = truth.perDayUSD {
                let ratio = incident.cost.perDay.expected / perDayUSD
                #expect(
                    abs(ratio - 1) <= 0.1,
                    "\(truth.id) costs \(perDayUSD) a day and is told as \(incident.cost.perDay.expected): \(incident.json)"
                )
            }
            // Where no record tells why, that must be said, and nothing else.
            #expect(incident.causes.first?.id == truth.cause, "\(truth.id): \(incident.json)")
            #expect(truth.accounts.isSubset(of: incident.entities.map(\.account.id)), "\(truth.id): \(incident.json)")
            let others = truths.filter { !$0.isBenign && $0.id != truth.id && $0.isTold(by: incident) }
            #expect(others.isEmpty, "\(truth.id) is told together with \(others.map(\.id)): \(incident.json)")
        }
        for truth in truths where truth.isBenign {
            for incident in incidents where truth.isTold(by: incident) {
                #expect(incident.causes.contains { $0.id == truth.cause }, "\(truth.id): \(incident.json)")
            }
        }
        let planted = truths.filter { !$0.isBenign }
        let untrue = incidents.filter { incident in !planted.contains { $0.isTold(by: incident) } }
        #expect(untrue.count <= days, "\(untrue.count) in \(days) days")
        for incident in untrue { #expect(incident.severity.level < .high, "\(incident.json)") }
        try resolve(incidents, source: folder)
    }

    /// Every event id that is cited stands in the trail, and its record shows an account of the incident and one of its callers,
    /// or is the very event that the sentence names.
    private func resolve(_ incidents: [Incident], source folder: String) throws {
        let cited = Set(incidents.flatMap { $0.causes.flatMap { $0.evidence.flatMap(\.eventIds) } })
        #expect(!cited.isEmpty)
        var finder = RecordFinder(wanted: cited)
        for file in try InputFiles([folder + "/trail"]) {
            var reader = RecordReader()
            try Folder.bytes(file.path).withUnsafeBufferPointer { try reader.feed($0, into: &finder) }
            try reader.finish(into: &finder)
        }
        for incident in incidents {
            let accounts = Set(incident.entities.map(\.account.id))
            for claim in incident.causes.flatMap(\.evidence) {
                for id in claim.eventIds {
                    guard let record = finder.found[id] else {
                        Issue.record("\(id) is cited and in no record: \(claim.text)")
                        continue
                    }
                    #expect(accounts.contains(record.account), "\(id) of \(record.account): \(claim.text)")
                    #expect(
                        incident.principals.contains(record.principal) || claim.text.contains(record.eventName),
                        "\(id), \(record.eventName) by \(record.principal), of \(incident.principals): \(claim.text)"
                    )
                }
            }
        }
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
