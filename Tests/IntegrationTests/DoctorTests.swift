@testable import AWSAccess
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

extension IntegrationTests {
    /// `anomalyctl doctor`, on a deployment that is well, one that is not, and one that may not be looked at.
    @Suite struct DoctorTests {
        private static let account = "123456789012"
        private static let names = [
            "MultiAccountLogsFunction", "CrossAccountAnomalyProcessorFunction", "QBusinessConnectorFunction",
        ]

        private func doctor(
            _ stack: Stack,
            _ settings: [String: String] = [:],
            _ options: String = ""
        ) throws
            -> ProgramRun
        {
            let variables = stack.environment(settings).map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
            return try ProgramRun(
                shell: "env \(variables) '\(ProgramRun.anomalyctl)' doctor --packages /none --format json \(options)"
            )
        }

        /// Reports by check.
        private func reports(_ run: ProgramRun) throws -> [String: AWSAccess.JSONValue] {
            try run.output.split(separator: "\n").reduce(into: [:]) { all, line in
                let report = JSONValue(Array(line.utf8))
                all[try #require(report?["check"]?.string)] = report
            }
        }

        private func states(_ run: ProgramRun) throws -> [String: String] {
            try reports(run).mapValues { $0["state"]?.string ?? "" }
        }

        /// What the stand-in cannot imitate: functions, and metrics that came from somewhere.
        private func rules(_ environment: [String: String]) -> String {
            let variables = environment.map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ",")
            let modified = EventTime.text(WallTime.now().milliseconds / 1000 - 86400).dropLast() + ".000+0000"
            let configuration =
                #"{"FunctionArn":"arn:aws:lambda:us-east-1:\#(Self.account):function:f","State":"Active","LastUpdateStatus":"Successful","#
                + #""LastModified":"\#(modified)","CodeSha256":"x","Architectures":["x86_64"],"MemorySize":512,"Environment":{"Variables":{\#(variables)}}}"#
            let check = #"{\"check\":\"account-enrichment\",\"ok\":true,\"summary\":\"account enrichment works\"}"#
            var metrics: [String] = []
            for function in Self.names.indices {
                metrics.append(#"{"Id":"f\#(function)_Invocations","Timestamps":[1767312000],"Values":[12]}"#)
            }
            return "["
                + [
                    #"{"service":"lambda","operation":"GetFunctionConfiguration","do":{"output":\#(configuration)}}"#,
                    #"{"service":"lambda","operation":"ListEventSourceMappings","do":{"output":{}}}"#,
                    #"{"service":"lambda","operation":"GetFunctionEventInvokeConfig","do":{"output":{}}}"#,
                    #"{"service":"lambda","operation":"Invoke","do":{"status":200,"body":"\#(check)"}}"#,
                    #"{"service":"monitoring","operation":"GetMetricData","do":{"output":{"MetricDataResults":[\#(metrics.joined(separator: ","))]}}}"#,
                    #"{"service":"cloudwatch","operation":"GetMetricData","do":{"output":{"MetricDataResults":[\#(metrics.joined(separator: ","))]}}}"#,
                    #"{"service":"logs","operation":"DescribeSubscriptionFilters","do":{"output":{"subscriptionFilters":[{"filterName":"usage","filterPattern":"","destinationArn":"arn:aws:lambda:us-east-1:\#(Self.account):function:\#(Self.names[0])"}]}}}"#,
                    #"{"service":"cloudtrail","operation":"DescribeTrails","do":{"output":{"trailList":[{"Name":"org-trail-usage","TrailARN":"arn:aws:cloudtrail:us-east-1:\#(Self.account):trail/org-trail-usage","HomeRegion":"us-east-1","IsOrganizationTrail":true,"IsMultiRegionTrail":true,"CloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:\#(Self.account):log-group:trail:*"}]}}}"#,
                    #"{"service":"cloudtrail","operation":"GetTrailStatus","do":{"output":{"IsLogging":true}}}"#,
                    #"{"service":"cloudtrail","operation":"GetEventSelectors","do":{"output":{"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true}]}}}"#,
                ].joined(separator: ",") + "]"
        }

        private func json(
            _ stack: Stack,
            _ service: String,
            _ target: String,
            _ operation: String,
            _ input: AWSAccess.JSONValue
        ) async throws -> AWSAccess.JSONValue {
            let identity = ServiceIdentity(name: service, endpointKey: service, hostPrefix: service)
            return try await AWSService(identity, session: try stack.session()).json(
                operation,
                JSONDialect(version: "1.0", target: target),
                input,
                isSafeToRepeat: false,
                deadline: .now + .seconds(30)
            )
        }

        private func sns(_ stack: Stack, _ form: String) async throws -> XMLText {
            let session = try stack.session()
            let identity = ServiceIdentity(name: "sns", endpointKey: "sns", hostPrefix: "sns")
            let request = HTTPRequest(
                .post,
                session.endpoint(of: identity),
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array("Version=2010-03-31&\(form)".utf8)
            )
            return XMLText(
                try await AWSService(identity, session: session)
                    .send("setup", request, deadline: .now + .seconds(30)).response.body
            )
        }

        /// A queue, a topic with a receiver, a table with a ledger and checkpoints.
        private func deploy(_ stack: Stack) async throws -> [String: String] {
            let queue = try await json(stack, "sqs", "AmazonSQS", "CreateQueue", ["QueueName": "letters"])
            let topic = try #require(try await sns(stack, "Action=CreateTopic&Name=alerts")["TopicArn"])
            let arn = topic.replacing(":", with: "%3A")
            _ = try await sns(stack, "Action=Subscribe&TopicArn=\(arn)&Protocol=sms&Endpoint=%2B15551234567")
            let settings = [
                "STATE_TABLE": Stack.table, "DEAD_LETTER_QUEUE_URL": try #require(queue["QueueUrl"]?.string),
                "NOTIFICATION_TOPIC_ARN": topic, "ORGANIZATION_ID": "o-a1b2c3d4e5",
                "Q_APPLICATION_ID": String(repeating: "a", count: 36), "Q_INDEX_ID": String(repeating: "b", count: 36),
            ]
            let input: AWSAccess.JSONValue = [
                "TableName": .string(Stack.table), "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [
                    ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "sk", "KeyType": "RANGE"],
                ],
                "AttributeDefinitions": [
                    ["AttributeName": "pk", "AttributeType": "S"], ["AttributeName": "sk", "AttributeType": "S"],
                ],
            ]
            _ = try await json(stack, "dynamodb", "DynamoDB_20120810", "CreateTable", input)
            let checkpoints = TableCheckpoints(
                session: try stack.session(),
                table: Stack.table,
                deadline: .now + .seconds(30)
            )
            let now = EventTime.text(WallTime.now().milliseconds / 1000 - 60)
            _ = try await checkpoints.keep(
                #"{"watchedSince":"2026-01-01T00:00:00Z","evaluatedAt":"\#(now)"}"#,
                as: "evaluation",
                replacing: nil
            )
            _ = try await checkpoints.keep(
                #"{"checkpoint":"connector","through":"\#(now)","sweptAt":"\#(now)","put":{}}"#,
                as: "connector",
                replacing: nil
            )
            return settings
        }

