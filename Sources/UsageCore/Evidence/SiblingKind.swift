/// Calls around an anomaly that say something about its cause.
package enum SiblingKind: String, CaseIterable, Sendable {
    /// Refused for lack of rights.
    case denied
    /// Looking around: who am I, what is here, what are the limits, would it work.
    case probe
    /// A change that may have set it off: a deployment, a scaling policy, a stack.
    case change
    /// A person signed in.
    case signIn

    /// What the call is, if it is any of these.
    static func of(_ eventName: UnsafeBufferPointer<UInt8>, _ errorCode: UnsafeBufferPointer<UInt8>) -> SiblingKind? {
        if !errorCode.isEmpty {
            let code = String(decoding: errorCode, as: UTF8.self)
            if code.contains(bytesOf: dryRun) { return .probe }
            return refusals.contains { code.contains(bytesOf: $0) } ? .denied : nil
        }
        let name = String(decoding: eventName, as: UTF8.self)
        if probes.contains(name) { return .probe }
        if name == "ConsoleLogin" { return .signIn }
        return changes.contains { name.hasPrefix($0) } ? .change : nil
    }

    /// What EC2 answers where a call would have succeeded.
    package static let dryRun: StaticString = "DryRunOperation"

    /// Parts of error codes that speak of missing rights or of a limit.
    package static let refusals: [StaticString] = [
        "AccessDenied", "Unauthorized", "LimitExceeded", "OptInRequired", "NotAuthorized", "Forbidden",
    ]

    /// Calls that look around.
    package static let probes: Set<String> = [
        "GetCallerIdentity", "ListBuckets", "GetServiceQuota", "ListServiceQuotas", "GetAccountAuthorizationDetails",
        "ListUsers", "ListAttachedUserPolicies", "GetSendQuota", "GetAccountSummary", "DescribeRegions",
        "ListFoundationModels", "GetFoundationModelAvailability", "DescribeAccountAttributes", "ListAccessKeys",
    ]

    /// How the names of changes begin.
    package static let changes = [
        "CreateStack", "UpdateStack", "ExecuteChangeSet", "CreateDeployment", "StartPipelineExecution",
        "UpdateFunctionCode",
        "UpdateFunctionConfiguration", "CreateEventSourceMapping", "UpdateEventSourceMapping", "AddPermission",
        "PutBucketNotification", "PutScalingPolicy", "UpdateAutoScalingGroup", "SetDesiredCapacity", "PutRule",
        "CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "UpdateNodegroup", "UpdateService",
        "RegisterTaskDefinition",
        "ModifyVolume", "PutFunctionConcurrency", "UpdateCluster", "AssumeRoleWithWebIdentity", "StartInstanceRefresh",
    ]
}
