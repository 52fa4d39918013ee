/// Who called, under the name that stays the same between sessions.
package enum Principal {
    /// Where the principal's name stands: the issuer of a session before the session itself.
    ///
    /// AWS CloudTrail User Guide, "CloudTrail userIdentity element": `sessionIssuer` names the role behind temporary credentials.
    @inline(__always)
    package static func range(_ identity: RecordFields.Identity) -> ByteRange {
        if !identity.issuerArn.isEmpty { return identity.issuerArn }
        if !identity.arn.isEmpty { return identity.arn }
        if !identity.invokedBy.isEmpty { return identity.invokedBy }
        if !identity.userName.isEmpty { return identity.userName }
        return identity.principalId.isEmpty ? identity.accountId : identity.principalId
    }

    /// The bytes of that name; the session is cut off an assumed role's own ARN.
    @inline(__always)
    package static func bytes(
        _ identity: RecordFields.Identity,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        let name = RecordFields.raw(range(identity), bytes)
        guard identity.issuerArn.isEmpty, isAssumedRole(name), let slash = name.lastIndex(of: UInt8(ascii: "/")) else {
            return name
        }
        return UnsafeBufferPointer(rebasing: name[..<slash])
    }

    /// Whether `arn` is `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    @inline(__always)
    private static func isAssumedRole(_ arn: UnsafeBufferPointer<UInt8>) -> Bool {
        // Cheap first: "arn:" and two slashes; ARNs of users have one or name no session.
        guard arn.count > 30, arn[0] == UInt8(ascii: "a"), arn[3] == UInt8(ascii: ":") else { return false }
        return ByteSearch.holds(arn, ":assumed-role/")
    }

    /// The name of a role or user without its account, or nil for what has none of its own across accounts: `ci-deploy`
    /// of `arn:aws:iam::111122223333:role/ci/ci-deploy`.
    ///
    /// Service-linked roles and the roles of Identity Center are in every account, so a shared name says nothing there.
    package static func sharedRoleName(_ principal: String) -> String? {
        guard let mark = principal.firstRange(of: ":role/") ?? principal.firstRange(of: ":assumed-role/") else {
            return nil
        }
        let path = principal[mark.upperBound...]
        guard !path.hasPrefix("aws-service-role/"), !path.hasPrefix("aws-reserved/") else { return nil }
        let name = String(path.split(separator: "/").last ?? "")
        let everywhere = [
            "AWSServiceRole", "AWSReservedSSO_", "OrganizationAccountAccessRole", "AWSControlTowerExecution",
        ]
        return name.isEmpty || everywhere.contains { name.hasPrefix($0) } ? nil : name
    }

    /// Whether `principal` is AWS itself or a service-linked role.
    package static func isService(_ principal: String) -> Bool {
        principal.hasSuffix(".amazonaws.com") || principal.contains(bytesOf: "/aws-service-role/")
            || principal.contains(bytesOf: "/AWSServiceRoleFor")
    }

    /// The short name for sentences: `role ci-deploy`, `user ann`, `autoscaling.amazonaws.com`.
    package static func spoken(_ principal: String) -> String {
        if principal.hasSuffix(":root") { return "the root user" }
        guard principal.hasPrefix("arn:"), let slash = principal.firstIndex(of: "/") else { return principal }
        let kind = principal[..<slash].split(separator: ":").last.map(String.init) ?? ""
        let name = principal[principal.index(after: slash)...].split(separator: "/").last.map(String.init) ?? ""
        return (kind == "assumed-role" ? "role" : kind) + " " + name
    }
}
