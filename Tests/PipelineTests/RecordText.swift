import UsageCore

/// Texts of CloudTrail records, made from the few things a test is about.
struct RecordText {
    var account = "111122223333"
    var region = "eu-central-1"
    var principal = "arn:aws:iam::111122223333:user/ann"
    var accessKey = "AKIAEXAMPLEANN000001"
    var address = "198.51.100.7"
    var userAgent = "aws-cli/2.15.0 Python/3.11"

    /// A record of any call; `seconds` since 1970.
    func call(
        _ name: String,
        source: String,
        at seconds: Int64,
        id: Int,
        error: String? = nil,
        more: String = ""
    ) -> String {
        let code = error.map { #""errorCode":"\#($0)","errorMessage":"refused","# } ?? ""
        return
            #"{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"\#(principal)","accountId":"\#(account)","#
            + #""accessKeyId":"\#(accessKey)","userName":"ann"},"eventTime":"\#(EventTime.text(seconds))","eventSource":"\#(source)","#
            + #""eventName":"\#(name)","awsRegion":"\#(region)","sourceIPAddress":"\#(address)","userAgent":"\#(userAgent)",\#(code)"#
            + #"\#(more)"eventID":"event-\#(account)-\#(id)","recipientAccountId":"\#(account)"}"#
    }

    /// A RunInstances record of `count` instances.
    func launch(_ count: Int, _ type: String, at seconds: Int64, id: Int) -> String {
        let items = (0..<count).map { #"{"instanceId":"i-\#(account)-\#(id)-\#($0)","instanceType":"\#(type)"}"# }
        return call(
            "RunInstances",
            source: "ec2.amazonaws.com",
            at: seconds,
            id: id,
            more: #""responseElements":{"instancesSet":{"items":[\#(items.joined(separator: ","))]}},"#
        )
    }

    /// Ordinary days: a look around every three hours and one small instance a day, ended in the evening.
    func ordinary(days: Int, from start: Int64) -> [String] {
        var texts: [String] = []
        for day in 0..<days {
            let midnight = start + Int64(day) * 86400
            for hour in stride(from: 0, to: 24, by: 3) {
                let seconds = midnight + Int64(hour) * 3600 + 60
                texts.append(call("DescribeInstances", source: "ec2.amazonaws.com", at: seconds, id: day * 100 + hour))
            }
            texts.append(launch(1, "t3.micro", at: midnight + 9 * 3600 + Int64(day) * 300, id: day * 100 + 50))
            let ended =
                #""requestParameters":{"instancesSet":{"items":[{"instanceId":"i-\#(account)-\#(day * 100 + 50)-0"}]}},"#
            texts.append(
                call(
                    "TerminateInstances",
                    source: "ec2.amazonaws.com",
                    at: midnight + 68_400,
                    id: day * 100 + 51,
                    more: ended
                )
            )
        }
        return texts
    }
}
