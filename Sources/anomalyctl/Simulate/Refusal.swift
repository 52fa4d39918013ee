/// Why a call was refused.
struct Refusal: Sendable {
    let code: String
    let message: String

    static func denied(_ principal: String, _ action: String) -> Refusal {
        Refusal(
            code: "AccessDenied",
            message:
                "User: \(principal) is not authorized to perform: \(action) because no identity-based policy allows the "
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
            message:
                "You have requested more vCPU capacity than your current vCPU limit of \(limit) allows for the instance "
                + "bucket that the specified instance type belongs to."
        )
    }
}