        /// A day's records in the domain, and what the ledger would say of them.
        private func ingest(_ stack: Stack, _ settings: [String: String]) async throws {
            let records = try LogRecords.simulated()
            let run = try stack.run(
                "MultiAccountLogs",
                try records.events(2000).map { String(decoding: $0, as: UTF8.self) },
                environment: stack.environment(["ENABLE_ACCOUNT_ENRICHMENT": "false"])
            )
            #expect(run.code == 0, "\(run.messages.suffix(1000))")
            let told = try Settings(environment: settings)
            let table = StateTable(
                session: try stack.session(),
                table: Stack.table,
                catalog: told.catalog,
                retentionDays: told.retentionDays
            )
            var counts = IngestReport()
            counts.received = records.texts.count
            counts.stored = records.texts.count
            try await table.enter(
                ["o-x_111122223333_CloudTrail_us-east-1": counts],
                receivedAt: WallTime.now().milliseconds / 1000,
                invocation: Digest128(of: "one"),
                deadline: .now + .seconds(30)
            )
        }

        @Test func `a deployment that is whole is found well, from its functions' settings alone`() async throws {
            let stack = try await Stack.fresh()
            let settings = try await deploy(stack)
            try await ingest(stack, settings)
            _ = try await stack.search(.post, "/usage-*/_refresh")
            let variables = stack.environment().map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
            let provision = try ProgramRun(
                shell:
                    "env \(variables) '\(ProgramRun.anomalyctl)' provision --topic arn:aws:sns:us-east-1:\(Self.account):alerts"
            )
            #expect(provision.code == 0, "\(provision.output) \(provision.messages)")
            try await stack.play(rules(settings.merging(["OPENSEARCH_ENDPOINT": "\(stack.aws)"]) { $1 }))

            let run = try doctor(stack, ["OPENSEARCH_ENDPOINT": ""])
            #expect(run.code == 0, "\(run.output) \(run.messages)")
            let states = try states(run)
            #expect(states.count == 16)
            // There is no package beside the deployment, whose libraries then cannot be known.
            #expect(states.filter { $0.value != "ok" } == ["packages": "unknown"], "\(run.output)")
            #expect(try reports(run)["settings"]?["observed"]?.string?.hasSuffix("from 3 deployed functions") == true)
            #expect(run.messages.hasSuffix("16 checks: 1 unknown, 15 ok\n"))
            #expect(!run.output.contains("AWS_SECRET") && !run.output.contains("testing"))
            #expect(try await stack.violations() == [])
        }

