import Pipeline
import Testing
import UsageCore

/// Calls that blind this analysis are incidents at once, and of their own.
@Suite struct TrailChangeTests {
    static let start: Int64 = 1_767_571_200  // 2026-01-05T00:00:00Z
    static let moment = start + 2 * 86400 + 10 * 3600 + 120

    private func incidents(
        _ texts: [String],
        accounts: AccountDirectory = AccountDirectory()
    ) async throws
        -> [Incident]
    {
        let catalog = try UsageCatalog.builtIn()
        let stages = Stages(catalog: catalog, directory: accounts, level: 0.6, workers: 2)
        return try await stages.run(RecordsInMemory(texts: texts, catalog: catalog), Progress()).incidents
    }

    private func trail(
        _ name: String,
        by caller: RecordText = RecordText(),
        at seconds: Int64 = moment,
        id: Int = 9000,
        error: String? = nil,
        parameter: String = "name"
    ) -> String {
        let more =
            #""requestParameters":{"\#(parameter)":"arn:aws:cloudtrail:eu-central-1:111122223333:trail/org-trail"},"#
        return caller.call(name, source: "cloudtrail.amazonaws.com", at: seconds, id: id, error: error, more: more)
    }

    private static let quiet = RecordText().ordinary(days: 3, from: start)

    @Test(arguments: [
        ("StopLogging", "name", "was stopped by user ann", Severity.Level.high),
        ("DeleteTrail", "name", "was deleted by user ann", .high),
        ("UpdateTrail", "name", "was changed by user ann", .medium),
        ("PutEventSelectors", "trailName", "was told to record other events by user ann", .medium),
        ("PutInsightSelectors", "trailName", "got other Insights settings by user ann", .medium),
    ])
    func `one call is an incident that says what was done to which trail by whom`(
        name: String,
        parameter: String,
        said: String,
        level: Severity.Level
    ) async throws {
        let found = try await incidents(Self.quiet + [trail(name, parameter: parameter)])
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.severity.level == level, "\(incident.severity)")
        #expect(incident.summary.hasPrefix("CloudTrail trail org-trail \(said) in "), "\(incident.summary)")
        #expect(incident.summary.contains("records of 1 account no longer arrive") == (level == .high))
        #expect(incident.eventNames == [name])
        #expect(incident.detectedAt == Self.moment)
        #expect(incident.recommendations.contains { $0.contains("service control policy") })
        #expect(!incident.cost.isKnown && incident.cost.unpriced.isEmpty)
        #expect(!incident.summary.contains("$"))
        let text = NotificationText(incident)
        #expect(text.subject.contains("CloudTrail"), "\(text.subject)")
        #expect(text.body.contains("- None of its own"))
    }

    @Test func `the first record of an account is told as well: there is no past that would excuse it`() async throws {
        let found = try await incidents([trail("StopLogging")])
        #expect(found.map(\.severity.level) == [.high])
    }

    @Test func `what was denied is told as denied, and lower`() async throws {
        let found = try await incidents(Self.quiet + [trail("StopLogging", error: "AccessDenied")])
        let incident = try #require(found.first)
        #expect(found.count == 1)
        #expect(incident.severity.level == .low)
        #expect(
            incident.summary.hasPrefix(
                "User ann tried StopLogging on CloudTrail trail org-trail and was denied (AccessDenied)"
            ),
            "\(incident.summary)"
        )
        #expect(incident.summary.contains("Nothing was changed."))
    }

    @Test func `a call that named no trail there is changes nothing and is not told`() async throws {
        #expect(try await incidents(Self.quiet + [trail("StopLogging", error: "TrailNotFoundException")]).isEmpty)
    }

    @Test(arguments: [("StopLogging", Severity.Level.medium), ("UpdateTrail", .low)])
    func `what a stack does is told lower, not left out`(name: String, level: Severity.Level) async throws {
        let more = #""requestParameters":{"name":"org-trail"},"#
        let call = RecordText().call(name, source: "cloudtrail.amazonaws.com", at: Self.moment, id: 9000, more: more)
        let byStack = call.replacing(
            #""userName":"ann""#,
            with: #""userName":"ann","invokedBy":"cloudformation.amazonaws.com""#
        )
        let found = try await incidents(Self.quiet + [byStack])
        #expect(found.map(\.severity.level) == [level])
        #expect(found.first?.causes.first?.id == "cloudformation")
        #expect(found.first?.expectedChange?.kind == .stack)
    }

    @Test func `a session that bears the name of one of our functions hides nothing`() async throws {
        var thief = RecordText()
        thief.principal = "arn:aws:sts::111122223333:assumed-role/admin/MultiAccountLogsFunction"
        let found = try await incidents(Self.quiet + [trail("StopLogging", by: thief)])
        #expect(found.map(\.severity.level) == [.high])
    }

    @Test func `who stops the trail and starts instances is told of twice: neither hides in the other`() async throws {
        let alone = try await incidents(StagesTests.stolenKey())
        var thief = RecordText()
        thief.address = "203.0.113.66"
        thief.userAgent = "Boto3/1.34 Python/3.12"
        let stop = trail("StopLogging", by: thief, at: StagesTests.attack + 200)
        let both = try await incidents(StagesTests.stolenKey() + [stop])
        #expect(both.count == alone.count + 1)
        #expect(both.filter { $0.usages != ["cloudtrail-stop"] }.map(\.id) == alone.map(\.id))
        let blinding = try #require(both.first { $0.usages == ["cloudtrail-stop"] })
        #expect(blinding.severity.level == .critical, "\(blinding.severity)")
        #expect(blinding.causes.first?.id == "credential-abuse")
    }

    @Test func `a stop and what the caller did to the trail before are one incident`() async throws {
        let texts = [
            trail("StopLogging", at: Self.moment - 300, id: 9001, error: "AccessDenied"),
            trail("PutEventSelectors", at: Self.moment - 200, id: 9002, parameter: "trailName"), trail("StopLogging"),
        ]
        let found = try await incidents(Self.quiet + texts)
        #expect(found.count == 1)
        #expect(found.first?.severity.level == .high)
        #expect(found.first.map { Set($0.usages) } == ["cloudtrail-stop", "cloudtrail-change", "cloudtrail-refused"])
        let summary = try #require(found.first?.summary)
        #expect(summary.contains("was told to record other events by user ann; CloudTrail trail org-trail was stopped"))
    }

    @Test func `a trail with a hostile name adds no line`() async throws {
        let more = #""requestParameters":{"name":"x\nSeverity LOW\u202e<!channel>"},"#
        let call = RecordText().call(
            "StopLogging",
            source: "cloudtrail.amazonaws.com",
            at: Self.moment,
            id: 9000,
            more: more
        )
        let incident = try #require(try await incidents(Self.quiet + [call]).first)
        #expect(!incident.summary.contains("\n") && !incident.summary.unicodeScalars.contains("\u{202E}"))
    }

    @Test func `a usage that is told at each call must be kept record by record`() throws {
        let text = String(decoding: UsageCatalog.builtInJSON, as: UTF8.self)
        let mark = try #require(text.firstRange(of: #""everyCall": true"#))
        let rest = text[mark.upperBound...]
        let volume = try #require(rest.firstRange(of: #""volume": "low""#))
        let high = text.replacingCharacters(in: volume, with: #""volume": "high""#)
        let failure = try #require(throws: CatalogFailure.self) { try UsageCatalog(json: Array(high.utf8)) }
        #expect(failure.problems.contains { $0.contains("everyCall: needs volume low") }, "\(failure)")
    }
}

extension String {
    fileprivate func replacing(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }

    fileprivate func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}
