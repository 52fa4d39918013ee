@testable import AWSAccess
import Pipeline
import TestSupport
import Testing
import UsageCore

/// MultiAccountLogs on the stack, with a queue for what no store takes.
struct LogsBench {
    let stack: Stack
    /// Who makes and asks what tests need.
    private let session: AWSSession
    let queueURL: String
    private let settings: [String: String]

    /// Makes the queue on a fresh stack; `settings` are beside those of the stack.
    init(_ settings: [String: String] = [:]) async throws {
        stack = try await Stack.fresh()
        session = try stack.session()
        let sqs = AWSService(ServiceIdentity(name: "SQS", endpointKey: "SQS", hostPrefix: "sqs"), session: session)
        let queue = try await sqs.json(
            "CreateQueue",
            JSONDialect(version: "1.0", target: "AmazonSQS"),
            ["QueueName": "letters"],
            isSafeToRepeat: true,
            deadline: .now + .seconds(30)
        )
        queueURL = try #require(queue["QueueUrl"]?.string)
        self.settings = settings
    }

    /// The environment of the function; empty values are left out.
    var environment: [String: String] {
        stack.environment(
            [
                "ENABLE_ACCOUNT_ENRICHMENT": "false", "DEAD_LETTER_QUEUE_URL": queueURL,
            ]
            .merging(settings) { $1 }
        )
    }

    /// Hands `event` to a process that has just started.
    func invoke(_ event: [UInt8], seconds: Int = 60) async throws -> AWSAccess.JSONValue {
        let ports = Ports(
            session: try stack.session(),
            log: Log(level: .fatal),
            metrics: LineWriter(descriptor: -1) { _, bytes in bytes.count }
        )
        let context = InvocationContext(requestId: "r-1", deadline: .now + .seconds(seconds))
        let handler = try LogsHandler(try Settings(environment: environment), ports)
        let reply = try await stack.working(as: "MultiAccountLogs", environment) {
            try await handler.handle(event, context)
        }
        return try #require(JSONValue(reply))
    }

    /// Puts a message into the queue as somebody else might.
    func send(_ body: String) async throws {
        _ = try await SQS(session: session).sendMessage(body, queueURL: queueURL, deadline: .now + .seconds(30))
    }

    /// Every item of the state table but for the moments of arrival, one line each, sorted.
    func items() async throws -> [String] {
        let service = AWSService(
            ServiceIdentity(name: "DynamoDB", endpointKey: "DYNAMODB", hostPrefix: "dynamodb"),
            session: session
        )
        var lines: [String] = []
        var start: AWSAccess.JSONValue?
        repeat {
            let page = try await service.json(
                "Scan",
                JSONDialect(version: "1.0", target: "DynamoDB_20120810"),
                ["TableName": .string(Stack.table), "ConsistentRead": true, "ExclusiveStartKey": start],
                isSafeToRepeat: true,
                deadline: .now + .seconds(30)
            )
            for item in page["Items"]?.array ?? [] {
                guard case .object(let members) = item else { continue }
                let kept = members.filter { $0.name != "receivedAt" }
                let sorted = AWSAccess.JSONValue.sorted(kept.reduce(into: [:]) { $0[$1.name] = $1.value })
                lines.append(String(decoding: sorted.bytes, as: UTF8.self))
            }
            start = page["LastEvaluatedKey"]
        } while start != nil
        return lines.sorted()
    }

    /// Takes all messages out of the queue.
    func letters() async throws -> [AWSAccess.JSONValue] {
        var letters: [AWSAccess.JSONValue] = []
        let sqs = SQS(session: session)
        while true {
            let messages = try await sqs.receiveMessages(queueURL: queueURL, deadline: .now + .seconds(30))
            if messages.isEmpty { return letters }
            letters += messages.compactMap { JSONValue(Array($0.body.utf8)) }
            _ = await sqs.deleteMessages(messages, queueURL: queueURL, deadline: .now + .seconds(30))
        }
    }

    /// Every document under its id, as it was stored; an id that stands in two indices fails the test.
    func documents(_ pattern: String = "usage-records-*") async throws -> [String: AWSAccess.JSONValue] {
        try await stack.refresh()
        let answer = try await stack.json(
            .post,
            "/\(pattern)/_search",
            query: "ignore_unavailable=true",
            body: #"{"size":10000}"#
        )
        var documents: [String: AWSAccess.JSONValue] = [:]
        for hit in answer["hits"]?["hits"]?.array ?? [] {
            let id = try #require(hit["_id"]?.string)
            #expect(documents[id] == nil, "\(id) stands twice")
            let source = try #require(hit["_source"])
            documents[id] = source
        }
        #expect(try await stack.count(pattern) == documents.count)
        return documents
    }
}

/// Records for the function, in the shapes that they come in.
struct LogRecords {
    /// The records' texts.
    var texts: [String]

    /// Real records, as if they had been made yesterday.
    static func real(_ count: Int = .max) throws -> LogRecords {
        let yesterday = EventTime.text(WallTime.now().milliseconds / 1000 - 86400).prefix(10)
        var texts: [String] = []
        for name in try Folder.names(SharedData.path("cloudtrail")) where name.hasSuffix(".gz") && texts.count < count {
            texts += try read(SharedData.path("cloudtrail/" + name))
        }
        return LogRecords(texts: texts.prefix(count).map { $0.replacing("2023-07-10T", with: "\(yesterday)T") })
    }

