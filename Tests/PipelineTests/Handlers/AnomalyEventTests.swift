@testable import Pipeline
import AWSAccess
import Synchronization
import TestSupport
import Testing
import UsageCore

@Suite struct AnomalyEventTests {
    @Test(arguments: [
        ("", "empty"), ("{}", "empty"), (" { } ", "empty"), (#""x""#, "request"), ("a test message", "text"),
        (#"{"task":"correlate"}"#, "request"), ("\u{0}\u{1}", "text"),
        (#"{"Records":[{"EventSource":"aws:sns","Sns":{"Message":"Test & <b>"}}]}"#, "alert"),
        (#"{"detail-type":"Scheduled Event","source":"aws.events"}"#, "schedule"),
        (#"{"detail-type":"UsageSignal","source":"usage-anomalies"}"#, "signal"),
    ]) func `what wants an evaluation leads to one`(text: String, trigger: String) {
        #expect(AnomalyEvent(Array(text.utf8)) == .evaluation(trigger))
    }

    @Test(arguments: ["schedule.json", "sns-opensearch-alert.json", "empty.json"])
    func `the sample events lead to an evaluation`(name: String) throws {
        guard case .evaluation = AnomalyEvent(try Folder.bytes(SharedData.packageRoot + "/Events/" + name)) else {
            Issue.record("\(name) is taken for something else")
            return
        }
    }

    @Test func `an early signal is read by the type that wrote it, from a bus and as it is invoked with`() throws {
        let signal = EarlySignal(
            usage: "ec2-run-instances",
            accountId: "111122223333",
            region: "eu-central-1",
            callers: .others,
            start: 1_791_797_400,
            end: 1_791_798_000,
            count: 47,
            limit: 12,
            step: 1
        )
        #expect(AnomalyEvent(EarlySignal.event([signal, signal])) == .signal([signal, signal]))
        let name = SharedData.packageRoot + "/Events/early-signal.json"
        #expect(AnomalyEvent(try Folder.bytes(name)) == .signal([signal]))
    }

    @Test(arguments: ["logs-one-account.json", "kinesis-two-shards.json", "sqs-s3-notification.json"])
    func `records are another function's`(name: String) throws {
        #expect(AnomalyEvent(try Folder.bytes(SharedData.packageRoot + "/Events/" + name)) == .records)
    }
}

@Suite struct CustomResourceTests {
    private static let create =
        #"{"RequestType":"Create","ResponseURL":"https://bucket.s3.amazonaws.com/arn%3Aaws%3Ax?X-Amz-Signature=a%2Bb&x=1","#
        + #""StackId":"stack","RequestId":"request","LogicalResourceId":"Provision","ResourceProperties":{"A":"1"}}"#

    private func handle(
        _ event: String,
        _ transport: RecordingTransport
    ) async throws -> String {
        let time = StandingClock()
        let session = try AWSSession(
            environment: ["AWS_REGION": "eu-west-1"],
            credentials: CredentialsCache { _ in
                Credentials(accessKeyId: "a", secretAccessKey: "b", sessionToken: nil)
            },
            transport: transport,
            clock: time.clock
        )
        let settings = try Settings(environment: ["STATE_TABLE": "usage-state"])
        let handler = try AnomalyHandler(settings, Ports(session: session, log: Log(level: .fatal)))
        let context = InvocationContext(requestId: "r", deadline: time.now + .seconds(60))
        return String(decoding: try await handler.handle(Array(event.utf8), context), as: UTF8.self)
    }

    @Test func `CloudFormation is answered at its address, unsigned and without a content type`() async throws {
        let transport = RecordingTransport([200])
        #expect(try await handle(Self.create, transport) == #"{"customResource":"FAILED"}"#)
        let request = try #require(transport.requests.first)
        #expect(request.method == .put)
        #expect("\(request.endpoint)" == "https://bucket.s3.amazonaws.com")
        #expect(request.path == "/arn%3Aaws%3Ax")
        #expect(request.query == "X-Amz-Signature=a%2Bb&x=1")
        #expect(request.headers["Content-Type"] == nil)
        #expect(request.headers["Authorization"] == nil)
        let body = try #require(JSONValue(request.body))
        #expect(body["Status"]?.string == "FAILED")
        #expect(body["Reason"]?.string?.isEmpty == false)
        #expect(body["PhysicalResourceId"]?.string == "usage-anomalies-Provision")
        #expect(body["StackId"]?.string == "stack")
        #expect(body["RequestId"]?.string == "request")
        #expect(body["LogicalResourceId"]?.string == "Provision")
    }

    @Test func `what was never set up may be deleted, under the id that it has`() async throws {
        let transport = RecordingTransport([503, 200])
        let event = Self.create.replacing(#""Create""#, with: #""Delete""#)
            .replacing(#""StackId""#, with: #""PhysicalResourceId":"mine","StackId""#)
        #expect(try await handle(event, transport) == #"{"customResource":"SUCCESS"}"#)
        #expect(transport.requests.count == 2)
        let body = try #require(transport.requests.last.flatMap { JSONValue($0.body) })
        #expect(body["Status"]?.string == "SUCCESS")
        #expect(body["PhysicalResourceId"]?.string == "mine")
    }

    @Test(arguments: [
        (create, [403]), (create.replacing("https://bucket", with: "http://bucket"), []),
        (create.replacing("https://bucket.s3.amazonaws.com/", with: "ftp:"), []),
    ]) func `an answer that is not delivered fails the invocation`(event: String, statuses: [Int]) async throws {
        await #expect(throws: CustomResourceFailure.self) {
            try await handle(event, RecordingTransport(statuses))
        }
    }

    @Test func `an answer stays below 4 KB`() throws {
        let json = try #require(JSONValue(Array(Self.create.utf8)))
        let request = try #require(CustomResourceRequest(json))
        let body = request.answer(isSuccess: false, reason: String(repeating: "x", count: 9000))
        #expect(body.count <= 4096)
        #expect(JSONValue(body)?["Status"]?.string == "FAILED")
    }
}

/// Answers with statuses, in order, and remembers the requests.
final class RecordingTransport: HTTPTransport {
    private let state: Mutex<(statuses: [Int], requests: [HTTPRequest])>

    init(_ statuses: [Int]) { state = Mutex((statuses, [])) }

    var requests: [HTTPRequest] { state.withLock(\.requests) }

    func send(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async throws -> HTTPResponse {
        try state.withLock { state in
            state.requests.append(request)
            guard !state.statuses.isEmpty else {
                throw AccessFailure.malformedRequest(subject: "script", detail: "used up")
            }
            return HTTPResponse(status: state.statuses.removeFirst())
        }
    }
}
