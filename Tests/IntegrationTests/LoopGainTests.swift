import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

extension IntegrationTests {
    /// What MultiAccountLogs does is in the trail that it reads: for a thousand records it must cause far fewer, or it would feed on itself.
    ///
    /// A trail records management events by default: calls of Organizations, STS, Secrets Manager and the like. Items of DynamoDB, messages of
    /// SQS, objects of S3, PutEvents and Lambda's Invoke are data events, which somebody has to turn on and pay for (CloudTrail User
    /// Guide, "Logging data events"); requests to a domain's own endpoint are in no trail. Here all of them are counted as if they were,
    /// and for each new process what Lambda does for it: it assumes the role and makes a log stream.
    @Suite struct LoopGainTests {
        private static let accounts = 20
        private static let size = 1000
        private static let warm = 5
        /// AssumeRole and CreateLogStream.
        private static let perProcess = 2
        private static let dataPlanes: Set<String> = ["dynamodb", "sqs", "s3", "events", "lambda"]

        /// A thousand records of ordinary accounts: some watched, some of our own functions, some that no store takes.
        private func event(_ ids: [String], _ turn: Int) throws -> String {
            let time = EventTime.text(WallTime.now().milliseconds / 1000 - 1800)
            let texts = (0..<Self.size).map { index -> String in
                let account = ids[index % ids.count]
                let isOwn = index % 10 == 1
                let call =
                    switch (index % 25 <= 1, isOwn) {
                    case (true, true): #""eventSource":"lambda.amazonaws.com","eventName":"Invoke""#
                    case (true, false): #""eventSource":"iam.amazonaws.com","eventName":"CreateAccessKey""#
                    case (false, _): #""eventSource":"s3.amazonaws.com","eventName":"ListBuckets""#
                    }
                let session = isOwn ? "MultiAccountLogsFunction" : "worker"
                let record =
                    #"{"eventVersion":"1.11","eventID":"00000000-0000-4000-8000-0000\#(10_000_000 + turn * Self.size + index)","#
                    + #""eventTime":"\#(time)",\#(call),"awsRegion":"us-east-1","recipientAccountId":"\#(account)","#
                    + #""userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::\#(account):assumed-role/r/\#(session)"}}"#
                return index % 200 == 7 ? String(record.dropLast(20)) : record
            }
            let event = try #require(try LogRecords(texts: texts).events(Self.size).first)
            return String(decoding: event, as: UTF8.self)
        }

        /// Calls that a trail would record by default, and all that it could be told to.
        private func caused(_ log: some Sequence<AWSAccess.JSONValue>) -> (byDefault: Int, atMost: Int) {
            let services = log.compactMap { $0["service"]?.string }
            let calls = services.filter { $0 != "es" }
            return (calls.count { !Self.dataPlanes.contains($0) }, calls.count)
        }

        @Test func `a thousand records cause a few, in a new process and in one at work`() async throws {
            let bench = try await LogsBench([
                "ENABLE_ACCOUNT_ENRICHMENT": "true", "ENABLE_ORG_CONTEXT": "true",
                "ORGANIZATION_ID": LargeOrganization.id, "STATE_TABLE": Stack.table,
                "EARLY_SIGNAL_TARGET": "arn:aws:events:us-east-1:123456789012:event-bus/default",
            ])
            try await ProcessorBench(bench.stack).makeTable()
            let organization = try await LargeOrganization(bench.stack, accounts: Self.accounts, units: 4)
            let ids = organization.unitPaths.keys.sorted()
            func run(_ turns: Range<Int>) async throws -> (byDefault: Int, atMost: Int) {
                let before = try await bench.stack.log().count
                let events = try turns.map { try event(ids, $0) }
                let run = try bench.stack.run("MultiAccountLogs", events, environment: bench.environment)
                #expect(run.code == 0, "\(run.messages.prefix(2000))")
                #expect(run.replies.map { $0["received"]?.int } == turns.map { _ in Self.size })
                #expect(run.replies.allSatisfy { ($0["own"]?.int ?? 0) > 0 && ($0["deadLettered"]?.int ?? 0) > 0 })
                return caused(try await bench.stack.log().dropFirst(before))
            }
            // A process that knows nothing, and an empty table: every account is asked for.
            let cold = try await run(0..<1)
            // Another new process, which finds the accounts in the table, and goes on.
            let next = try await run(1..<2 + Self.warm)
            let perThousand = Double(next.atMost) / Double(Self.warm + 1)
            print(
                "loop: 1,000 records cause \(cold.byDefault + Self.perProcess) by default and "
                    + "\(cold.atMost + Self.perProcess) at most in the very first process; "
                    + "\(Double(next.byDefault) / Double(Self.warm + 1)) and \(perThousand) afterwards"
            )
            // Gains are these over 1,000; far below one, and below a tenth even where all is recorded and nothing is known yet.
            #expect(cold.byDefault > 0 && cold.byDefault + Self.perProcess < Self.size / 10)
            #expect(cold.atMost + Self.perProcess < Self.size / 5)
            #expect(next.byDefault == 0)
            #expect(perThousand < Double(Self.size) / 10)

            let documents = try await bench.documents()
            for document in documents.values {
                let arn = document["userIdentity"]?["arn"]?.string ?? ""
                #expect(document["self"] == .bool(arn.hasSuffix("/MultiAccountLogsFunction")))
            }
            #expect(try await bench.stack.violations() == [])
        }

        @Test func `what our own functions did is stored as such and counted nowhere`() async throws {
            let bench = try await LogsBench(["STATE_TABLE": Stack.table])
            try await ProcessorBench(bench.stack).makeTable()
            let ids = ["111122223333"]
            let texts = try (0..<3).map { try event(ids, $0) }
            let run = try bench.stack.run("MultiAccountLogs", texts, environment: bench.environment)
            #expect(run.code == 0, "\(run.messages.prefix(2000))")
            let documents = try await bench.documents().values
            let own = documents.count { $0["self"] == .bool(true) }
            #expect(own == run.replies.reduce(0) { $0 + ($1["own"]?.int ?? 0) } && own > 200)
            let watched = documents.count { $0["self"] == .bool(false) && $0["usage"] != nil }
            #expect(watched > 0)
            let home = OpenSearchStore.Home(
                session: try bench.stack.session(),
                endpoint: bench.stack.aws,
                catalog: try UsageCatalog.builtIn(),
                evaluationSeconds: 4800,
                now: { WallTime.now().milliseconds / 1000 }
            )
            let store = home.store(until: .now + .seconds(60))
            let counts = try await store.counts(Progress())
            #expect(counts.watchedCount == watched)
            // Whether records come is told by all of them.
            let activity = try await store.activity(of: counts, Progress())
            #expect(
                activity.records(of: activity.places.keys, on: (WallTime.now().milliseconds / 1000 - 1800) / 86400)
                    == documents.count
            )
            #expect(try await bench.stack.violations() == [])
        }
    }
}
