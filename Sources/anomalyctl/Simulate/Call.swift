/// An API call as its record names it.
struct Call: Sendable {
    /// The event source without `.amazonaws.com`.
    let service: String
    let name: String
    let readOnly: Bool
    var eventType = "AwsApiCall"
    var data = false
    /// Recorded in us-east-1 and answered by an endpoint without a Region.
    let global: Bool

    init(_ service: String, _ name: String, readOnly: Bool = false, eventType: String = "AwsApiCall", data: Bool = false) {
        self.service = service
        self.name = name
        self.readOnly = readOnly
        self.eventType = eventType
        self.data = data
        global = service == "iam" || service == "signin" || service == "organizations"
    }

    static func read(_ service: String, _ name: String) -> Call {
        Call(service, name, readOnly: true)
    }
}

/// Why a call was refused.
struct Refusal: Sendable {
    let code: String
    let message: String

    static func denied(_ principal: String, _ action: String) -> Refusal {
        Refusal(
            code: "AccessDenied",
            message: "User: \(principal) is not authorized to perform: \(action) because no identity-based policy allows the "
                + "\(action) action"
        )
    }

    static let unauthorizedInstance = Refusal(
        code: "Client.UnauthorizedOperation",
        message: "You are not authorized to perform this operation."
    )
    static let dryRun = Refusal(
        code: "Client.DryRunOperation",
        message: "Request would have succeeded, but DryRun flag is set."
    )
    static let capacity = Refusal(
        code: "Server.InsufficientInstanceCapacity",
        message: "We currently do not have sufficient capacity in the Availability Zone you requested."
    )
    static func cpuLimit(_ limit: Int) -> Refusal {
        Refusal(
            code: "Client.VcpuLimitExceeded",
            message: "You have requested more vCPU capacity than your current vCPU limit of \(limit) allows for the instance "
                + "bucket that the specified instance type belongs to."
        )
    }
}
