import TestSupport
import Testing
import UsageCore

@testable import Pipeline

@Suite struct InboundEventTests {
    private func event(_ text: String) -> InboundEvent {
        Array(text.utf8).withUnsafeBufferPointer { InboundEvent($0) }
    }

    @Test(arguments: ["", " \n", "{}", " { } ", "null", " null\n"]) func `nothing is told from something`(text: String)
    {
        #expect(event(text) == .empty)
    }

    @Test(arguments: [
        "nul", "null x", "[]", "{\"a\":1}", "{} {}", "text", "{\"Records\":[]}", "{\"Records\":[{}]}",
        "{\"Records\":1}",
        #"{"Records":[{"eventSource":"aws:sqs"}]}"#, #"{"Records":[{"eventSource":"aws:s3","s3":{}}]}"#,
        #"{"Records":[{"eventSource":"aws:sqs","messageId":"1"},{"eventSource":"ec2.amazonaws.com"}]}"#,
        #"{"Records":[{"eventSource":"aws:sqs","messageId":"1"}"#,
        #"{"Records":[{"eventSource":"aws:sqs","messageId":"1"}],"more":1}"#, "\u{1F}\u{8B}",
    ])
    func `what cannot be answered delivery by delivery is one event`(text: String) { #expect(event(text) == .single) }

    @Test func `sample events are told apart`() throws {
        for name in try Folder.names(SharedData.packageRoot + "/Events") {
            let bytes = try Folder.bytes(SharedData.packageRoot + "/Events/" + name)
            let event = bytes.withUnsafeBufferPointer { InboundEvent($0) }
            switch name {
            case "empty.json": #expect(event == .empty)
            case "kinesis-two-shards.json", "sqs-s3-notification.json", "sqs-eventbridge-object-created.json":
                guard case .deliveries(let deliveries) = event else {
                    Issue.record("\(name) is \(event)")
                    continue
                }
                for delivery in deliveries {
                    #expect(bytes[delivery.place.start] == UInt8(ascii: "{"))
                    #expect(bytes[delivery.place.end - 1] == UInt8(ascii: "}"))
                    #expect(!delivery.identifier.isEmpty && delivery.origin.hasPrefix("arn:aws:"))
                }
                #expect(Set(deliveries.map(\.identifier)).count == deliveries.count)
            default: #expect(event == .single, "\(name)")
            }
        }
    }
}

@Suite struct TrailObjectTests {
    private func object(_ text: String) -> TrailObject? { TrailObject(Array(text.utf8)) }

    @Test func `a notification's key is read as a form, an event's as it is`() throws {
        let notification = try #require(
            object(
                #"{"awsRegion":"eu-west-1","s3":{"bucket":{"name":"b"},"object":{"key":"a+b%2Bc%C3%A9","eTag":"t"}}}"#
            )
        )
        #expect(notification.key == "a b+cé" && notification.bucket == "b")
        #expect(notification.region == "eu-west-1" && notification.tag == "t")
        let event = try #require(
            object(#"{"region":"us-east-1","detail":{"bucket":{"name":"b"},"object":{"key":"a+b%2B","etag":"u"}}}"#)
        )
        #expect(event.key == "a+b%2B" && event.tag == "u" && event.address == "s3://b/a+b%2B")
    }

    @Test func `digests and Insights are no record files, and what names no object is none`() throws {
        func holdsRecords(_ key: String) -> Bool? {
            object(#"{"s3":{"bucket":{"name":"b"},"object":{"key":"\#(key)"}}}"#)?.holdsRecords
        }
        #expect(holdsRecords("AWSLogs/1/CloudTrail/eu-west-1/2026/x.json.gz") == true)
        #expect(holdsRecords("AWSLogs/1/CloudTrail-Digest/eu-west-1/2026/x.json.gz") == false)
        #expect(holdsRecords("AWSLogs/1/CloudTrail-Insight/eu-west-1/2026/x.json.gz") == false)
        for text in ["", "{}", #"{"s3":{}}"#, #"{"s3":{"bucket":{"name":""},"object":{"key":"k"}}}"#, "[1]"] {
            #expect(object(text) == nil)
        }
    }
}
