import TestSupport
import UsageCore

/// Ten days of an account: a function that is called now and then and one evening by a loop, and models, one of them new, and one
/// in a Region that nobody used before; forty instances, some of which this solution's own function ends.
enum TenDays {
    private static let account = "265500917834"
    private static let start: Int64 = 1_772_323_200  // 2026-03-01T00:00:00Z

    /// Writes them to a file in `folder` and gives its path.
    static func write(to folder: TemporaryFolder) throws -> String {
        var texts: [String] = []
        for hour in stride(from: 0, to: 240, by: 2) {
            texts.append(invoke(at: start + Int64(hour) * 3600 + 7))
            if hour.isMultiple(of: 6) { texts.append(ask("anthropic.claude-3-haiku", at: start + Int64(hour) * 3600)) }
        }
        for call in 0..<900 { texts.append(invoke(at: start + 8 * 86400 + 68_000 + Int64(call) * 2)) }
        for call in 0..<4 {
            let hour = start + 9 * 86400 + 7200
            texts.append(ask("anthropic.claude-opus-4", at: hour + Int64(call) * 60, in: "sa-east-1"))
        }
        texts.append(launch(at: start + 9 * 86400 + 36_000, count: 40))
        texts.append(end(at: start + 9 * 86400 + 39_600, count: 10))
        // The state table knows an account's last minute, not its second: the records end where both are the same.
        texts.append(invoke(at: start + 240 * 3600))
        texts.append(ask("arn:aws:bedrock:eu-central-1:265500917834:inference-profile/x", at: start + 8 * 86400 + 3600))
        try folder.write(texts.joined(separator: "\n"), to: "ten-days.ndjson")
        return folder.path + "/ten-days.ndjson"
    }

    private static func invoke(at seconds: Int64) -> String {
        let arn = "arn:aws:lambda:eu-central-1:\(account):function:resize"
        return call("Invoke", "lambda.amazonaws.com", seconds, #"{"functionName":"\#(arn)"}"#)
    }

    private static func ask(_ model: String, at seconds: Int64, in region: String = "eu-central-1") -> String {
        call("InvokeModel", "bedrock.amazonaws.com", seconds, #"{"modelId":"\#(model)"}"#, region)
    }

    private static func instances(_ count: Int) -> String {
        let items = (0..<count).map { #"{"instanceId":"i-\#($0)","instanceType":"m5.4xlarge"}"# }
        return #"{"instancesSet":{"items":[\#(items.joined(separator: ","))]}}"#
    }

    private static func launch(at seconds: Int64, count: Int) -> String {
        let parameters =
            #"{"instanceType":"m5.4xlarge","instancesSet":{"items":[{"minCount":\#(count),"maxCount":\#(count)}]}}"#
        return call("RunInstances", "ec2.amazonaws.com", seconds, parameters, response: instances(count))
    }

    private static func end(at seconds: Int64, count: Int) -> String {
        let own = "CrossAccountAnomalyProcessorFunction"
        return call("TerminateInstances", "ec2.amazonaws.com", seconds, instances(count), session: own)
    }

    private static func call(
        _ name: String,
        _ source: String,
        _ seconds: Int64,
        _ parameters: String,
        _ region: String = "eu-central-1",
        session: String = "i-1",
        response: String = "null"
    ) -> String {
        #"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::\#(account):assumed-role/app/\#(session)","#
            + #""accountId":"\#(account)"},"eventTime":"\#(EventTime.text(seconds))","eventSource":"\#(source)","#
            + #""eventName":"\#(name)","awsRegion":"\#(region)","sourceIPAddress":"192.0.2.9","userAgent":"aws-sdk-go/1.44","#
            + #""requestParameters":\#(parameters),"responseElements":\#(response),"eventID":"\#(name)-\#(seconds)","recipientAccountId":"\#(account)"}"#
    }
}
