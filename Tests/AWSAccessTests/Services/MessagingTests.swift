import AWSAccess
import Testing

@Suite("SNS, SQS and EventBridge")
struct MessagingTests {
    @Test(
        "a subject is one line that SNS takes",
        arguments: [
            ("[HIGH] EC2 RunInstances: 47 instances", "[HIGH] EC2 RunInstances: 47 instances"),
            (" a\r\n\tb\u{0}c\u{85}d\u{2028}e ", "a b c d e"), ("", nil), (" \n ", nil),
            (String(repeating: "x", count: 99), String(repeating: "x", count: 99)),
            (String(repeating: "x", count: 100), String(repeating: "x", count: 96) + "..."),
            (String(repeating: "\u{1F600}", count: 60), String(repeating: "\u{1F600}", count: 48) + "..."),
        ] as [(String, String?)]
    )
    func subject(text: String, subject: String?) {
        #expect(SNS.subject(from: text) == subject)
    }

    @Test func `a message is a form, encoded byte by byte`() async throws {
        let transport = ScriptedTransport([.json("<a><MessageId>m-1</MessageId></a>")])
        let id = try await SNS(session: .scripted(transport)).publish(
            "a&b=c \u{E9}",
            topicArn: "arn:aws:sns:eu-west-1:1:t",
            subject: "s\nt",
            attributes: ["b": "2", "a": "1"],
            deadline: far
        )
        #expect(id == "m-1")
        #expect(
            transport.bodies == [
                "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A1%3At&Message=a%26b%3Dc%20%C3%A9"
                    + "&Subject=s%20t&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String"
                    + "&MessageAttributes.entry.1.Value.StringValue=1&MessageAttributes.entry.2.Name=b"
                    + "&MessageAttributes.entry.2.Value.DataType=String&MessageAttributes.entry.2.Value.StringValue=2"
            ]
        )
    }

    @Test(
        "a message that SNS would refuse for its size is not sent",
        arguments: [("", [:]), (String(repeating: "x", count: SNS.largestMessage), ["a": "b"])]
    )
    func size(message: String, attributes: [String: String]) async throws {
        let transport = ScriptedTransport([])
        await #expect {
            try await SNS(session: .scripted(transport)).publish(
                message,
                topicArn: "t",
                attributes: attributes,
                deadline: far
            )
        } throws: { error in
            guard case .invalidInput? = (error as? ServiceFailure)?.cause else { return false }
            return true
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func `entries that stay refused are handed back when the policy gives up`() async throws {
        let refused = ScriptedTransport.Step.json(
            #"{"Failed":[{"Id":"0","Code":"InternalError","Message":"m","SenderFault":false}]}"#
        )
        let transport = ScriptedTransport([refused, refused, refused, refused])
        let failures = await SQS(session: try .scripted(transport))
            .sendMessages(["a", "b"], queueURL: "q", deadline: far)
        #expect(
            failures == [
                EntryFailure(index: 0, cause: .refused(code: "InternalError", message: "m", isSendersFault: false))
            ]
        )
        #expect(
            transport.bodies == [
                #"{"QueueUrl":"q","Entries":[{"Id":"0","MessageBody":"a"},{"Id":"1","MessageBody":"b"}]}"#
            ] + Array(repeating: #"{"QueueUrl":"q","Entries":[{"Id":"0","MessageBody":"a"}]}"#, count: 3)
        )
        #expect("\(failures[0])" == "entry 0: refused (InternalError: m); it may get through later")
    }

    @Test func `one batch that fails does not keep the others back`() async throws {
        let transport = ScriptedTransport([
            .json(#"{"__type":"AccessDeniedException"}"#, status: 400), .json(#"{"Successful":[]}"#),
        ])
        let failures = await SQS(session: try .scripted(transport))
            .sendMessages((0..<12).map { "\($0)" }, queueURL: "q", deadline: far)
        #expect(failures.map(\.index) == Array(0..<10) && transport.isUsedUp)
    }

    @Test func `an answer about fewer events than were put counts as none`() async throws {
        let event = EventBridge.Event(source: "s", detailType: "d", detail: "{}", bus: "b", resources: ["arn:x"])
        let transport = ScriptedTransport([.json(#"{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}"#)])
        let failures = await EventBridge(session: try .scripted(transport)).putEvents([event, event], deadline: far)
        #expect(failures.map(\.index) == [0, 1])
        #expect(transport.requests.first?.headers["x-amz-target"] == "AWSEvents.PutEvents")
        let entry = #"{"Source":"s","DetailType":"d","Detail":"{}","EventBusName":"b","Resources":["arn:x"]}"#
        #expect(transport.bodies == [#"{"Entries":[\#(entry),\#(entry)]}"#])
    }

    @Test func `an event too large for any request is handed back and the rest goes on`() async throws {
        let large = EventBridge.Event(source: "s", detailType: "d", detail: String(repeating: "x", count: 256 << 10))
        let small = EventBridge.Event(source: "s", detailType: "d", detail: "{}")
        let transport = ScriptedTransport([.json(#"{"Entries":[{"EventId":"e"}]}"#)])
        let failures = await EventBridge(session: try .scripted(transport)).putEvents([large, small], deadline: far)
        #expect(
            failures == [
                EntryFailure(index: 0, cause: .tooLarge(bytes: (256 << 10) + 2, limit: EventBridge.largestBatch))
            ]
        )
    }
}
