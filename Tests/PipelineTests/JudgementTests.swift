import Pipeline
import Testing
import UsageCore

/// Habits that organizations have, and what must still be told beside them.
@Suite struct JudgementTests {
    static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z, a Monday
    static let attack = start + 10 * 86400 + 10 * 3600 + 60

    private func incidents(_ texts: [String]) async throws -> [Incident] {
        let catalog = try UsageCatalog.builtIn()
        let stages = Stages(catalog: catalog, directory: AccountDirectory(), level: 0.6, workers: 2)
        return try await stages.run(RecordsInMemory(texts: texts, catalog: catalog), Progress()).incidents
    }

    private static func role(_ name: String, address: String) -> RecordText {
        var role = RecordText()
        role.principal = "arn:aws:iam::\(role.account):role/\(name)"
        role.accessKey = "ASIA\(name)"
        role.address = address
        role.userAgent = "\(name)/1.0"
        return role
    }

    /// Ann reads all day and never starts anything.
    private static func reading(_ ann: RecordText, days: Int) -> [String] {
        (0..<days * 24).map { hour in
            ann.call("GetObject", source: "s3.amazonaws.com", at: start + Int64(hour) * 3600 + 30, id: 20_000 + hour)
        }
    }

    @Test func `a trifle that runs for weeks is no incident, however much it adds up to`() async throws {
        var other = RecordText()
        other.principal = "arn:aws:iam::\(other.account):user/ben"
        other.accessKey = "AKIAEXAMPLEBEN000001"
        let texts =
            RecordText().ordinary(days: 40, from: Self.start) + [other.launch(2, "m5.large", at: Self.attack, id: 7001)]
        #expect(try await incidents(texts).isEmpty)
    }

