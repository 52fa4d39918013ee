import AWSAccess
import Synchronization
import TestSupport
import Testing
import UsageCore

@testable import Pipeline

/// Trail files in S3 that messages name.
extension LogsHandlerTests {
    private func notification(_ keys: [String]) -> String {
        let records = keys.enumerated().map { index, key in
            let body =
                #"{"Records":[{"eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":"ObjectCreated:Put","#
                + #""s3":{"bucket":{"name":"trails"},"object":{"key":"\#(key)","eTag":"t"}}}]}"#
            return
                #"{"messageId":"m-\#(index)","body":\#(quoted(body)),"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:q"}"#
        }
        return #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    private func file(_ records: [String]) throws -> [UInt8] {
        try #require(Deflater().gzip(Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8)))
    }

    @Test func `trail files that messages name are read, and a message whose file is missing comes again`() async throws
    {
        let wire = DomainOnWire()
        let files = [try file((0..<3).map { record($0) }), try file([record(9)])]
        wire.state.withLock {
            $0.objects["trails.s3.eu-west-1.amazonaws.com/a%20b/CloudTrail/1.json.gz"] = files[0]
            $0.objects["trails.s3.eu-west-1.amazonaws.com/a/CloudTrail/2.json.gz"] = files[1]
        }
        let keys = [
            "a+b/CloudTrail/1.json.gz", "a/CloudTrail/missing.json.gz", "a/CloudTrail-Digest/x.json.gz",
            "a/CloudTrail/2.json.gz",
        ]
        for _ in 0..<2 {
            let answer = try await handle(notification(keys), wire)
            let failed = answer["batchItemFailures"]?.array?.compactMap { $0["itemIdentifier"]?.string }
            #expect(failed == ["m-1"])
            #expect(wire.documents.count == 4)
        }
        let document = try #require(wire.documents["usage-records-2026.10.12/111122223333-event-111122223333-9"])
        #expect(document["ingest"]?["source"]?.string == "s3://trails/a/CloudTrail/2.json.gz")
    }

    @Test func `a file that is damaged gives what can be read, and its end is told with the file's name`() async throws
    {
        let wire = DomainOnWire()
        let whole = try file((0..<2000).map { record($0) })
        wire.state.withLock {
            $0.objects["trails.s3.eu-west-1.amazonaws.com/CloudTrail/1.json.gz"] = Array(
                whole.dropLast(whole.count / 4)
            )
        }
        let answer = try await handle(notification(["CloudTrail/1.json.gz"]), wire)
        #expect(answer["batchItemFailures"]?.array?.count == 0)
        #expect(wire.documents.count > 1000 && wire.documents.count < 2000)
        #expect(wire.messages.contains { $0["reason"]?.string == "truncated-gzip" })
        #expect(wire.messages.allSatisfy { $0["source"]?.string == "s3://trails/CloudTrail/1.json.gz" })
    }

    @Test func `a large file is stored in portions, however often it is read`() async throws {
        let wire = DomainOnWire()
        let padding = #""requestParameters":{"x":"\#(String(repeating: "x", count: 4000))"},"#
        let whole = try file((0..<6000).map { record($0, more: padding) })
        wire.state.withLock { $0.objects["trails.s3.eu-west-1.amazonaws.com/CloudTrail/1.json.gz"] = whole }
        for turn in 0..<2 {
            let answer = try await handle(notification(["CloudTrail/1.json.gz"]), wire)
            #expect(answer["batchItemFailures"]?.array?.count == 0)
            #expect(wire.documents.count == 6000)
            #expect(wire.sizes.count > 4)
            #expect(lines.all.count == turn + 1)
        }
    }
}