        @Test func `a deployment that lacks something is broken, and each check says it by itself`() async throws {
            let stack = try await Stack.fresh()
            _ = try await stack.search(.delete, "/_index_template/usage-records")
            let settings = ["STATE_TABLE": "none", "DEAD_LETTER_QUEUE_URL": "\(stack.aws)/123456789012/none"]
            let run = try doctor(stack, settings)
            #expect(run.code == 1)
            let states = try states(run)
            for name in ["trail", "intake", "functions", "errors", "domain", "channel", "queues"] {
                #expect(states[name] == "broken", "\(name): \(run.output)")
            }
            // A table that is not there cannot be looked at; the others go on.
            #expect(states["ledger"] == "unknown" && states["evaluation"] == "unknown")
            #expect(states["credentials"] == "ok" && states["settings"] == "ok" && states["costs"] == "ok")
            #expect(states["sync"] == "off")
            #expect(try await stack.violations() == [])

            let trail = try doctor(stack, settings, "--only trail")
            #expect(trail.code == 1 && trail.output.split(separator: "\n").count == 1)
            #expect(try doctor(stack, settings, "--only credentials,costs").code == 0)
            #expect(try doctor(stack, settings, "--only trial").code == 2)
        }

        @Test func `what the caller may not see is not known, and is not called broken`() async throws {
            let stack = try await Stack.fresh()
            try await stack.play(
                #"[{"service":"es","operation":"*","do":{"status":403,"body":"{\"Message\":\"not authorized\"}"}},"#
                    + #"{"service":"*","operation":"*","do":{"error":"AccessDeniedException","status":403}}]"#
            )
            let topic = "arn:aws:sns:us-east-1:\(Self.account):alerts"
            let settings = [
                "NOTIFICATION_TOPIC_ARN": topic, "STATE_TABLE": "usage-state",
                "DEAD_LETTER_QUEUE_URL": "\(stack.aws)/\(Self.account)/letters",
            ]
            let run = try doctor(stack, settings)
            let states = try states(run)
            for (name, state) in states where !["settings", "credentials", "sync", "organization"].contains(name) {
                #expect(state == "unknown", "\(name) \(run.output)")
            }
            #expect(states["organization"] == "warning")
            // Whose credentials these are is what everyone may ask.
            #expect(states["credentials"] == "broken" && run.code == 1)
            #expect(try doctor(stack, settings, "--only trail,functions,domain,channel").code == 0)
            #expect(try await stack.violations() == [])
        }

        @Test func `a service that is silent costs its own check its time and no other`() async throws {
            let stack = try await Stack.fresh()
            try await stack.play(#"[{"service":"cloudtrail","do":{"hang":30}}]"#)
            let start = ContinuousClock.now
            let run = try doctor(stack, [:], "--timeout 2 --only credentials,trail,costs")
            #expect(ContinuousClock.now - start < .seconds(15))
            let states = try states(run)
            #expect(states == ["credentials": "ok", "trail": "unknown", "costs": "ok"], "\(run.output)")
            #expect(run.code == 0)
        }
    }
}
