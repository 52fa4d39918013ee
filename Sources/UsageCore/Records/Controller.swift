/// Programs that start and stop things all day on behalf of a policy: Auto Scaling, fleets, Karpenter, storage drivers.
package enum Controller {
    private static let agents: [StaticString] = [
        "karpenter", "csi-driver", "cluster-autoscaler", "aws-load-balancer-controller",
    ]
    /// Services that act for someone who asked for exactly this: they are no controllers.
    private static let agentsOfOthers = ["cloudformation.amazonaws.com", "servicecatalog.amazonaws.com"]

    /// Whether a controller made the call.
    package static func isCalling(_ fields: RecordFields, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let invokedBy = JSONString.text(fields.identity.invokedBy, in: bytes)
        let principal = String(decoding: Principal.bytes(fields.identity, bytes), as: UTF8.self)
        return isController(
            principal: principal,
            invokedBy: invokedBy,
            userAgent: JSONString.text(fields.userAgent, in: bytes) ?? ""
        )
    }

    /// Whether these traits are a controller's.
    package static func isController(principal: String, invokedBy: String?, userAgent: String) -> Bool {
        if Principal.isService(principal) { return true }
        if let invokedBy, invokedBy.hasSuffix(".amazonaws.com"), !agentsOfOthers.contains(invokedBy) { return true }
        return agents.contains { userAgent.contains(bytesOf: $0) }
    }
}

extension Caller {
    /// Whether a controller made the call.
    package var isController: Bool {
        Controller.isController(principal: principal, invokedBy: invokedBy, userAgent: userAgent)
    }
}