    @Test func `a first use counts what came before six hours of silence, not what came in the days after`()
        async throws
    {
        let ann = RecordText()
        func database(_ seconds: Int64, _ id: Int) -> String {
            ann.call("CreateDBInstance", source: "rds.amazonaws.com", at: seconds, id: id)
        }
        var texts = ann.ordinary(days: 16, from: Self.start)
        texts += (0..<3).map { database(Self.attack + Int64($0) * 60, 7000 + $0) }
        texts += (1...9).map { database(Self.attack + Int64($0) * 7 * 3600, 7100 + $0) }
        let found = try await incidents(texts)
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.entities.map(\.observed) == [3])
        #expect(incident.severity.level == .low, "\(incident.severity.reasons)")
    }

    @Test func `a pipeline that calls from a new address every day is not taken for a thief on the next`() async throws
    {
        var texts = RecordText().ordinary(days: 12, from: Self.start)
        for day in 0..<12 {
            let pipeline = Self.role("deployer", address: "20.1.1.\(day + 1)")
            texts += (0..<100).map { index in
                pipeline.call(
                    "DescribeVolumes",
                    source: "ec2.amazonaws.com",
                    at: Self.start + Int64(day) * 86400 + 36_000 + Int64(index),
                    id: 30_000 + day * 100 + index
                )
            }
        }
        let today = Self.role("deployer", address: "20.1.1.11")
        texts += (0..<4).map { index in
            today.call(
                "CreateKeyPair",
                source: "ec2.amazonaws.com",
                at: Self.attack,
                id: 7000 + index,
                error: "AccessDenied"
            )
        }
        texts += (0..<6).map { today.launch(4, "m5.2xlarge", at: Self.attack + Int64($0) * 30, id: 7100 + $0) }
        let incident = try #require(try await incidents(texts).first)
        #expect(!incident.causes.contains { $0.id == "credential-abuse" }, "\(incident.causes)")
    }

    @Test
    func `a thief who comes from thirty addresses is new from each, and the records cited show the one that is named`()
        async throws
    {
        let ann = RecordText()
        var texts = Self.reading(ann, days: 12)
        for index in 0..<30 {
            var thief = ann
            thief.address = "203.0.113.\(index + 1)"
            texts.append(thief.launch(2, "c5.4xlarge", at: Self.attack + Int64(index) * 20, id: 7000 + index))
            texts.append(
                thief.call(
                    "ListUsers",
                    source: "iam.amazonaws.com",
                    at: Self.attack,
                    id: 7100 + index,
                    error: "AccessDenied"
                )
            )
        }
        let incident = try #require(try await incidents(texts).first)
        let cause = try #require(incident.causes.first)
        #expect(cause.id == "credential-abuse")
        let claim = try #require(cause.evidence.first { $0.text.contains("uses the address") })
        let words = claim.text.split(separator: " ")
        let address = try #require(words.first { $0.hasPrefix("203.0.113.") })
        #expect(!claim.eventIds.isEmpty)
        for id in claim.eventIds {
            let record = try #require(texts.first { $0.contains(#""eventID":"\#(id)""#) })
            #expect(record.contains(#""sourceIPAddress":"\#(address.filter { $0 != "," })""#))
        }
    }

    @Test func `being refused and looking around are no signs where they are daily habits`() async throws {
        let ann = RecordText()
        var texts = ann.ordinary(days: 12, from: Self.start)
        for day in 0..<12 {
            let noon = Self.start + Int64(day) * 86400 + 36_000
            texts += (0..<4).map { index in
                ann.call(
                    "ListKeys",
                    source: "kms.amazonaws.com",
                    at: noon,
                    id: 8000 + day * 10 + index,
                    error: "AccessDenied"
                )
            }
            texts += ["GetCallerIdentity", "ListBuckets", "DescribeRegions"].enumerated().map { index, name in
                ann.call(name, source: "sts.amazonaws.com", at: noon, id: 9000 + day * 10 + index)
            }
        }
        var travelling = ann
        travelling.address = "203.0.113.9"
        texts += (0..<6).map { travelling.launch(4, "m5.2xlarge", at: Self.attack + Int64($0) * 30, id: 7100 + $0) }
        let incident = try #require(try await incidents(texts).first)
        #expect(!incident.causes.contains { $0.id == "credential-abuse" }, "\(incident.causes)")
    }

    @Test func `a key that never started anything and does so from a new address is in foreign hands`() async throws {
        let ann = RecordText()
        var ben = ann
        ben.principal = "arn:aws:iam::\(ben.account):user/ben"
        ben.accessKey = "AKIAEXAMPLEBEN000001"
        var thief = ann
        thief.address = "203.0.113.66"
        let texts =
            Self.reading(ann, days: 12) + ben.ordinary(days: 12, from: Self.start)
            + (0..<6).map { thief.launch(3, "c5.24xlarge", at: Self.attack + Int64($0) * 30, id: 7100 + $0) }
        let found = try await incidents(texts)
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.causes.first?.id == "credential-abuse", "\(incident.causes)")
    }

    @Test func `a newcomer among the busy is told alone, without what the others do every day`() async throws {
        var random = SeededRandom(state: 5)
        let runner = Self.role("build-runner", address: "198.51.100.20")
        var texts: [String] = []
        for hour in 0..<12 * 24 {
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let seconds = Self.start + Int64(hour) * 3600 + Int64.random(in: 0..<3600, using: &random)
                let id = 40_000 + texts.count
                texts.append(runner.launch(1, "m5.large", at: seconds, id: id))
                let ended =
                    #""requestParameters":{"instancesSet":{"items":[{"instanceId":"i-\#(runner.account)-\#(id)-0"}]}},"#
                texts.append(
                    runner.call(
                        "TerminateInstances",
                        source: "ec2.amazonaws.com",
                        at: seconds + 900,
                        id: id + 1,
                        more: ended
                    )
                )
            }
        }
        // On the same day the builders are busier than ever.
        texts += (0..<30).map { index in
            runner.launch(1, "m5.large", at: Self.attack - 1200 + Int64(index) * 120, id: 50_000 + index)
        }
        let pipeline = Self.role("deployer", address: "20.1.1.1")
        texts += (0..<4).map { pipeline.launch(8, "m5.2xlarge", at: Self.attack + Int64($0) * 30, id: 7100 + $0) }
        let found = try await incidents(texts).filter { $0.principals.contains(pipeline.principal) }
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.principals == [pipeline.principal])
        #expect(incident.entities.map(\.observed) == [32])
        #expect(incident.cost.started == 32)
    }
}
