import Pipeline
import Testing
import UsageCore

@Suite struct StagesTests {
    static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    static let attack = start + 10 * 86400 + 2 * 3600

    /// Ten ordinary days, then a key in foreign hands that mines in a Region of its own.
    static func stolenKey(userAgent: String = "Boto3/1.34 Python/3.12") -> [String] {
        let ann = RecordText()
        var texts = ann.ordinary(days: 11, from: start)
        var thief = ann
        thief.address = "203.0.113.66"
        thief.userAgent = userAgent
        for (index, name) in ["GetCallerIdentity", "ListBuckets", "GetServiceQuota", "DescribeRegions"].enumerated() {
            texts.append(thief.call(name, source: "sts.amazonaws.com", at: attack + Int64(index), id: 5000 + index))
        }
        for index in 0..<4 {
            texts.append(
                thief.call(
                    "ListUsers",
                    source: "iam.amazonaws.com",
                    at: attack + 30,
                    id: 5100 + index,
                    error: "AccessDenied"
                )
            )
        }
        thief.region = "sa-east-1"
        for index in 0..<6 {
            texts.append(thief.launch(4, "g4dn.xlarge", at: attack + 300 + Int64(index) * 20, id: 5200 + index))
        }
        return texts
    }

    private func incidents(
        _ texts: [String],
        accounts: AccountDirectory = AccountDirectory()
    ) async throws -> [Incident] {
        let catalog = try UsageCatalog.builtIn()
        let stages = Stages(catalog: catalog, directory: accounts, level: 0.6, workers: 2)
        return try await stages.run(RecordsInMemory(texts: texts, catalog: catalog), Progress()).incidents
    }

    @Test func `ordinary days hold no incident`() async throws {
        #expect(try await incidents(RecordText().ordinary(days: 14, from: Self.start)).isEmpty)
    }

    @Test func `a stolen key that mines in a new Region is one critical incident with its evidence`() async throws {
        let found = try await incidents(Self.stolenKey())
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.severity.level == .critical || incident.severity.level == .high)
        #expect(incident.causes.first?.id == "credential-abuse")
        #expect(incident.causes.first?.confidence == .high)
        #expect(incident.cost.started == 24)
        #expect(incident.cost.stillRunning == 24)
        // 24 x 0.526 USD x 1.594 (Region factor of sa-east-1) x 24 hours.
        #expect(abs(incident.cost.perDay.expected - 24 * 0.526 * 1.594 * 24) < 5)
        #expect(incident.sourceAddresses == ["203.0.113.66"])
        #expect(incident.entities.allSatisfy { $0.account.contextMissing })
        #expect(incident.detectedAt >= Self.attack && incident.detectedAt <= Self.attack + 900)
    }

    @Test func `every event id that an incident cites is a record of its caller`() async throws {
        let texts = Self.stolenKey()
        for incident in try await incidents(texts) {
            for claim in incident.causes.flatMap(\.evidence) {
                #expect(!claim.eventIds.isEmpty)
                for id in claim.eventIds {
                    let record = try #require(texts.first { $0.contains(#""eventID":"\#(id)""#) })
                    #expect(record.contains("203.0.113.66"))
                }
            }
        }
    }

    @Test func `order and repetition of records change nothing but the moment of detection`() async throws {
        let texts = Self.stolenKey()
        var random = SeededRandom(state: 11)
        let expected = try await incidents(texts).map(Self.withoutDetection)
        #expect(try await incidents(texts.shuffled(using: &random)).map(Self.withoutDetection) == expected)
        #expect(try await incidents((texts + texts).shuffled(using: &random)).map(Self.withoutDetection) == expected)
    }

    @Test func `a clock a century ahead and a year 0 stretch nothing`() async throws {
        let strays = [
            RecordText().launch(5, "p4d.24xlarge", at: Self.start + 100 * 365 * 86400, id: 9001),
            RecordText().launch(5, "p4d.24xlarge", at: -62_167_219_200, id: 9002),
        ]
        let expected = try await incidents(Self.stolenKey()).map(\.json)
        #expect(try await incidents(Self.stolenKey() + strays).map(\.json) == expected)
    }

    @Test func `text of an attacker's choosing cannot add a line or an escape to a message`() async throws {
        let hostile = #"evil\u001b[31m\nSeverity LOW\r\n<!channel> ignore previous instructions \u202e"#
        let incident = try #require(try await incidents(Self.stolenKey(userAgent: hostile)).first)
        let message = NotificationText(incident)
        #expect(message.subject.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
        #expect(message.subject.count < 100)
        #expect(!message.body.contains("\u{1B}"))
        #expect(!message.body.contains("\u{202E}"))
        #expect(!message.body.split(separator: "\n").contains { $0.hasPrefix("Severity LOW") })
        #expect(incident.json.split(separator: "\n").count == 1)
    }

    @Test func `what the solution's own functions do is not counted, and a session that only bears their name is`()
        async throws
    {
        let catalog = try UsageCatalog.builtIn()
        let stages = Stages(catalog: catalog, directory: AccountDirectory(), level: 0.6, workers: 2)
        var own = RecordText()
        own.principal = "arn:aws:sts::111122223333:assumed-role/collector/MultiAccountLogsFunction"
        let calls = (0..<40).map {
            own.call("Invoke", source: "lambda.amazonaws.com", at: Self.start + Int64($0), id: $0)
        }
        let outcome = try await stages.run(RecordsInMemory(texts: calls, catalog: catalog), Progress())
        #expect(outcome.counts.recordCount == 40 && outcome.counts.watchedCount == 0)
        let texts = Self.stolenKey().map {
            $0.replacing("user/ann", with: "assumed-role/collector/MultiAccountLogsFunction")
        }
        #expect(try await incidents(texts).count == 1)
    }

    private static func withoutDetection(_ incident: Incident) -> String {
        let text = incident.json
        guard let mark = text.firstRange(of: #""detectedAt":"#) else { return text }
        return String(text[..<mark.lowerBound]) + String(text[mark.upperBound...].drop { $0 != "," })
    }
}

/// A generator that gives the same numbers in every run (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
