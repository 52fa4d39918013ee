@testable import AWSAccess
import TestSupport
import Testing

extension StrictTests {
    @Suite("What is asked of a deployment")
    struct DeploymentTests {
        private let aws: StrictAWS

        init() throws { aws = try StrictTests.aws.get() }

        /// Makes what is asked about; the product never does.
        private func make(
            _ service: String,
            _ target: String,
            _ operation: String,
            _ input: JSONValue,
            _ session: AWSSession
        ) async throws -> JSONValue {
            let identity = ServiceIdentity(name: service, endpointKey: service, hostPrefix: service)
            return try await AWSService(identity, session: session).json(
                operation,
                JSONDialect(version: "1.1", target: target),
                input,
                isSafeToRepeat: false,
                deadline: far
            )
        }

        @Test func `a trail is read with what it records and whether it does`() async throws {
            let session = try await aws.session()
            let bucket = HTTPRequest(.put, session.endpoint(of: S3Bucket.identity), path: "/trail-bucket")
            _ = try await AWSService(S3Bucket.identity, session: session).send("CreateBucket", bucket, deadline: far)
            let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
            _ = try await make(
                "cloudtrail",
                target,
                "CreateTrail",
                [
                    "Name": "org-trail-usage", "S3BucketName": "trail-bucket", "IsMultiRegionTrail": .bool(true),
                    "IsOrganizationTrail": .bool(true),
                ],
                session
            )
            let trails = CloudTrail(session: session)
            let trail = try #require(try await trails.trails(deadline: far).first)
            #expect(trail.name == "org-trail-usage" && trail.isOrganizationTrail && trail.isMultiRegion)
            #expect(trail.logGroupArn == nil && trail.bucket == "trail-bucket" && trail.homeRegion == "us-east-1")
            #expect(try await trails.status(of: trail.arn, deadline: far).isLogging == false)
            _ = try await make("cloudtrail", target, "StartLogging", ["Name": .string(trail.name)], session)
            #expect(try await trails.status(of: trail.arn, deadline: far).isLogging)
            _ = try await make(
                "cloudtrail",
                target,
                "PutEventSelectors",
                [
                    "TrailName": .string(trail.arn),
                    "EventSelectors": [
                        [
                            "ReadWriteType": "All", "IncludeManagementEvents": .bool(true),
                            "DataResources": [
                                ["Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]]
                            ],
                        ]
                    ],
                ],
                session
            )
            let selectors = try await trails.eventSelectors(of: trail.arn, deadline: far)
            #expect(selectors == TrailSelectors(takesManagementWrites: true, takesInvocations: true))
            await #expect {
                _ = try await trails.status(of: trail.arn + "-none", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            #expect(try await aws.violations() == [])
        }

        @Test func `filters are read over pages, and a log group that is not there is told apart`() async throws {
            let page = { (name: String, next: String) in
                #"{"service":"logs","operation":"DescribeSubscriptionFilters","times":1,"do":{"output":{"subscriptionFilters":["#
                    + #"{"filterName":"\#(name)","destinationArn":"arn:aws:lambda:us-east-1:111122223333:function:f"}]\#(next)}}}"#
            }
            let session = try await aws.session(rules: "[\(page("a", #","nextToken":"t""#)),\(page("b", ""))]")
            let filters = try await CloudWatchLogs(session: session).subscriptionFilters(of: "trail", deadline: far)
            #expect(filters.map(\.name) == ["a", "b"] && filters.map(\.pattern) == ["", ""])
            await #expect {
                _ = try await CloudWatchLogs(session: session).subscriptionFilters(of: "none", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            #expect(try await aws.violations() == [])
        }

        @Test func `a function is read as it is deployed, with what feeds it and what becomes of its failures`()
            async throws
        {
            let configuration =
                #"{"FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f","State":"Active","LastUpdateStatus":"Failed","#
                + #""LastUpdateStatusReason":"no key","LastModified":"2026-10-05T14:00:00.000+0000","CodeSha256":"abc=","#
                + #""Architectures":["arm64"],"MemorySize":512,"Environment":{"Variables":{"STATE_TABLE":"usage-state"}}}"#
            let session = try await aws.session(
                rules:
                    #"[{"service":"lambda","operation":"GetFunctionConfiguration","times":1,"do":{"output":\#(configuration)}},"#
                    + #"{"service":"lambda","operation":"ListEventSourceMappings","times":1,"do":{"output":{"EventSourceMappings":[{"EventSourceArn":"arn:aws:sqs:us-east-1:111122223333:q","State":"Enabled"}],"NextMarker":"m"}}},"#
                    + #"{"service":"lambda","operation":"GetFunctionEventInvokeConfig","times":1,"do":{"output":{"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:111122223333:q"}}}}},"#
                    + #"{"service":"lambda","operation":"ListEventSourceMappings","do":{"output":{"EventSourceMappings":[]}}},"#
                    + #"{"service":"lambda","operation":"*","do":{"error":"ResourceNotFoundException","status":404}}]"#
            )
            let lambda = Lambda(session: session)
            let function = try await lambda.configuration(of: "f", deadline: far)
            #expect(function.state == "Active" && function.lastUpdate == "Failed" && function.architecture == "arm64")
            #expect(function.lastModified == WallTime(rfc3339: "2026-10-05T14:00:00Z") && function.memoryMiB == 512)
            #expect(function.environment == ["STATE_TABLE": "usage-state"] && function.codeSHA256 == "abc=")
            await #expect {
                _ = try await lambda.configuration(of: "f", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }
            let sources = try await lambda.eventSources(of: "f", deadline: far)
            #expect(sources == [Lambda.EventSource(arn: "arn:aws:sqs:us-east-1:111122223333:q", state: "Enabled")])
            #expect(
                try await lambda.failureDestination(of: "f", deadline: far) == "arn:aws:sqs:us-east-1:111122223333:q"
            )
            #expect(try await lambda.failureDestination(of: "f", deadline: far) == nil)
            #expect(try await aws.violations() == [])
        }

        @Test func `subscriptions say who has confirmed, and a queue how much lies in it`() async throws {
            let session = try await aws.session()
            func sns(_ form: String) async throws -> XMLText {
                let identity = ServiceIdentity(name: "sns", endpointKey: "sns", hostPrefix: "sns")
                let request = HTTPRequest(
                    .post,
                    session.endpoint(of: identity),
                    headers: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: Array("Version=2010-03-31&\(form)".utf8)
                )
                return XMLText(
                    try await AWSService(identity, session: session).send("setup", request, deadline: far).response.body
                )
            }
            let topic = try #require(try await sns("Action=CreateTopic&Name=t")["TopicArn"])
            let arn = topic.replacing(":", with: "%3A")
            _ = try await sns("Action=Subscribe&TopicArn=\(arn)&Protocol=email&Endpoint=a%40example.com")
            _ = try await sns("Action=Subscribe&TopicArn=\(arn)&Protocol=sms&Endpoint=%2B15551234567")
            let subscriptions = try await SNS(session: session).subscriptions(of: topic, deadline: far)
            #expect(subscriptions.map(\.protocolName).sorted() == ["email", "sms"])
            #expect(subscriptions.map(\.isConfirmed) == [true, true])
            await #expect {
                _ = try await SNS(session: session).subscriptions(of: topic + "-none", deadline: far)
            } throws: { ($0 as? ServiceFailure)?.kind == .notFound }

            let made = try await AWSService(
                ServiceIdentity(name: "SQS", endpointKey: "SQS", hostPrefix: "sqs"),
                session: session
            )
            .json(
                "CreateQueue",
                JSONDialect(version: "1.0", target: "AmazonSQS"),
                ["QueueName": "letters"],
                isSafeToRepeat: true,
                deadline: far
            )
            let sqs = SQS(session: session)
            let url = try #require(made["QueueUrl"]?.string)
            try await sqs.sendMessage("m", queueURL: url, deadline: far)
            #expect(try await sqs.depth(queueURL: url, deadline: far) == SQS.Depth(waiting: 1, inFlight: 0))
            let found = try await sqs.queueURL(ofArn: "arn:aws:sqs:us-east-1:123456789012:letters", deadline: far)
            #expect(found.hasSuffix("/letters"))
            await #expect {
                _ = try await sqs.queueURL(ofArn: "arn:aws:sns:us-east-1:123456789012:letters", deadline: far)
            } throws: { error in
                guard case .invalidInput? = (error as? ServiceFailure)?.cause else { return false }
                return true
            }
            #expect(try await aws.violations() == [])
        }
    }

    private enum S3Bucket {
        static let identity = ServiceIdentity(name: "S3", endpointKey: "S3", hostPrefix: "s3")
    }
}
