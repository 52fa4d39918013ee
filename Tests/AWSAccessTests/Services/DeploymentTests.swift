@testable import AWSAccess
import Testing

@Suite("What is asked of a deployment")
struct DeploymentTests {
    @Test(
        "selectors of both kinds say whether changes and invocations are recorded",
        arguments: [
            (#"{"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true}]}"#, true, false),
            (#"{"EventSelectors":[{"ReadWriteType":"ReadOnly","IncludeManagementEvents":true}]}"#, false, false),
            (
                #"{"EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":false,"DataResources":[{"Type":"AWS::Lambda::Function"}]}]}"#,
                false, true
            ),
            (
                #"{"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}]}"#,
                true, false
            ),
            (
                #"{"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]},{"Field":"readOnly","Equals":["true"]}]}]}"#,
                false, false
            ),
            (
                #"{"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::Lambda::Function"]}]}]}"#,
                false, true
            ),
            ("{}", false, false),
        ]
    )
    func selectors(answer: String, writes: Bool, invocations: Bool) async throws {
        let transport = ScriptedTransport([.json(answer)])
        let selectors = try await CloudTrail(session: .scripted(transport)).eventSelectors(of: "t", deadline: far)
        #expect(selectors == TrailSelectors(takesManagementWrites: writes, takesInvocations: invocations))
    }

    @Test func `a trail's last deliveries and their faults are read`() async throws {
        let transport = ScriptedTransport([
            .json(
                #"{"IsLogging":true,"LatestDeliveryError":"","LatestCloudWatchLogsDeliveryError":"AccessDenied","LatestDeliveryTime":1767312000.5,"LatestCloudWatchLogsDeliveryTime":1e300}"#
            )
        ])
        let status = try await CloudTrail(session: .scripted(transport)).status(of: "t", deadline: far)
        #expect(
            status
                == TrailStatus(
                    isLogging: true,
                    logGroupError: "AccessDenied",
                    lastFile: WallTime(milliseconds: 1_767_312_000_500)
                )
        )
    }

    @Test func `subscriptions go over pages, and what waits for its receiver is not confirmed`() async throws {
        let page = { (arns: [String], next: String) in
            ScriptedTransport.Step.json(
                "<R><Subscriptions>"
                    + arns.map {
                        "<member><Owner/><Protocol>email</Protocol><SubscriptionArn>\($0)</SubscriptionArn></member>"
                    }.joined() + "</Subscriptions>\(next)</R>"
            )
        }
        let transport = ScriptedTransport([
            page(["PendingConfirmation", "arn:aws:sns:eu-west-1:1:t:s"], "<NextToken>n&amp;1</NextToken>"),
            page(["Deleted"], ""),
        ])
        let subscriptions = try await SNS(session: .scripted(transport)).subscriptions(of: "t", deadline: far)
        #expect(subscriptions.map(\.isConfirmed) == [false, true, false])
        #expect(transport.bodies.last?.hasSuffix("&TopicArn=t&NextToken=n%261") == true)
        #expect(transport.isUsedUp)
    }

    @Test func `the insides of elements are found, whatever stands around them`() {
        let text = XMLText(Array("<a><m x='1'><k>1</k></m><m/><n:m><k>&lt;2</k></n:m><m><k>3</k>".utf8))
        #expect(text.all("m").map { $0["k"] } == ["1", "<2"])
        #expect(XMLText(Array("<m".utf8)).all("m").isEmpty)
        #expect(XMLText([]).all("m").isEmpty)
    }
}
