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
        if let kind = telltale(eventName, errorCode) { return kind }
        guard errorCode.isEmpty else { return nil }
        let name = String(decoding: eventName, as: UTF8.self)
        if name == "ConsoleLogin" { return .signIn }
        return changes.contains { name.hasPrefix($0) } ? .change : nil
    }

    /// Whether the call is a refusal or a probe; asked of every record.
    @inline(__always)
    static func telltale(
        _ eventName: UnsafeBufferPointer<UInt8>,
        _ errorCode: UnsafeBufferPointer<UInt8>
    ) -> SiblingKind? {
        guard errorCode.isEmpty else {
            if ByteSearch.holds(errorCode, dryRun) { return .probe }
            return refusals.contains { ByteSearch.holds(errorCode, $0) } ? .denied : nil
        }
        // Most names are of another length or begin otherwise.
        guard eventName.count < 64, probeLengths & (1 << UInt64(eventName.count)) != 0 else { return nil }
        return probes.contains { $0.utf8CodeUnitCount == eventName.count && ByteSearch.holds(eventName, $0) }
            ? .probe : nil
    }

    /// What EC2 answers where a call would have succeeded.
    package static let dryRun: StaticString = "DryRunOperation"

    /// Parts of error codes that speak of missing rights or of a limit.
    package static let refusals: [StaticString] = [
        "AccessDenied", "Unauthorized", "LimitExceeded", "OptInRequired", "NotAuthorized", "Forbidden",
    ]

    /// Calls that look around.
    package static let probes: [StaticString] = [
        "GetCallerIdentity", "ListBuckets", "GetServiceQuota", "ListServiceQuotas", "GetAccountAuthorizationDetails",
        "ListUsers", "ListAttachedUserPolicies", "GetSendQuota", "GetAccountSummary", "DescribeRegions",
        "ListFoundationModels", "GetFoundationModelAvailability", "DescribeAccountAttributes", "ListAccessKeys",
        "ListRoles", "ListIdentities", "DescribeOrganization", "GetModelInvocationLoggingConfiguration",
    ]

    /// One bit for each length of a probe's name.
    private static let probeLengths = probes.reduce(UInt64(0)) { $0 | 1 << UInt64($1.utf8CodeUnitCount) }

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
