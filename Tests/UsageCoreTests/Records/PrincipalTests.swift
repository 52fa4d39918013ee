import Testing
import UsageCore

@Suite struct PrincipalTests {
    /// The shapes of `userIdentity` (AWS CloudTrail User Guide, "CloudTrail userIdentity element") and who stands behind each.
    @Test(
        arguments: [
            (
                #"{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ann","userName":"ann"}"#,
                "arn:aws:iam::111122223333:user/ann"
            ),
            (
                #"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/run-17","sessionContext":"#
                    + #"{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/ci/deploy"}}}"#,
                "arn:aws:iam::111122223333:role/ci/deploy"
            ),
            (
                #"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/run-17"}"#,
                "arn:aws:sts::111122223333:assumed-role/deploy"
            ),
            (
                #"{"type":"AssumedRole","arn":"arn:aws-us-gov:sts::111122223333:assumed-role/deploy/run-17"}"#,
                "arn:aws-us-gov:sts::111122223333:assumed-role/deploy"
            ),
            (
                #"{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1a2b/ann@example.com","#
                    + #""sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1a2b"}}}"#,
                "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1a2b"
            ),
            (
                #"{"type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}"#,
                "arn:aws:iam::111122223333:root"
            ),
            (#"{"type":"AWSService","invokedBy":"autoscaling.amazonaws.com"}"#, "autoscaling.amazonaws.com"),
            (
                #"{"type":"FederatedUser","arn":"arn:aws:sts::111122223333:federated-user/bob","sessionContext":"#
                    + #"{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/broker"}}}"#,
                "arn:aws:iam::111122223333:user/broker"
            ),
            (
                #"{"type":"WebIdentityUser","principalId":"accounts.google.com:x:y","userName":"y","identityProvider":"g"}"#,
                "y"
            ),
            (#"{"type":"SAMLUser","principalId":"SAMLPROVIDER:ann"}"#, "SAMLPROVIDER:ann"),
            (#"{"type":"AWSAccount","principalId":"AIDAEXAMPLE:x","accountId":"444455556666"}"#, "AIDAEXAMPLE:x"),
            (#"{"type":"AWSAccount","accountId":"444455556666"}"#, "444455556666"),
            (#"{"sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{}},"userName":"u"}"#, "u"),
            ("{}", ""), ("null", ""), ("17", ""),
        ]
    )
    func `a session is told by who is behind it`(identity: String, principal: String) throws {
        #expect(try #require(ScannedRecord(#"{"userIdentity":\#(identity)}"#)).principal == principal)
    }

    @Test(arguments: [
        ("autoscaling.amazonaws.com", true),
        (
            "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
            true
        ),
        ("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKS", true),
        ("arn:aws:iam::111122223333:role/deploy", false), ("arn:aws:iam::111122223333:root", false), ("", false),
    ])
    func `services and their roles are told from people and pipelines`(principal: String, isService: Bool) {
        #expect(Principal.isService(principal) == isService)
    }

    @Test(
        arguments: [
            ("arn:aws:iam::111122223333:role/ci/deploy", "role deploy", "deploy"),
            ("arn:aws-cn:iam::111122223333:role/deploy", "role deploy", "deploy"),
            ("arn:aws:sts::111122223333:assumed-role/deploy", "role deploy", "deploy"),
            ("arn:aws:iam::111122223333:user/team/ann", "user ann", nil),
            ("arn:aws:iam::111122223333:root", "the root user", nil),
            ("arn:aws:sts::111122223333:federated-user/bob", "federated-user bob", nil),
            ("arn:aws:iam::111122223333:role/OrganizationAccountAccessRole", "role OrganizationAccountAccessRole", nil),
            (
                "arn:aws:iam::111122223333:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
                "role AWSServiceRoleForEC2Spot", nil
            ),
            (
                "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_1",
                "role AWSReservedSSO_Admin_1", nil
            ),
            ("arn:aws:iam::111122223333:role/", "role ", nil), ("", "", nil), ("arn:", "arn:", nil),
        ] as [(String, String, String?)]
    )
    func `a principal has a name for sentences, and a role one across accounts`(
        arn: String,
        spoken: String,
        shared: String?
    ) {
        #expect(Principal.spoken(arn) == spoken)
        #expect(Principal.sharedRoleName(arn) == shared)
    }
}
