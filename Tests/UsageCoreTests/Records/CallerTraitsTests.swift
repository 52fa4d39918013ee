import Testing
import UsageCore

@Suite struct CallerTraitsTests {
    private func isAddress(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { CallerTraits.isAddress($0) }
    }

    private func tool(_ text: String) -> String {
        var text = text
        return text.withUTF8 { String(decoding: CallerTraits.tool($0), as: UTF8.self) }
    }

    @Test(arguments: ["198.51.100.7", "0.0.0.0", "2001:db8::1", "fe80::1", "::1", "::ffff:198.51.100.7"])
    func `addresses are addresses`(text: String) { #expect(isAddress(text)) }

    @Test(arguments: [
        "", "AWS Internal", "autoscaling.amazonaws.com", "ec2-frontend-api.amazonaws.com", "1password.com",
    ])
    func `names of services are none`(text: String) { #expect(!isAddress(text)) }

    @Test func `nothing longer than an address is one`() { #expect(!isAddress(String(repeating: "1", count: 46))) }

    @Test(arguments: [
        ("aws-cli/2.15.0 Python/3.11", "aws-cli"), ("[aws-cli/2.15.0 md/x]", "aws-cli"), ("Boto3/1.34", "Boto3"),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.5.0", "APN"), ("autoscaling.amazonaws.com", "autoscaling.amazonaws.com"),
        ("", ""), ("[", ""), ("   ", ""), ("a,b", "a"), ("[ [x y", "x"),
    ])
    func `a tool is the first product of a user agent`(agent: String, name: String) { #expect(tool(agent) == name) }

    @Test func `a tool's name is bounded`() {
        #expect(tool(String(repeating: "x", count: 500)) == String(repeating: "x", count: 48))
    }

    @Test(arguments: [
        ("APN/1.0 HashiCorp/1.0 Terraform/1.5.0 (+https://www.terraform.io)", "Terraform"),
        ("aws-sdk-go/1 karpenter.sh-v0.32", "Karpenter"), ("Mozilla/5.0 (X11)", "a web browser"),
        ("console.amazonaws.com", "the console"), ("aws-cli/2.15.0", "aws-cli"), ("", ""),
    ])
    func `people read the name they know`(agent: String, name: String) { #expect(CallerTraits.toolName(agent) == name) }

    private func isController(_ text: String) throws -> Bool {
        try #require(ScannedRecord(text)).read { Controller.isCalling($0, $1) }
    }

    @Test func `controllers are told from those who ask for exactly this`() throws {
        #expect(try isController(#"{"userIdentity":{"type":"AWSService","invokedBy":"autoscaling.amazonaws.com"}}"#))
        #expect(try isController(#"{"userAgent":"karpenter.sh-0.32","userIdentity":{"arn":"arn:aws:iam::1:role/k"}}"#))
        #expect(
            try !isController(
                #"{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/ann","invokedBy":"cloudformation.amazonaws.com"}}"#
            )
        )
        #expect(try !isController(#"{"userAgent":"aws-cli/2","userIdentity":{"arn":"arn:aws:iam::1:user/ann"}}"#))
        #expect(try !isController("{}"))
    }

    @Test(arguments: [
        ("MultiAccountLogsFunction", true), ("QBusinessConnectorFunction", true), ("MultiAccountLogsFunction2", false),
        ("i-0123456789", false), ("", false),
    ])
    func `what the solution's own functions do is told by their session`(session: String, isOwn: Bool) throws {
        let scanned = try #require(
            ScannedRecord(#"{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/r/\#(session)"}}"#)
        )
        #expect(scanned.read { OwnActivity.isOwn($0, $1, as: nil) } == isOwn)
        let catalog = try UsageCatalog.builtIn()
        #expect(scanned.read { OwnActivity.isOwn($0, $1, as: catalog["lambda-invoke"]) } == isOwn)
        // None of them ever does these: a session that does only bears the name.
        for usage in ["cloudtrail-stop", "ec2-run-instances", "iam-create-access-key", "sagemaker-create-endpoint"] {
            #expect(
                catalog[usage] != nil && !scanned.read { OwnActivity.isOwn($0, $1, as: catalog[usage]) },
                "\(usage)"
            )
        }
    }

    @Test(arguments: [
        ("g5.48xlarge", "g5", true), ("ml.g5.2xlarge", "ml.g5", true), ("p4d.24xlarge", "p4d", true),
        ("trn1.32xlarge", "trn1", true), ("db.r6g.large", "db.r6g", false), ("t3.micro", "t3", false),
        ("inf2.xlarge", "inf2", true), ("metal", "metal", false), ("", "", false), (".", "", false),
    ])
    func `an instance type has a family`(type: String, family: String, isAccelerated: Bool) {
        #expect(InstanceFamily.of(type) == family)
        #expect(InstanceFamily.isAccelerated(type) == isAccelerated)
    }
}