    /// A day of a simulated organization, with what goes wrong in it.
    static func simulated() throws -> LogRecords {
        let first = EventTime.text(WallTime.now().milliseconds / 1000 - 2 * 86400).prefix(10)
        let run = try ProgramRun(
            shell:
                "d=$(mktemp -d) && '\(ProgramRun.anomalyctl)' simulate --days 1 --accounts 3 --traffic 0.3 --start \(first) "
                + "-o $d >&2 && for f in $(find $d/trail -name '*.gz' | sort); do gzip -dc $f; echo; done; rm -rf $d"
        )
        try #require(run.code == 0, "\(run.messages)")
        return LogRecords(texts: try read(Array(run.output.utf8)))
    }

    /// Twenty large instances of an account that nothing else is known of, started by someone at `seconds` since 1970.
    static func launch(at seconds: Int64, id: Int) -> String {
        let items = (0..<20).map { #"{"instanceId":"i-\#(id)\#(1000 + $0)","instanceType":"m5.8xlarge"}"# }
        return #"{"eventVersion":"1.11","eventID":"e-\#(id)","eventTime":"\#(EventTime.text(seconds))","#
            + #""eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"eu-west-1","#
            + #""recipientAccountId":"111122223333","userAgent":"aws-cli/2","sourceIPAddress":"198.51.100.7","#
            + #""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/eve","accountId":"111122223333","#
            + #""userName":"eve","accessKeyId":"AKIAEXAMPLE"},"requestParameters":{"instanceType":"m5.8xlarge"},"#
            + #""responseElements":{"instancesSet":{"items":[\#(items.joined(separator: ","))]}}}"#
    }

    /// The records of the trail files in and below a folder.
    static func folder(_ path: String) throws -> LogRecords {
        var batch = RecordBatch(try UsageCatalog.builtIn(), AccountDirectory(), source: "", receivedAt: 0)
        for file in try InputFiles([path]) {
            var reader = RecordReader()
            try Folder.bytes(file.path).withUnsafeBufferPointer { try reader.feed($0, into: &batch) }
            try reader.finish(into: &batch)
        }
        return LogRecords(texts: batch.records.map { String(decoding: $0.body, as: UTF8.self) })
    }

    /// The texts of the records that a file holds.
    private static func read(_ path: String) throws -> [String] { try read(try Folder.bytes(path)) }

    private static func read(_ bytes: [UInt8]) throws -> [String] {
        var batch = RecordBatch(try UsageCatalog.builtIn(), AccountDirectory(), source: "", receivedAt: 0)
        var reader = RecordReader()
        try bytes.withUnsafeBufferPointer { try reader.feed($0, into: &batch) }
        try reader.finish(into: &batch)
        return batch.records.map { String(decoding: $0.body, as: UTF8.self) }
    }

    /// What CloudWatch Logs hands over, one record a log event, in events of at most `size` records.
    func events(_ size: Int = 1000, stream: String = "o-x_111122223333_CloudTrail_us-east-1") throws -> [[UInt8]] {
        try stride(from: 0, to: texts.count, by: size).map { start in
            let packed = try payload(texts[start..<min(start + size, texts.count)], first: start, stream)
            return Array(#"{"awslogs":{"data":"\#(packed)"}}"#.utf8)
        }
    }

    /// The same payloads in one event of a Kinesis stream.
    func kinesis(_ size: Int) throws -> [UInt8] {
        let records = try stride(from: 0, to: texts.count, by: size).map { start in
            let packed = try payload(texts[start..<min(start + size, texts.count)], first: start, "k")
            return #"{"kinesis":{"sequenceNumber":"\#(start)","data":"\#(packed)"},"eventSource":"aws:kinesis","#
                + #""eventID":"shardId-0:\#(start)","eventSourceARN":"arn:aws:kinesis:x"}"#
        }
        return Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8)
    }

    /// A trail file.
    var file: String { #"{"Records":[\#(texts.joined(separator: ","))]}"# }

    private func payload(_ texts: ArraySlice<String>, first: Int, _ stream: String) throws -> String {
        var json = UsageCore.JSONText()
        json.object { json in
            for (name, value) in [
                ("messageType", "DATA_MESSAGE"), ("owner", "1"), ("logGroup", "g"), ("logStream", stream),
            ] {
                json.name(name)
                json.string(value)
            }
            json.name("logEvents")
            json.array { json in
                for (index, text) in texts.enumerated() {
                    json.object { json in
                        json.name("id")
                        json.string(String(10_000_000 + first + index))
                        json.name("message")
                        json.string(text)
                    }
                }
            }
        }
        return Base64.encode(try #require(Deflater().gzip(json.bytes)))
    }

    /// The documents that the one-machine store keeps of the same records, by identity; when they came in is left out.
    func stored(_ source: String = "o-x_111122223333_CloudTrail_us-east-1") throws -> [String: AWSAccess.JSONValue] {
        var batch = RecordBatch(try UsageCatalog.builtIn(), AccountDirectory(), source: source, receivedAt: 0)
        var reader = RecordReader()
        try Array(texts.joined(separator: "\n").utf8).withUnsafeBufferPointer { try reader.feed($0, into: &batch) }
        try reader.finish(into: &batch)
        return try batch.records.reduce(into: [:]) { documents, record in
            let bytes = record.body.dropLast() + [0x2C] + record.members + [0x7D]
            documents[record.identity] = try #require(JSONValue(Array(bytes))).withoutArrival
        }
    }
}

extension AWSAccess.JSONValue {
    /// The document without the moment at which it came in.
    var withoutArrival: AWSAccess.JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.map { member in
                guard member.name == "ingest", case .object(let parts) = member.value else { return member }
                return Member(name: member.name, value: .object(parts.filter { $0.name != "receivedAt" }))
            }
        )
    }
}
