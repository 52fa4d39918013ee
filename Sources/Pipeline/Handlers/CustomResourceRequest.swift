import AWSAccess

/// A request of a CloudFormation custom resource, which is answered to an address of its own (AWS CloudFormation User Guide, "Custom
/// resource request objects").
struct CustomResourceRequest: Equatable, Sendable {
    let type: String
    let responseURL: String
    let stackId: String
    let requestId: String
    let logicalResourceId: String
    /// Absent where the resource does not exist yet.
    let physicalResourceId: String?
    /// All scalars in it are texts.
    let properties: AWSAccess.JSONValue

    /// Reads a request; nil where the event is none.
    init?(_ json: AWSAccess.JSONValue) {
        guard let type = json["RequestType"]?.string, let url = json["ResponseURL"]?.string else { return nil }
        self.type = type
        responseURL = url
        stackId = json["StackId"]?.string ?? ""
        requestId = json["RequestId"]?.string ?? ""
        logicalResourceId = json["LogicalResourceId"]?.string ?? ""
        physicalResourceId = json["PhysicalResourceId"]?.string
        properties = json["ResourceProperties"] ?? [:]
    }

    /// Bytes of an answer.
    private static let largestAnswer = 4096

    /// The answer's body; the reason is cut so that it fits.
    func answer(isSuccess: Bool, reason: String) -> [UInt8] {
        func body(_ reason: String) -> [UInt8] {
            let answer: AWSAccess.JSONValue = [
                "Status": isSuccess ? "SUCCESS" : "FAILED", "Reason": .string(reason),
                "PhysicalResourceId": .string(physicalResourceId ?? "usage-anomalies-\(logicalResourceId)"),
                "StackId": .string(stackId), "RequestId": .string(requestId),
                "LogicalResourceId": .string(logicalResourceId),
            ]
            return answer.bytes
        }
        let whole = body(reason)
        let excess = whole.count - Self.largestAnswer
        return excess <= 0 ? whole : body(String(reason.prefix(max(1, reason.count - excess))))
    }
}
