@testable import AWSAccess
import TestSupport
import Testing

extension StrictTests {
    @Suite("SNS, SQS and EventBridge")
    struct MessagingTests {
        private let aws: StrictAWS

        init() throws { aws = try StrictTests.aws.get() }

        /// Makes what messages go to; the product never does.
        private func call(_ session: AWSSession, _ service: String, _ form: String) async throws -> XMLText {
            let identity = ServiceIdentity(name: service, endpointKey: service, hostPrefix: service)
            let request = HTTPRequest(
                .post,
                session.endpoint(of: identity),
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array(form.utf8)
            )
            let answer = try await AWSService(identity, session: session).send("setup", request, deadline: far)
            return XMLText(answer.response.body)
        }

        private func topic(_ session: AWSSession) async throws -> String {
            try #require(try await call(session, "sns", "Action=CreateTopic&Version=2010-03-31&Name=t")["TopicArn"])
        }

        private func queue(rules: String = "[]") async throws -> (sqs: SQS, url: String) {
            let session = try await aws.session()
            let identity = ServiceIdentity(name: "SQS", endpointKey: "SQS", hostPrefix: "sqs")
            let output = try await AWSService(identity, session: session).json(
                "CreateQueue",
                JSONDialect(version: "1.0", target: "AmazonSQS"),
                ["QueueName": "dead-letters"],
                isSafeToRepeat: true,
                deadline: far
            )
            let faulty = try await aws.session(rules: rules, keeping: true)
            return (SQS(session: faulty), try #require(output["QueueUrl"]?.string))
        }

        @Test func `a notification with hostile text is taken as it is`() async throws {
            let session = try await aws.session()
            let id = try await SNS(session: session).publish(
                "line\n\u{1B}[31m & = % + \u{1F600} <!channel>",
                topicArn: try await topic(session),
                subject: "[HIGH] two\r\nlines & more",
                attributes: ["severity": "HIGH", "account.type": "production"],
                deadline: far
            )
            #expect(!id.isEmpty)
            #expect(try await aws.violations() == [])
        }

        @Test func `a topic that is denied or gone is told apart`() async throws {
            let denied = try await aws.session(
                rules: #"[{"service":"sns","operation":"Publish","do":{"error":"AuthorizationError","status":403}}]"#
            )
            await #expect {
                try await SNS(session: denied).publish("m", topicArn: "arn:aws:sns:us-east-1:1:t", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .accessDenied }
            let session = try await aws.session()
            await #expect {
                let arn = "arn:aws:sns:us-east-1:123456789012:none"
                try await SNS(session: session).publish("m", topicArn: arn, deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            #expect(try await aws.violations() == [])
        }

        @Test func `messages come back as they were sent and are gone once deleted`() async throws {
            let (sqs, url) = try await queue()
            let bodies = (0..<23).map { "{\"n\":\($0),\"text\":\"a\\u0000 \u{1F600} \u{202E}\"}" }
            #expect(await sqs.sendMessages(bodies, queueURL: url, deadline: far).isEmpty)
            try await sqs.sendMessage("single", queueURL: url, deadline: far)
            var received: [String] = []
            while true {
                let messages = try await sqs.receiveMessages(queueURL: url, visibilitySeconds: 60, deadline: far)
                if messages.isEmpty { break }
                #expect(messages.allSatisfy { $0.receiveCount == 1 })
                received += messages.map(\.body)
                #expect(await sqs.deleteMessages(messages, queueURL: url, deadline: far).isEmpty)
            }
            #expect(received.sorted() == (bodies + ["single"]).sorted())
            #expect(try await aws.counts()["sqs.SendMessageBatch"] == 3)
            #expect(try await aws.violations() == [])
        }

        @Test func `batches stay below what SQS takes and what is longer is handed back`() async throws {
            let (sqs, url) = try await queue()
            let long = String(repeating: "x", count: 100_000)
            let tooLong = String(repeating: "x", count: SQS.largestMessage + 1)
            let failures = await sqs.sendMessages(
                [long, long, tooLong, long, long, long],
                queueURL: url,
                deadline: far
            )
            #expect(
                failures == [
                    EntryFailure(index: 2, cause: .tooLarge(bytes: tooLong.utf8.count, limit: SQS.largestMessage))
                ]
            )
            #expect(try await aws.counts()["sqs.SendMessageBatch"] == 3)
            #expect(try await aws.violations() == [])
        }

        @Test func `an entry that fails is sent again or handed back, the others are done`() async throws {
            let passing = #"{"Id":"1","Code":"InternalError","SenderFault":false}"#
            let final = #"{"Id":"0","Code":"InvalidMessageContents","Message":"m","SenderFault":true}"#
            let rule = { (failed: String) in
                #"{"service":"sqs","operation":"SendMessageBatch","times":1,"do":{"output":{"Successful":[],"Failed":["#
                    + failed + "]}}}"
            }
            let (sqs, url) = try await queue(rules: "[\(rule(final + "," + passing)),\(rule(passing))]")
            let failures = await sqs.sendMessages(["a", "b", "c"], queueURL: url, deadline: far)
            #expect(
                failures == [
                    EntryFailure(
                        index: 0,
                        cause: .refused(code: "InvalidMessageContents", message: "m", isSendersFault: true)
                    )
                ]
            )
            #expect(try await sqs.receiveMessages(queueURL: url, deadline: far).map(\.body) == ["b"])
            #expect(try await aws.violations() == [])
        }

        @Test func `a queue that is gone gives back every entry with the reason`() async throws {
            let session = try await aws.session()
            let url = "https://sqs.us-east-1.amazonaws.com/123456789012/none"
            let failures = await SQS(session: session).sendMessages(["a", "b"], queueURL: url, deadline: far)
            #expect(failures.map(\.index) == [0, 1])
            for failure in failures {
                guard case .failed(let reason) = failure.cause else {
                    Issue.record("\(failure)")
                    continue
                }
                #expect(reason.kind == .notFound)
            }
        }

        @Test func `events are put in tens and those refused are told apart`() async throws {
            let entry = { (code: String) in #"{"ErrorCode":"\#(code)","ErrorMessage":"m"}"# }
            let good = #"{"EventId":"e"}"#
            let session = try await aws.session(
                rules: """
                    [{"service":"events","operation":"PutEvents","skip":1,"times":1,"do":{"output":{"FailedEntryCount":2,
                    "Entries":[\(entry("ThrottlingException")),\(entry("NotAuthorizedForSourceException"))]}}},
                    {"service":"events","operation":"PutEvents","times":1,"do":{"output":{"FailedEntryCount":0,"Entries":[\(good)]}}}]
                    """
            )
            let event = EventBridge.Event(source: "usage", detailType: "Early Signal", detail: "{\"a\":\"\u{1F600}\"}")
            let failures = await EventBridge(session: session).putEvents(
                Array(repeating: event, count: 12),
                deadline: far
            )
            #expect(
                failures == [
                    EntryFailure(
                        index: 11,
                        cause: .refused(code: "NotAuthorizedForSourceException", message: "m", isSendersFault: true)
                    )
                ]
            )
            #expect(try await aws.counts()["events.PutEvents"] == 3)
            #expect(try await aws.violations() == [])
        }
    }
}
