@testable import AWSAccess
import TestSupport
import Testing

extension StrictTests {
    @Suite("Q Business, Bedrock, Lambda, CloudWatch, Cost Explorer and Secrets Manager")
    struct InsightTests {
        private let aws: StrictAWS
        private let application = "a1b2c3d4-0000-4000-8000-000000000001"
        private let index = "a1b2c3d4-0000-4000-8000-000000000002"

        init() throws { aws = try StrictTests.aws.get() }

        private func document(_ number: Int) -> QBusiness.Document {
            QBusiness.Document(
                id: "incident/\(number)",
                title: "[HIGH] EC2 RunInstances \u{1F600}",
                contentType: .markdown,
                content: Array("# é \(number)\n".utf8),
                attributes: [
                    "_created_at": .date(WallTime(milliseconds: 1_767_312_000_999)), "severity": .string("HIGH"),
                    "accounts": .strings(["111122223333"]), "score": .integer(7),
                ]
            )
        }

        @Test func `documents are put in tens and those refused are told apart`() async throws {
            let failed = #"""
                [{"service":"qbusiness","operation":"BatchPutDocument","skip":1,"times":1,"do":{"output":{"failedDocuments":
                [{"id":"incident/12","error":{"errorCode":"InvalidRequest","errorMessage":"m"}}]}}}]
                """#
            let connector = QBusiness(session: try await aws.session(rules: failed), application: application)
            let failures = await connector.putDocuments((0..<25).map(document), index: index, deadline: far)
            #expect(
                failures == [
                    EntryFailure(
                        index: 12,
                        cause: .refused(code: "InvalidRequest", message: "m", isSendersFault: true)
                    )
                ]
            )
            #expect(await connector.deleteDocuments(["incident/1", "x"], index: index, deadline: far).isEmpty)
            #expect(
                try await aws.counts() == ["qbusiness.BatchPutDocument": 3, "qbusiness.BatchDeleteDocument": 1]
            )
            #expect(try await aws.violations() == [])
        }

        @Test(
            "a call that fails as a whole ends the batches and names every document left",
            arguments: [
                ("ServiceQuotaExceededException", 402, .quotaExceeded, 1), ("ConflictException", 409, .conflict, 1),
                ("ThrottlingException", 429, .throttled, 4), ("AccessDeniedException", 403, .accessDenied, 1),
            ] as [(String, Int, ServiceRefusal.Kind, Int)]
        )
        func refusedAsAWhole(code: String, status: Int, kind: ServiceRefusal.Kind, requests: Int) async throws {
            let session = try await aws.session(
                rules: #"[{"service":"qbusiness","do":{"error":"\#(code)","status":\#(status)}}]"#
            )
            let connector = QBusiness(session: session, application: application)
            let failures = await connector.putDocuments((0..<12).map(document), index: index, deadline: far)
            #expect(failures.map(\.index) == Array(0..<12))
            for failure in failures {
                guard case .failed(let reason) = failure.cause else {
                    Issue.record("\(failure)")
                    continue
                }
                #expect(reason.kind == kind)
            }
            #expect(try await aws.counts()["qbusiness.BatchPutDocument"] == requests)
        }

        @Test func `states of documents are listed over pages`() async throws {
            let page = { (detail: String, next: String) in
                #"{"service":"qbusiness","operation":"ListDocuments","times":1,"do":{"output":{"documentDetailList":["#
                    + #"{\#(detail)}]\#(next)}}}"#
            }
            let indexed = #""documentId":"a","status":"INDEXED","createdAt":1767312000,"updatedAt":1767312300.5"#
            let failed =
                #""documentId":"b","status":"DOCUMENT_FAILED_TO_INDEX","createdAt":1767312000,"error":{"errorMessage":"m"}"#
            let session = try await aws.session(
                rules: "[\(page(indexed, #","nextToken":"t+/=""#)),\(page(failed, ""))]"
            )
            let details = try await QBusiness(session: session, application: application)
                .documents(index: index, deadline: far)
            #expect(details.map(\.id) == ["a", "b"])
            #expect(details.map(\.status) == ["INDEXED", "DOCUMENT_FAILED_TO_INDEX"])
            #expect(details.map { $0.updatedAt?.milliseconds } == [1_767_312_300_500, 1_767_312_000_000])
            #expect(details.map(\.error) == [nil, "m"])
            #expect(try await aws.violations() == [])
        }

        @Test func `a list whose page leads to itself ends there`() async throws {
            let session = try await aws.session(
                rules: #"""
                    [{"service":"qbusiness","operation":"ListDocuments","do":{"output":{"documentDetailList":
                    [{"documentId":"a","status":"INDEXED"}],"nextToken":"same"}}}]
                    """#
            )
            let details = try await QBusiness(session: session, application: application)
                .documents(index: index, deadline: far)
            #expect(details.allSatisfy { $0.id == "a" })
            #expect(try await aws.counts() == ["qbusiness.ListDocuments": 2])
        }

        @Test func `a question is answered with sources and goes on`() async throws {
            let id = "a1b2c3d4-0000-4000-8000-000000000003"
            let message = "a1b2c3d4-0000-4000-8000-000000000004"
            let session = try await aws.session(
                rules: #"""
                    [{"service":"qbusiness","operation":"ChatSync","do":{"output":{"systemMessage":"47 instances",
                    "conversationId":"\#(id)","systemMessageId":"\#(message)","userMessageId":"\#(message)",
                    "sourceAttributions":[{"title":"T","snippet":"S","documentId":"incident/1"}]}}}]
                    """#
            )
            let connector = QBusiness(session: session, application: application)
            let first = try await connector.chat("What happened?\n\u{1F600}", token: "t-1", deadline: far)
            #expect(first.text == "47 instances")
            #expect(first.conversation == .init(id: id, lastMessageId: message))
            #expect(first.sources.map(\.documentId) == ["incident/1"])
            _ = try await connector.chat("And then?", conversation: first.conversation, deadline: far)
            #expect(try await aws.violations() == [])
        }

        @Test func `a model is asked, again if throttled, and its blocks are joined`() async throws {
            let session = try await aws.session(
                rules: #"""
                    [{"service":"bedrock-runtime","operation":"Converse","skip":0,"times":1,"do":{"error":"ThrottlingException","status":429}},
                    {"service":"bedrock-runtime","operation":"Converse","do":{"output":{"output":{"message":{"role":"assistant",
                    "content":[{"text":"One "},{"text":"two."}]}},"stopReason":"end_turn",
                    "usage":{"inputTokens":11,"outputTokens":3,"totalTokens":14},"metrics":{"latencyMs":1}}}}]
                    """#
            )
            let reply = try await Bedrock(session: session).converse(
                "Rephrase: \u{202E}x",
                system: "You rewrite.",
                model: "anthropic.claude-3-haiku-20240307-v1:0",
                mostTokens: 800,
                deadline: far
            )
            #expect(reply == .init(text: "One two.", stopReason: "end_turn", inputTokens: 11, outputTokens: 3))
            #expect(try await aws.counts() == ["bedrock-runtime.Converse": 2])
            #expect(try await aws.violations() == [])
        }

        @Test func `an event is queued and a function's own error is an outcome`() async throws {
            let session = try await aws.session(
                rules: #"""
                    [{"service":"lambda","operation":"Invoke","times":1,"do":{"status":202,"body":""}},
                     {"service":"lambda","operation":"Invoke","times":1,"do":{"status":200,"body":"{\"errorMessage\":\"m\"}",
                      "headers":{"X-Amz-Function-Error":"Unhandled"}}},
                     {"service":"lambda","operation":"Invoke","do":{"error":"TooManyRequestsException","status":429}}]
                    """#
            )
            let lambda = Lambda(session: session)
            let function = "arn:aws:lambda:us-east-1:111122223333:function:CrossAccountAnomalyProcessorFunction:live"
            let queued = try await lambda.invoke(function, payload: Array("{}".utf8), mode: .event, deadline: far)
            #expect(queued == .init(payload: [], functionError: nil))
            let failed = try await lambda.invoke("f", payload: [], mode: .requestResponse, deadline: far)
            #expect(failed.functionError == "Unhandled" && failed.payload.count == 20)
            await #expect {
                _ = try await lambda.invoke("f", payload: [], mode: .requestResponse, deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .throttled }
            #expect(try await aws.counts() == ["lambda.Invoke": 6])
            #expect(try await aws.violations() == [])
        }

        @Test func `metrics are read over pages in the order of time`() async throws {
            let page = { (rest: String) in
                #"{"service":"cloudwatch","operation":"GetMetricData","times":1,"do":{"output":{"MetricDataResults":[\#(rest)}}}"#
            }
            let session = try await aws.session(
                rules: "["
                    + page(
                        #"{"Id":"a","Timestamps":[1767312000.0,1767312300],"Values":[1.5,2]},{"Id":"b","Timestamps":[],"Values":[]}],"NextToken":"n""#
                    ) + ","
                    + page(#"{"Id":"a","Timestamps":[1767312600],"Values":[3]}]"#) + "]"
            )
            let query = { (id: String, account: String?) in
                CloudWatch.Query(
                    id: id,
                    namespace: "AWS/Lambda",
                    metric: "Invocations",
                    dimensions: ["FunctionName": "f"],
                    statistic: "Sum",
                    periodSeconds: 300,
                    account: account
                )
            }
            let series = try await CloudWatch(session: session).metricData(
                [query("a", nil), query("b", "111122223333")],
                from: WallTime(milliseconds: 1_767_312_000_000),
                to: WallTime(milliseconds: 1_767_312_900_000),
                deadline: far
            )
            #expect(series["a"]?.map(\.value) == [1.5, 2, 3])
            #expect(series["a"]?.map(\.time.milliseconds) == [1_767_312_000_000, 1_767_312_300_000, 1_767_312_600_000])
            #expect(series["b"] == [])
            #expect(try await aws.violations() == [])
        }

        @Test func `metrics of a live imitation are readable`() async throws {
            let session = try await aws.session()
            let query = CloudWatch.Query(
                id: "a",
                namespace: "AWS/Lambda",
                metric: "Invocations",
                dimensions: [:],
                statistic: "Sum",
                periodSeconds: 300
            )
            let end = WallTime.now()
            let series = try await CloudWatch(session: session)
                .metricData([query], from: end.adding(seconds: -3600), to: end, deadline: far)
            #expect(series == ["a": []])
            #expect(try await aws.violations() == [])
        }

        @Test func `costs are read with and without groups`() async throws {
            let rule = { (period: String) in
                #"{"service":"ce","operation":"GetCostAndUsage","times":1,"do":{"output":{"ResultsByTime":[{"TimePeriod":"#
                    + #"{"Start":"2026-01-01","End":"2026-01-02"},"Estimated":true,\#(period)}]"#
            }
            let total = #""Total":{"UnblendedCost":{"Amount":"0.10000000001","Unit":"USD"}},"Groups":[]"#
            let group =
                #""Total":{},"Groups":[{"Keys":["111122223333","Amazon EC2"],"Metrics":{"UnblendedCost":{"Amount":"3","Unit":"USD"}}}]"#
            let session = try await aws.session(
                rules: "[\(rule(total))}}},\(rule(group)),\"NextPageToken\":\"n\"}}},\(rule(group))}}}]"
            )
            let costs = CostExplorer(session: session)
            let sum = try await costs.costAndUsage(.init(start: "2026-01-01", end: "2026-01-02"), deadline: far)
            #expect(
                sum == [.init(start: "2026-01-01", keys: [], amount: "0.10000000001", unit: "USD", isEstimated: true)]
            )
            let query = CostExplorer.Query(
                start: "2026-01-01",
                end: "2026-01-02",
                groupBy: ["LINKED_ACCOUNT", "SERVICE"],
                filter: ["LINKED_ACCOUNT": ["111122223333"], "SERVICE": ["Amazon EC2"]]
            )
            let groups = try await costs.costAndUsage(query, deadline: far)
            #expect(groups.map(\.keys) == [["111122223333", "Amazon EC2"], ["111122223333", "Amazon EC2"]])
            #expect(try await aws.violations() == [])
        }

        @Test func `a secret is read, and none is a failure without a guess at it`() async throws {
            let session = try await aws.session(
                rules: #"""
                    [{"service":"secretsmanager","times":1,"do":{"output":{"ARN":"arn:aws:secretsmanager:us-east-1:1:secret:s",
                    "Name":"s","SecretString":"https://hooks.example.com/x"}}}]
                    """#
            )
            let secrets = SecretsManager(session: session)
            #expect(try await secrets.secretText("s", deadline: far) == "https://hooks.example.com/x")
            await #expect {
                _ = try await secrets.secretText("none", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            #expect(try await aws.violations() == [])
        }
    }
}
