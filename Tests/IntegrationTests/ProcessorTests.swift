import AWSAccess
import Glibc
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// The by-hand records hold two incidents: volumes on 6 March from 16:10, a stolen key on 9 March from 02:44.
    @Suite struct ProcessorTests {
        /// Moments of evaluation: before anything, while each goes on, and after it has been quiet for six hours.
        private static let moments = [
            "2026-03-06T12:00:00Z", "2026-03-06T16:20:00Z", "2026-03-06T16:30:00Z", "2026-03-06T17:00:00Z",
            "2026-03-07T01:00:00Z", "2026-03-09T02:40:00Z", "2026-03-09T02:50:00Z", "2026-03-09T03:10:00Z",
            "2026-03-09T06:00:00Z", "2026-03-09T11:00:00Z",
        ]
        private static let events = [
            "", "{}", #"{"task":"evaluate"}"#, "schedule.json", "sns-opensearch-alert.json", "a test message, no JSON",
            #"{"source":"usage-anomalies","detail-type":"UsageSignal","detail":{}}"#,
        ]

        private func event(_ name: String) throws -> String {
            guard name.hasSuffix(".json") else { return name }
            return String(decoding: try Folder.bytes(SharedData.packageRoot + "/Events/" + name), as: UTF8.self)
        }

        private func bench(_ settings: [String: String] = [:]) async throws -> ProcessorBench {
            let stack = try await Stack.fresh()
            let catalog = try UsageCatalog.builtIn()
            let received = try #require(EventTime.parse("2026-03-05T00:00:00Z"))
            let trail = StoredTrail(catalog: catalog, directory: AccountDirectory(), receivedAt: received)
            try await trail.load(OpenSearchStoreTests.byHand + "/trail", into: stack)
            let bench = try await ProcessorBench(stack, settings)
            return bench
        }

        @Test func `each incident is opened and resolved once, however often and by whatever it is asked`() async throws
        {
            let bench = try await bench()
            let processor = try bench.processor()
            for (index, moment) in Self.moments.enumerated() {
                try bench.clock.set(moment)
                for turn in 0..<5 {
                    let event = try event(Self.events[(index + turn) % Self.events.count])
                    // A process that has just started beside one that is warm.
                    _ = try await bench.invoke(turn % 2 == 0 ? processor : try bench.processor(), event)
                }
            }
            let sent = try await bench.sent()
            #expect(Set(sent.map(\.incidentId)).count == 2)
            #expect(sent.count { $0.channel == "topic" } == sent.count { $0.channel == "bus" })
            for id in Set(sent.map(\.incidentId)) {
                let kinds = sent.filter { $0.incidentId == id && $0.channel == "topic" }.map(\.kind)
                #expect(kinds.first == "opened")
                #expect(kinds.last == "resolved")
                #expect(kinds.count { $0 == "opened" } == 1)
                #expect(kinds.count { $0 == "resolved" } == 1)
            }
            let kept = try await bench.kept()
            #expect(kept.count == 2)
            #expect(kept.allSatisfy { $0.incident.state == .resolved && $0.thread.claim == nil })
            // The records arrived before it all, so the first evaluation that could see them is not what counts.
            #expect(kept.allSatisfy { EventTime.text($0.incident.detectedAt) == "2026-03-05T00:00:00Z" })
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `one look at the end keeps what a backtest finds, and tells nobody what was over before`()
            async throws
        {
            let bench = try await bench()
            let trail = OpenSearchStoreTests.byHand + "/trail"
            let files = TrailFiles(
                try InputFiles([trail]),
                try UsageCatalog.builtIn(),
                time: .min ... .max,
                workers: 2
            )
            let stages = Stages(
                catalog: try UsageCatalog.builtIn(),
                directory: AccountDirectory(),
                level: 0.6,
                workers: 2
            )
            let expected = try await stages.run(files, Progress())
            bench.clock.now = try #require(expected.counts.timeline.map { expected.counts.lastSecond($0) })
            let answer = try await bench.invoke(try bench.processor())
            #expect(answer["incidents"]?.number == Double(expected.incidents.count))
            let kept = OpenSearchStoreTests.told(try await bench.kept().map(\.incident))
            #expect(kept.count == expected.incidents.count)
            for (one, other) in zip(kept, OpenSearchStoreTests.told(expected.incidents)) { #expect(one == other) }
            #expect(try await bench.sent().isEmpty)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `two at once open one incident and tell of it once`() async throws {
            let bench = try await bench()
            let one = try bench.processor()
            let other = try bench.processor()
            for moment in ["2026-03-06T12:00:00Z", "2026-03-06T16:30:00Z", "2026-03-07T01:00:00Z"] {
                try bench.clock.set(moment)
                for _ in 0..<2 {
                    async let first = bench.invoke(one)
                    async let second = bench.invoke(other)
                    _ = try await (first, second)
                }
            }
            #expect(try await bench.kept().count == 1)
            let told = try await bench.told()
            #expect(told["opened"] == 1)
            #expect(told["resolved"] == 1)
            #expect(try await bench.stack.violations() == [])
        }

        /// Faults that pass by themselves, and those that somebody has to mend.
        @Test(arguments: [
            (#"{"service":"sns","operation":"Publish","times":1,"do":{"error":"AuthorizationError","status":403}}"#, 1),
            (#"{"service":"sns","operation":"Publish","times":2,"do":{"error":"Throttled","status":429}}"#, 0),
            (#"{"service":"sns","operation":"Publish","times":9,"do":{"status":503,"body":"no"}}"#, 2),
            (#"{"service":"sns","operation":"Publish","times":1,"do":{"reset":true}}"#, 0),
            (
                #"{"service":"events","operation":"PutEvents","times":9,"do":{"error":"InternalException","status":500}}"#,
                2
            ),
            (#"{"service":"es","operation":"POST */_search","times":2,"do":{"status":429,"body":"{}"}}"#, 0),
            (#"{"service":"es","operation":"POST */_search","times":2,"do":{"status":503,"body":"{}"}}"#, 0),
            (#"{"service":"es","operation":"POST */_search","times":12,"do":{"status":503,"body":"{}"}}"#, 3),
            (#"{"service":"es","operation":"POST */_search","times":1,"skip":3,"do":{"reset":true}}"#, 0),
            (#"{"service":"es","operation":"POST */_search","times":1,"do":{"truncate":100}}"#, 0),
            (#"{"service":"es","operation":"PUT *","times":1,"do":{"reset":true}}"#, 0),
            (#"{"service":"es","operation":"PUT *","times":1,"do":{"truncate":20}}"#, 0),
            (#"{"service":"es","operation":"PUT *","times":12,"do":{"status":503,"body":"{}"}}"#, 3),
            (
                #"{"service":"es","operation":"*","times":3,"do":{"status":403,"body":"{\"Message\":\"Request throttled due to too many requests\"}"}}"#,
                0
            ),
        ]) func `no fault loses a notice or doubles it`(rule: String, mostFailures: Int) async throws {
            let bench = try await bench()
            let processor = try bench.processor()
            try bench.clock.set("2026-03-06T12:00:00Z")
            _ = try await bench.invoke(processor)
            try bench.clock.set("2026-03-06T16:30:00Z")
            try await bench.stack.play("[\(rule)]")
            var failures = 0
            while true {
                do {
                    _ = try await bench.invoke(processor)
                    break
                } catch {
                    failures += 1
                    try #require(failures <= 10, "\(error)")
                    #expect(!"\(error)".contains("\n"))
                    // As the next schedule would.
                    bench.clock.now += 130
                }
            }
            #expect(failures <= mostFailures)
            _ = try await bench.invoke(processor)
            #expect(try await bench.told("topic")["opened"] == 1)
            #expect(try await bench.told("bus")["opened"] == 1)
            #expect(try await bench.kept().count == 1)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `without time nothing is begun that cannot be ended, and the next one does it`() async throws {
            let bench = try await bench()
            let processor = try bench.processor()
            try bench.clock.set("2026-03-06T12:00:00Z")
            _ = try await bench.invoke(processor)
            try bench.clock.set("2026-03-06T16:30:00Z")
            await #expect(throws: (any Error).self) { try await bench.invoke(processor, seconds: 3) }
            #expect(try await bench.sent().isEmpty)
            _ = try await bench.invoke(processor)
            #expect(try await bench.told() == ["opened": 1])
        }

        /// A few accounts are asked for one by one, many at once are listed.
        @Test(arguments: [1, 16]) func `an incident names its accounts as the organization does`(
            copies: Int
        ) async throws {
            let stack = try await Stack.fresh()
            let organization = try await LargeOrganization(stack, accounts: 24, units: 4)
            let ids = organization.names.filter { $0.value.hasPrefix("account-") }.keys.sorted()
            let bench = try await ProcessorBench(
                stack,
                [
                    "ENABLE_ACCOUNT_ENRICHMENT": "true", "ENABLE_ORG_CONTEXT": "true", "STATE_TABLE": Stack.table,
                    "ORGANIZATION_ID": LargeOrganization.id,
                ]
            )
            try await bench.makeTable()
            // The account of the stolen key, as one or many accounts of the organization.
            let robbed = "403118825570"
            let texts = try LogRecords.folder(OpenSearchStoreTests.byHand + "/trail").texts
                .filter { $0.contains(#""recipientAccountId":"\#(robbed)""#) }
            let trail = StoredTrail(
                catalog: try UsageCatalog.builtIn(),
                directory: AccountDirectory(),
                receivedAt: try #require(EventTime.parse("2026-03-05T00:00:00Z"))
            )
            for id in ids.prefix(copies) {
                let moved = texts.map {
                    $0.replacing(robbed, with: id).replacing(#""eventID":""#, with: #""eventID":"\#(id)-"#)
                }
                try await trail.load(texts: moved, into: stack)
            }
            try bench.clock.set("2026-03-09T03:10:00Z")
            let made = try await stack.counts()
            _ = try await bench.invoke(try bench.processor())
            let accounts = try await bench.kept().flatMap(\.incident.entities).map(\.account)
            #expect(Set(accounts.map(\.id)) == Set(ids.prefix(copies)))
            for account in accounts {
                #expect(account.alias == organization.names[account.id])
                #expect(account.ouPath == organization.unitPaths[account.id])
            }
            let asked = try await stack.counts()
            #expect(asked["organizations.DescribeAccount"] == (copies == 1 ? 1 : nil))
            #expect(
                (asked["organizations.ListAccounts"] ?? 0) - (made["organizations.ListAccounts"] ?? 0)
                    == (copies == 1 ? 0 : 1)
            )
            // Another process finds them in the table.
            _ = try await bench.invoke(try bench.processor())
            let again = try await stack.counts()
            for (name, count) in asked where name.hasPrefix("organizations.") {
                #expect(again[name] == count, "\(name)")
            }
            #expect(try await stack.violations() == [])
        }

        @Test func `what is switched off is said not to have been looked at`() async throws {
            let bench = try await bench(
                ["ENABLE_COST_ANALYSIS": "false", "ENABLE_ROOT_CAUSE_ANALYSIS": "false"]
            )
            try bench.clock.set("2026-03-09T03:10:00Z")
            _ = try await bench.invoke(try bench.processor())
            let key = try #require(try await bench.kept().last?.incident)
            #expect(key.usages == ["ec2-run-instances"])
            #expect(key.cost.basis == "none")
            #expect(key.cost.unpriced == ["cost analysis is switched off (ENABLE_COST_ANALYSIS)"])
            #expect(key.causes.map(\.title) == ["Not looked at"])
        }

        @Test func `checkpoints are in the state table where there is one`() async throws {
            let bench = try await bench(["STATE_TABLE": Stack.table])
            try await bench.makeTable()
            try bench.clock.set("2026-03-06T12:00:00Z")
            let one = try bench.processor()
            let other = try bench.processor()
            _ = try await bench.invoke(one)
            try bench.clock.set("2026-03-06T16:30:00Z")
            async let first = bench.invoke(one)
            async let second = bench.invoke(other)
            _ = try await (first, second)
            #expect(try await bench.told() == ["opened": 1])
            #expect(try await bench.stack.counts()["dynamodb.PutItem"] ?? 0 >= 4)
            #expect(try await bench.stack.search(.get, "/usage-incidents/_doc/checkpoint-evaluation").status == 404)
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `without a domain the state table is the store`() async throws {
            let stack = try await Stack.fresh()
            let bench = try await ProcessorBench(stack, ["STATE_TABLE": Stack.table, "OPENSEARCH_ENDPOINT": ""])
            try await bench.makeTable()
            // The table goes by the clock of signatures, so the records are moved: the stolen key was used an hour ago.
            let now = EventTime.floorDivide(WallTime.now().milliseconds, 1000)
            bench.clock.now = now
            let end = try #require(EventTime.parse("2026-03-09T03:16:19Z"))
            let shift = EventTime.floorDivide(now - 3600 - end, 600) * 600
            let count = try await bench.fillTable(OpenSearchStoreTests.byHand + "/trail", shiftedBy: shift, until: now)
            #expect(count > 60)
            let processor = try bench.processor()
            let answer = try await bench.invoke(processor)
            #expect(answer["opened"]?.number == 1)
            #expect(try await bench.invoke(processor)["opened"]?.number == 0)
            let sent = try await bench.sent()
            #expect(Set(sent.map(\.channel)) == ["topic", "bus"])
            #expect(sent.allSatisfy { $0.kind == "opened" })
            #expect(sent.count == 2)
            #expect(try await stack.counts().keys.allSatisfy { !$0.hasPrefix("es.") })
            #expect(try await stack.violations() == [])
        }
    }
}
