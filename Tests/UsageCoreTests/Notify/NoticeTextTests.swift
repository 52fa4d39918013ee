@testable import UsageCore
import Testing

@Suite struct NoticeTextTests {
    @Test func `each kind of notice has its own subject and says first what has changed`() throws {
        let incident = SampleIncident(score: 7, dollars: 300).incident
        let opened = NotificationText(incident)
        #expect(opened.subject.hasPrefix("[HIGH] EC2 RunInstances: 47 instances in prod-33"))
        #expect(opened.body.hasPrefix("ANOMALY SUMMARY"))
        let last = IncidentThread.Told(state: .open, level: .medium, dollars: 100, at: 0)
        let escalated = NotificationText(incident, .escalated, last: last)
        #expect(escalated.subject.hasPrefix("[ESCALATED HIGH] EC2 RunInstances"))
        #expect(
            escalated.body.hasPrefix(
                "ESCALATED: severity MEDIUM is now HIGH; $100 a day are now $300.\n\nANOMALY SUMMARY"
            )
        )
        var over = incident
        over.state = .resolved
        let resolved = NotificationText(over, .resolved, last: last)
        #expect(resolved.subject.hasPrefix("[RESOLVED] EC2 RunInstances"))
        #expect(resolved.body.hasPrefix("RESOLVED: nothing unusual since 1970-01-01 00:33 UTC.\n\n"))
    }

    @Test(arguments: NoticeKind.allCases)
    func `a subject stays one line of ASCII below 100 characters, whatever the account is called`(kind: NoticeKind) {
        var incident = SampleIncident().incident
        incident.entities = incident.entities.map { entity in
            var account = AccountContext(id: entity.account.id)
            account.alias = "prod\n<!channel>\u{202E}\u{1B}[31m" + String(repeating: "ü", count: 200)
            return Incident.Entity(
                usage: entity.usage,
                title: entity.title,
                account: account,
                region: entity.region,
                observed: entity.observed,
                expected: entity.expected,
                unit: entity.unit,
                grade: entity.grade,
                confidence: entity.confidence,
                channel: entity.channel,
                start: entity.start,
                end: entity.end,
                reason: entity.reason
            )
        }
        let text = NotificationText(incident, kind)
        #expect(text.subject.count < 100)
        #expect(text.subject.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) })
        #expect(!text.body.contains("\u{1B}"))
        #expect(!text.body.contains("\n<!channel>"))
    }

    @Test func `an incident is cut to a limit with what was left out said, and whole below it`() throws {
        let incident = SampleIncident(accounts: (0..<1000).map { String(111_122_220_000 + $0) }).incident
        #expect(incident.json(limit: 10_000_000) == incident.json)
        let text = incident.json(limit: 50_000)
        #expect(text.utf8.count <= 50_000)
        let json = try JSONValue.parse(Array(text.utf8))
        #expect(json["cut"]?["entities"]?["count"]?.number == 1000)
        #expect(json["incidentId"]?.string == "a")
    }
}
