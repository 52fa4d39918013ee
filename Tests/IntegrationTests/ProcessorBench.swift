@testable import AWSAccess
import Pipeline
import Synchronization
import Testing
import UsageCore

/// CrossAccountAnomalyProcessor on the stack, at a time of the test's choosing, with a topic and a bus to tell.
struct ProcessorBench {
    let stack: Stack
    let clock: TestClock
    private let environment: [String: String]
    private let settings: Settings
    private let session: AWSSession

    /// The time that is judged by; signatures have their own.
    final class TestClock: Sendable {
        private let seconds = Mutex<Int64>(0)

        var now: Int64 {
            get { seconds.withLock { $0 } }
            set { seconds.withLock { $0 = newValue } }
        }

        func set(_ text: String) throws { now = try #require(EventTime.parse(text)) }
    }

    /// A notice as it was taken by SNS or EventBridge.
    struct Sent: Hashable {
        let channel: String
        let kind: String
        let incidentId: String
    }

    static let topic = "arn:aws:sns:us-east-1:123456789012:usage-incidents"

    /// Makes the topic; `more` are settings beside those of the stack.
    init(_ stack: Stack, _ more: [String: String] = [:]) async throws {
        self.stack = stack
        clock = TestClock()
        session = try stack.session()
        environment = stack.environment(
            [
                "NOTIFICATION_TOPIC_ARN": Self.topic, "EVENT_BUS_NAME": "default",
                "ENABLE_ACCOUNT_ENRICHMENT": "false",
            ]
            .merging(more) { $1 }
        )
        settings = try Settings(environment: environment)
        let identity = ServiceIdentity(name: "SNS", endpointKey: "SNS", hostPrefix: "sns")
        _ = try await AWSService(identity, session: session).query(
            "CreateTopic",
            version: "2010-03-31",
            [(name: "Name", value: "usage-incidents")],
            deadline: .now + .seconds(30)
        )
    }

    /// Makes the state table, as a template would.
    func makeTable() async throws {
        let identity = ServiceIdentity(name: "DynamoDB", endpointKey: "DYNAMODB", hostPrefix: "dynamodb")
        let input: AWSAccess.JSONValue = [
            "TableName": .string(Stack.table), "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [
                ["AttributeName": "pk", "KeyType": "HASH"], ["AttributeName": "sk", "KeyType": "RANGE"],
            ],
            "AttributeDefinitions": [
                ["AttributeName": "pk", "AttributeType": "S"], ["AttributeName": "sk", "AttributeType": "S"],
            ],
        ]
        _ = try await AWSService(identity, session: session).json(
            "CreateTable",
            JSONDialect(version: "1.0", target: "DynamoDB_20120810"),
            input,
            isSafeToRepeat: true,
            deadline: .now + .seconds(30)
        )
    }

    /// Puts the watched records of `folder` into the state table, moved in time, as far as they have happened.
    ///
    /// - Returns: How many were put.
    func fillTable(_ folder: String, shiftedBy shift: Int64, until end: Int64) async throws -> Int {
        let catalog = settings.catalog
        var batch = RecordBatch(catalog, AccountDirectory(), source: folder, receivedAt: end)
        for file in try InputFiles([folder]) {
            var reader = RecordReader()
            let bytes = try FileBytes(file.path)
            while let piece = try bytes.next() { try reader.feed(piece, into: &batch) }
            try reader.finish(into: &batch)
        }
        let items = try batch.records.filter { $0.time + shift <= end }.compactMap { record -> WatchedItem? in
            guard let usage = catalog.usages.firstIndex(where: { $0.name == record.usage }) else { return nil }
            let members = try UsageCore.JSONValue.parse([0x7B] + record.members + [0x7D])["usage"]
            let time = record.time + shift
            let body = String(decoding: record.body, as: UTF8.self)
                .replacing(EventTime.text(record.time), with: EventTime.text(time))
            return WatchedItem(
                account: record.account,
                region: record.region,
                seconds: time,
                identity: record.identity,
                usage: usage,
                quantity: members?["quantity"]?.number ?? 1,
                kind: members?["family"]?.string ?? members?["modelId"]?.string ?? "",
                body: Array(body.utf8)
            )
        }
        let table = StateTable(session: session, table: Stack.table, catalog: catalog, retentionDays: 90)
        _ = try await table.add(items, batch: "by-hand", receivedAt: end, deadline: .now + .seconds(120))
        return items.count
    }

    /// A process that has just started.
    func processor() throws -> AnomalyHandler {
        let log = Log(level: .fatal)
        let nobody = LineWriter(descriptor: -1) { _, bytes in bytes.count }
        return try AnomalyHandler(settings, Ports(session: session, log: log, metrics: nobody)) { [clock] in clock.now }
    }

    /// Hands `event` to `processor`.
    func invoke(
        _ processor: AnomalyHandler,
        _ event: String = "{}",
        seconds: Int = 120
    ) async throws -> UsageCore.JSONValue {
        let context = InvocationContext(
            requestId: "request-\(UInt64.random(in: 0 ... .max))",
            deadline: .now + .seconds(seconds)
        )
        let reply = try await stack.working(as: "CrossAccountAnomalyProcessor", environment) {
            try await processor.handle(Array(event.utf8), context)
        }
        return try UsageCore.JSONValue.parse(reply)
    }

    /// What was told since the stack was fresh, in order.
    func sent() async throws -> [Sent] {
        var sent: [Sent] = []
        for entry in try await stack.log() where entry["status"]?.int == 200 {
            let parameters = entry["params"]
            switch (entry["service"]?.string, entry["operation"]?.string) {
            case ("sns", "Publish"):
                let attributes = parameters?["MessageAttributes"]
                sent.append(
                    Sent(
                        channel: "topic",
                        kind: attributes?["state"]?["StringValue"]?.string ?? "",
                        incidentId: attributes?["incidentId"]?["StringValue"]?.string ?? ""
                    )
                )
            case ("events", "PutEvents"):
                for event in parameters?["Entries"]?.array ?? [] {
                    let detail = try UsageCore.JSONValue.parse(Array((event["Detail"]?.string ?? "").utf8))
                    #expect(event["DetailType"]?.string == "UsageIncident")
                    sent.append(
                        Sent(
                            channel: "bus",
                            kind: detail["notice"]?.string ?? "",
                            incidentId: detail["incidentId"]?.string ?? ""
                        )
                    )
                }
            default: break
            }
        }
        return sent
    }

    /// How often each kind was told on `channel`.
    func told(_ channel: String = "topic") async throws -> [String: Int] {
        try await sent().filter { $0.channel == channel }.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }

    /// The incidents as they are kept.
    func kept() async throws -> [ThreadedIncident] {
        _ = try await stack.search(.post, "/usage-incidents/_refresh")
        let body = #"{"size":100,"query":{"exists":{"field":"incidentId"}},"sort":["start","incidentId"]}"#
        let reply = try await stack.json(.post, "/usage-incidents/_search", body: body)
        return try (reply["hits"]?["hits"]?.array ?? []).map { hit in
            let source = try #require(hit["_source"])
            return try #require(ThreadedIncident(document: source.bytes, settings.catalog))
        }
    }
}
