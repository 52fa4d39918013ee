/// A role to act as, and how.
package struct AssumedRole: Sendable, Hashable {
    /// `arn:PARTITION:iam::ACCOUNT:role/NAME`.
    package let arn: String
    /// What CloudTrail shows beside the role: 2 to 64 of letters, digits and `_+=,.@-`.
    package let sessionName: String
    /// Shared with whoever wrote the role's trust policy; 2 to 1224 characters.
    package let externalId: String?
    /// 900 to 43,200; at most 3,600 where the caller is a role itself.
    package let durationSeconds: Int
    /// A policy that narrows the role's own, as JSON.
    package let policy: String?

    /// Takes the parts as they are; the service refuses what is out of range.
    package init(
        arn: String,
        sessionName: String,
        externalId: String? = nil,
        durationSeconds: Int = 3600,
        policy: String? = nil
    ) {
        self.arn = arn
        self.sessionName = sessionName
        self.externalId = externalId
        self.durationSeconds = durationSeconds
        self.policy = policy
    }

    /// The role of that name in an account of the Region's partition.
    package static func arn(account: String, roleName: String, region: String) -> String {
        "arn:\(Partition(region: region).rawValue):iam::\(account):role/\(roleName)"
    }
}

extension AWSSession {
    /// The same session acting as `role`: assumed with the first call, once for all who wait, renewed before it ends.
    ///
    /// Keep the session for as long as the role is used: a new one assumes the role anew.
    package func assuming(_ role: AssumedRole) -> AWSSession {
        let sts = STS(session: self)
        return with(
            credentials: CredentialsCache(now: clock.now) { deadline in
                do throws(ServiceFailure) {
                    return try await sts.assumeRole(role, deadline: deadline)
                } catch {
                    if error.cause == .cancelled { throw CancellationError() }
                    throw AccessFailure.credentials(source: role.arn, detail: "\(error)")
                }
            }
        )
    }
}
