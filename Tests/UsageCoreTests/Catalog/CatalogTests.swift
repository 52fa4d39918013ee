import Testing
import UsageCore

@Suite struct CatalogTests {
    @Test func `the built-in catalog is in order and watches what it must`() throws {
        let catalog = try UsageCatalog.builtIn()
        for name in [
            "ec2-run-instances", "ebs-create-volume", "lambda-invoke", "ecs-run-task", "ec2-create-fleet",
            "ec2-request-spot-instances",
            "rds-create-db-instance", "ec2-create-nat-gateway", "sagemaker-create-training-job",
            "sagemaker-create-endpoint",
            "bedrock-invoke-model", "create-cluster", "ec2-allocate-address", "iam-create-user",
            "iam-create-access-key",
            "quota-probe", "ec2-dry-run", "cloudtrail-stop", "cloudtrail-change", "cloudtrail-refused",
        ] {
            #expect(catalog[name] != nil, "\(name)")
        }
        #expect(DetectorBodies.all(catalog).count <= DetectorBodies.limit)
        for detector in DetectorBodies.all(catalog) {
            #expect(throws: Never.self) { try JSONValue.parse(Array(detector.json.utf8)) }
        }
        let template = try JSONValue.parse(Array(IndexTemplate.json(catalog).utf8))
        #expect(template["template"]?["mappings"]?["dynamic"]?.bool == false)
    }

    @Test(arguments: [
        (
            #""interval": "10m""#, #""interval": "7x""#,
            #"detector.interval: "7x" is no interval; allowed: 1m to 24h, as in 10m"#
        ),
        (
            #""outcome": "success""#, #""outcome": "maybe""#,
            #"outcome: "maybe" is not known; allowed: success, failure, any"#
        ),
        (
            #""model": "ec2-instances""#, #""model": "free""#,
            #"cost.model: "free" is not known; allowed: ec2-instances, ebs-volumes, lambda-requests, none"#
        ),
        (#""take": "count""#, #""take": "most""#, "quantity.from[0].take: allowed: count, sum"),
        (#""volume": "low""#, #""volumes": "low""#, "volumes: is not known; allowed: name, title"),
        (
            #""name": "ec2-run-instances""#, #""name": "EC2 Run""#,
            #"name: "EC2 Run" has other characters than lower-case letters"#
        ),
        (#""version": 1"#, #""version": 2"#, "version: must be 1"),
    ])
    func `a violation is told with its path and what is allowed`(right: String, wrong: String, said: String) throws {
        let text = String(decoding: UsageCatalog.builtInJSON, as: UTF8.self)
        let range = try #require(text.firstRange(of: right))
        let changed = text.replacingCharacters(in: range, with: wrong)
        let failure = try #require(throws: CatalogFailure.self) { try UsageCatalog(json: Array(changed.utf8)) }
        #expect(failure.problems.contains { $0.contains(said) }, "\(failure)")
        #expect(failure.problems.allSatisfy { !$0.contains("\n") })
    }

    private func values(_ path: String, _ record: String) throws -> [String] {
        let path = try #require(ValuePath(path))
        let bytes = Array(record.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            var fields = RecordFields()
            guard fields.scan(&scanner) else { return [] }
            var found: [String] = []
            path.eachValue(fields, buffer) { found.append(JSONString.text($0, in: buffer) ?? "") }
            return found
        }
    }

    @Test func `a path walks objects, arrays and tags`() throws {
        let record =
            #"{"requestParameters":{"a":{"items":[{"b":1},{"b":"2"},{"c":3}]},"tags":[{"key":"x.y","value":"z"}],"n":null},"resources":[{"ARN":"r"}]}"#
        #expect(try values("requestParameters.a.items.b", record) == ["1", "2"])
        #expect(try values("requestParameters.tags[x.y]", record) == ["z"])
        #expect(try values("requestParameters.n", record) == [])
        #expect(try values("requestParameters.a", record) == [])
        #expect(try values("resources.ARN", record) == ["r"])
        #expect(ValuePath("userIdentity.arn") == nil)
        #expect(ValuePath("requestParameters..a") == nil)
    }

    private func usage(_ record: String) throws -> String? {
        let catalog = try UsageCatalog.builtIn()
        let matcher = UsageMatcher(catalog)
        return Array(record.utf8).withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            var fields = RecordFields()
            guard fields.scan(&scanner) else { return nil }
            return matcher.usage(fields, buffer).map { catalog.usages[$0].name }
        }
    }

    @Test(
        arguments: [
            (#"{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances"}"#, "ec2-run-instances"),
            (
                #"{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","errorCode":"Client.DryRunOperation"}"#,
                "ec2-dry-run"
            ),
            (
                #"{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","errorCode":"Client.InvalidParameterValue"}"#,
                nil
            ),
            (#"{"eventSource":"other.amazonaws.com","eventName":"RunInstances"}"#, nil),
            (#"{"eventSource":"lambda.amazonaws.com","eventName":"Invoke","errorCode":"x"}"#, "lambda-invoke"),
            (#"{"eventSource":"bedrock.amazonaws.com","eventName":"Converse"}"#, "bedrock-invoke-model"),
            (#"{"eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances"}"#, nil),
        ] as [(String, String?)]
    )
    func `a record counts as the usage of its source, name and outcome`(record: String, name: String?) throws {
        #expect(try usage(record) == name)
    }

    @Test(arguments: [
        ("[1]", "no list named accounts"), (#"{"accounts":[{"id":"12"}]}"#, #"accounts[0].id: "12" is no account id"#),
        (#"{"accounts":[{"id":"111122223333"},{"id":"111122223333"}]}"#, "account 111122223333 stands twice"),
        ("{", "the JSON ends in the middle"),
    ])
    func `a list of accounts that cannot be used is told in one line`(text: String, said: String) throws {
        let failure = try #require(throws: AccountDirectoryFailure.self) {
            try AccountDirectory(json: Array(text.utf8))
        }
        #expect("\(failure)".contains(said))
        #expect(!"\(failure)".contains("\n"))
    }

    @Test(
        arguments: [
            ("arn:aws:iam::111122223333:role/ci/deploy", "role deploy", "deploy"),
            ("arn:aws:iam::111122223333:user/ann", "user ann", nil),
            ("arn:aws:sts::111122223333:assumed-role/deploy", "role deploy", "deploy"),
            ("autoscaling.amazonaws.com", "autoscaling.amazonaws.com", nil),
            ("arn:aws:iam::111122223333:root", "the root user", nil),
            (
                "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1",
                "role AWSReservedSSO_Admin_1", nil
            ),
        ] as [(String, String, String?)]
    )
    func `principals have a name for sentences and one across accounts`(arn: String, spoken: String, shared: String?) {
        #expect(Principal.spoken(arn) == spoken)
        #expect(Principal.sharedRoleName(arn) == shared)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
